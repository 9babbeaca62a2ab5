/**
 * Damaged, missing and foreign files in a data directory: the server says which file it is and what to do, the doctor finds it without a
 * server, and what the doctor repairs is what it announced.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import {
  createStream,
  MAIN,
  putText,
  readTexts,
  startServer,
  temporaryDirectory,
} from '../server/server-process.ts';

const run = promisify(execFile);
const FLAGS = ['--limits', 'none', '--state-duration-ms', '0'];
/** Enough to fill the first journal file, so that there are segments too. */
const RECORDS = 16;
const RECORD_BYTES = 300_000;

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let sound: string;
const texts = Array.from({ length: RECORDS }, (_, at) => `${at} ${'x'.repeat(RECORD_BYTES)}`);

before(async () => {
  directory = await temporaryDirectory();
  sound = path.join(directory.path, 'sound');
  const server = await startServer(sound, FLAGS);
  await createStream(server.client, 'orders');
  for (const text of texts) await putText(server.client, 'orders', text);
  assert.equal(await server.stop('SIGTERM'), 0);
});
after(() => directory[Symbol.asyncDispose]());

async function copyOfSound(name: string): Promise<string> {
  const copy = path.join(directory.path, name);
  await cp(sound, copy, { recursive: true });
  return copy;
}

async function millrace(...args: string[]): Promise<{ readonly status: number; readonly said: string }> {
  try {
    const { stdout, stderr } = await run(process.execPath, [MAIN, ...args]);
    return { status: 0, said: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, said: stdout + stderr };
  }
}

async function namesIn(data: string, begin: string): Promise<readonly string[]> {
  return (await readdir(path.join(data, 'log')))
    .filter((name) => name.startsWith(begin))
    .map((name) => path.join('log', name));
}

async function overwrite(file: string, at: number, bytes: Uint8Array): Promise<void> {
  const content = await readFile(file);
  content.set(bytes, at);
  await writeFile(file, content);
}

/** A file of the journal that holds commits. */
async function journalWithFrames(data: string): Promise<string> {
  for (const name of (await namesIn(data, 'journal-')).toReversed()) {
    if ((await readFile(path.join(data, name))).includes('MRFRAME2')) return name;
  }
  throw new Error('no journal file has frames');
}

type Damage = {
  readonly what: string;
  /** Returns the file that must be named. */
  readonly plant: (data: string) => Promise<string>;
  readonly remedy: RegExp;
  /** What the doctor can do about it. */
  readonly repairs: boolean;
};

const DAMAGES: readonly Damage[] = [
  {
    what: 'a manifest with a flipped bit',
    async plant(data) {
      await overwrite(path.join(data, 'log/manifest'), 60, Buffer.from([0xff, 0xff]));
      return 'log/manifest';
    },
    remedy: /[Rr]estore a backup/,
    repairs: false,
  },
  {
    what: 'a manifest that is gone',
    async plant(data) {
      await rm(path.join(data, 'log/manifest'));
      return 'log/manifest';
    },
    remedy: /[Rr]estore a backup/,
    repairs: false,
  },
  {
    what: 'a segment that is gone',
    async plant(data) {
      const [name] = await namesIn(data, 'segment-');
      await rm(path.join(data, name!));
      return name!;
    },
    remedy: /millrace doctor --repair/,
    repairs: true,
  },
  {
    what: 'a journal file of another program',
    async plant(data) {
      const name = await journalWithFrames(data);
      await writeFile(path.join(data, name), 'not a journal at all');
      return 'log';
    },
    remedy: /millrace doctor --repair/,
    repairs: true,
  },
  {
    what: 'a catalog of another program',
    async plant(data) {
      await writeFile(path.join(data, 'catalog.sqlite'), 'PK\u0003\u0004 a zip file, say');
      return 'catalog.sqlite';
    },
    remedy: /is not a catalog.*restore it from a backup/s,
    repairs: false,
  },
  {
    what: 'a damaged catalog',
    async plant(data) {
      await overwrite(path.join(data, 'catalog.sqlite'), 8192, Buffer.alloc(8192, 7));
      return 'catalog.sqlite';
    },
    remedy: /restore the catalog from a backup/,
    repairs: false,
  },
  {
    what: 'a catalog cut to nothing',
    async plant(data) {
      await truncate(path.join(data, 'catalog.sqlite'), 0);
      return 'catalog.sqlite';
    },
    remedy: /Restore the backup again/,
    repairs: false,
  },
  {
    what: 'a master key that is gone',
    async plant(data) {
      await rm(path.join(data, 'master.key'));
      return 'master.key';
    },
    remedy: /Put the file back/,
    repairs: false,
  },
  {
    what: 'another master key',
    async plant(data) {
      await writeFile(path.join(data, 'master.key'), `${'ab'.repeat(32)}\n`);
      return 'master.key';
    },
    remedy: /--master-key|right key|backup/,
    repairs: false,
  },
  {
    what: 'a foreign lock file',
    async plant(data) {
      await writeFile(path.join(data, 'millrace.lock'), 'x'.repeat(5000));
      return 'millrace.lock';
    },
    remedy: /remove it/,
    repairs: false,
  },
];

