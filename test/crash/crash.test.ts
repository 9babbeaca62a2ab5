/** A sample of `npm run test:crash`, and that its checks find what they look for. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { createSimulatedDice } from '../../src/host/simulated/dice.ts';
import { runApplicationCrash } from './applications.ts';
import { runDeliveryCrash } from './deliveries.ts';
import { CrashRun } from './run.ts';

/** Quick ones. RANDOM is no place: such a life ends when its load has lasted long enough. */
const RANDOM = 'random';
const SAMPLE = [
  RANDOM,
  'manifest.replace.renamed',
  'journal.sync.before',
  RANDOM,
  'catalog.complete-pending.before',
  'journal.frame.torn',
  'log.append.after',
  'manifest.replace.torn',
];

async function temporaryDirectory(): Promise<{ readonly path: string } & AsyncDisposable> {
  const directory = await mkdtemp(path.join(tmpdir(), 'millrace-crash-test-'));
  return { path: directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}

test('a server that is killed anywhere keeps what it acknowledged', async () => {
  await using directory = await temporaryDirectory();
  const run = new CrashRun({
    kills: SAMPLE.length,
    dice: createSimulatedDice(1),
    directory: directory.path,
    places: SAMPLE,
    loadMsMax: 200,
  });
  const { kills, checked, records, unlisted } = await run.run();
  assert.deepEqual(unlisted, []);
  // Where a life gets to is not the same on every machine.
  const killed = [...kills.keys()].filter((place) => place !== RANDOM);
  assert.ok(killed.length >= 3, `killed only at ${killed.join(', ')}`);
  assert.ok(checked.restarts >= 2 && checked.records > 0, JSON.stringify(checked));
  assert.ok(records.acknowledged > 0 && records.unanswered > 0, JSON.stringify(records));
});

test('a server that comes back with older data is found out', async () => {
  await using directory = await temporaryDirectory();
  const data = path.join(directory.path, 'data');
  const older = path.join(directory.path, 'older');
  let kills = 0;
  const run = new CrashRun({
    kills: 2,
    dice: createSimulatedDice(2),
    directory: directory.path,
    places: [RANDOM],
    loadMsMax: 300,
    onKill: async () => {
      kills++;
      if (kills === 1) await cp(data, older, { recursive: true });
      if (kills < 2) return;
      await rm(data, { recursive: true });
      await cp(older, data, { recursive: true });
    },
  });
  await assert.rejects(run.run(), {
    name: 'Fault',
    message: /has lost|against what was acknowledged|can only be|nobody wrote/,
  });
});

test('what is delivered is delivered once, wherever the server is killed', async () => {
  await using directory = await temporaryDirectory();
  const { kills, acknowledged, objects } = await runDeliveryCrash({
    kills: 6,
    dice: createSimulatedDice(3),
    directory: directory.path,
    places: [
      'catalog.grouped-transactions.before',
      'object.rename.after',
      'catalog.grouped-transactions.after',
      'object-aside.write.torn',
      'log.trim.before',
      'object.rename.before',
    ],
  });
  assert.ok(kills.size >= 3, `killed only at ${[...kills.keys()].join(', ')}`);
  assert.ok(acknowledged > 100 && objects > 1, `${acknowledged} records in ${objects} objects`);
});

test('an application gives the rows that it would have given, wherever the server is killed', async () => {
  await using directory = await temporaryDirectory();
  const { acknowledged, differentRows } = await runApplicationCrash({
    kills: 4,
    dice: createSimulatedDice(4),
    directory: directory.path,
    places: [RANDOM, 'log.append.after', 'journal.frame.torn', 'log.append.before'],
    loadMsMax: 1200,
  });
  assert.ok(
    acknowledged > 50 && differentRows >= acknowledged,
    `${acknowledged} records, ${differentRows} rows`,
  );
});