for (const { what, plant, remedy, repairs } of DAMAGES) {
  test(`${what} is refused by name, and the doctor says what can be done`, async (t) => {
    const data = await copyOfSound(what.replaceAll(' ', '-'));
    const file = await plant(data);
    const refusal: string = await startServer(data, FLAGS).then(
      () => 'it started',
      (error: Error) => error.message,
    );
    assert.ok(refusal.includes(data) && refusal.includes(path.basename(file)), refusal);
    assert.match(refusal, remedy);
    assert.doesNotMatch(refusal, /^\s+at /m, 'no stack');
    if (repairs) await repaired(t, data, file);
    await rm(data, { recursive: true });
  });
}

async function repaired(t: TestContext, data: string, file: string): Promise<void> {
  const looked = await millrace('doctor', '--data', data, '--port', '0');
  assert.equal(looked.status, 1);
  assert.ok(looked.said.includes(path.join(data, file)), looked.said);
  const before = await sizes(data);
  const announced = await millrace('doctor', '--repair', '--data', data);
  assert.deepEqual([announced.status, /Nothing was changed/.test(announced.said)], [1, true], announced.said);
  assert.deepEqual(await sizes(data), before);
  assert.match(announced.said, /Repair: .*Lost: /);
  const done = await millrace('doctor', '--repair', '--yes', '--data', data);
  assert.equal(done.status, 0, done.said);
  const server = await startServer(data, FLAGS);
  t.after(() => server.stop('SIGKILL'));
  const kept = await readTexts(server.client, 'orders');
  assert.ok(kept.length < texts.length && kept.every((text) => texts.includes(text)), `${kept.length} kept`);
  await putText(server.client, 'orders', 'after');
  assert.equal((await readTexts(server.client, 'orders')).at(-1), 'after');
  assert.equal(await server.stop('SIGTERM'), 0);
}

async function sizes(data: string): Promise<object> {
  const names = await readdir(path.join(data, 'log'));
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, (await stat(path.join(data, 'log', name))).mtimeMs])),
  );
}

test('a segment that is damaged while the server runs hides its records and nothing else', async (t) => {
  const data = await copyOfSound('running');
  const [name] = await namesIn(data, 'segment-');
  assert.ok(name !== undefined);
  await overwrite(path.join(data, name), 2000, Buffer.alloc(100, 1));
  const server = await startServer(data, FLAGS);
  t.after(() => server.stop('SIGKILL'));
  let said = '';
  server.child.stdout!.on('data', (chunk) => (said += String(chunk)));
  await createStream(server.client, 'other');
  await putText(server.client, 'other', 'fine');
  assert.deepEqual(await readTexts(server.client, 'other'), ['fine']);
  await assert.rejects(readTexts(server.client, 'orders'), { code: 'InternalFailureException' });
  await putText(server.client, 'orders', 'still taken');
  assert.ok(said.includes(`${path.join(data, name)} is damaged`), said);
  assert.equal(await server.stop('SIGTERM'), 0);
  const looked = await millrace('doctor', '--data', data, '--port', '0');
  assert.ok(looked.said.includes(path.join(data, name)), looked.said);
});
