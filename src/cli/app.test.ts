import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openCliServer } from './cli.testing.ts';

type Server = Awaited<ReturnType<typeof openCliServer>>;

const SQL = `
  CREATE STREAM "OUT" (name VARCHAR(16), twice BIGINT);
  CREATE PUMP p AS INSERT INTO "OUT" SELECT STREAM "name", "n" * 2 FROM "SOURCE_SQL_STREAM_001";`;

let server: Server;
let directory: string;
let file: string;
before(async () => {
  server = await openCliServer(['--limits', 'none']);
  directory = await mkdtemp(path.join(tmpdir(), 'millrace-app-'));
  file = path.join(directory, 'app.sql');
  await writeFile(file, SQL);
  await server.run(['stream', 'create', 'clicks']);
  await server.run(['stream', 'create', 'results']);
  await server.run(['stream', 'put', 'clicks'], '{"name":"a","n":1}\n{"name":"b","n":2}\n');
});
after(async () => {
  await server[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

test('an application lives from create to delete', async () => {
  const discovered = await server.run(['app', 'discover', '--stream', 'clicks']);
  assert.match(discovered.output, /^name +VARCHAR\(4\) +\$\.name$/m, discovered.errors);
  assert.match(discovered.output, /^n +INTEGER +\$\.n$/m);
  const flags = ['--stream', 'clicks', '--output', 'OUT=stream:results', '--start', '--from', 'trim-horizon'];
  const created = await server.run(['app', 'create', 'twice', file, ...flags]);
  assert.deepEqual([created.status, created.errors], [0, 'Created twice.\ntwice runs.\n']);
  const rows = await server.run(['stream', 'tail', 'results', '--from', 'trim-horizon', '-n', '2']);
  assert.deepEqual(rows.output.split('\n'), ['{"NAME":"a","TWICE":2}', '{"NAME":"b","TWICE":4}', '']);

  const watching = server.begin(['app', 'tail', 'twice', 'OUT', '-n', '1', '--json']);
  const putting = setInterval(() => {
    void server.run(['stream', 'put', 'clicks', '--data', '{"name":"c","n":21}']);
  }, 100);
  const seen = await watching.finished.finally(() => clearInterval(putting));
  assert.match(seen.output, /^\{"stream":"OUT","ROWTIME":".+","NAME":"c","TWICE":42\}\n$/);

  const described = await server.run(['app', 'describe', 'twice']);
  assert.match(described.output, /^Status +RUNNING$/m);
  assert.match(described.output, /^State +empty: it was started at TRIM_HORIZON$/m);
  assert.match(described.output, /^Records in +\d+$/m);
  assert.match(described.output, /^1\.1 +OUT +arn:aws:kinesis:.*results +JSON$/m);
  assert.equal((await server.run(['app', 'describe', 'twice', '--code'])).output, `${SQL}\n`);
  assert.match((await server.run(['app', 'list'])).output, /^twice +RUNNING +1 +SQL-1_0$/m);

  assert.equal((await server.run(['app', 'stop', 'twice'])).errors, 'Stopped twice.\n');
  const idle = await server.run(['app', 'tail', 'twice']);
  assert.equal(idle.status, 1);
  assert.match(idle.errors, /does not run/);
  assert.equal((await server.run(['app', 'start', 'twice'])).errors, 'twice runs.\n');
  assert.match((await server.run(['app', 'describe', 'twice'])).output, /^State +restored$/m);
  assert.equal((await server.run(['app', 'delete', 'twice'])).errors, 'Deleted twice.\n');
  assert.match((await server.run(['app', 'list'])).errors, /^No applications/);
});

test('what cannot be created is said', async () => {
  const none = await server.run(['app', 'create', 'x', file]);
  assert.equal(none.status, 2);
  assert.match(none.errors, /Say what to read/);
  const output = await server.run([
    'app',
    'create',
    'x',
    file,
    '--stream',
    'clicks',
    '--output',
    'OUT=queue:q',
  ]);
  assert.equal(output.status, 2);
  assert.match(output.errors, /--output must be/);
  await writeFile(path.join(directory, 'wrong.sql'), 'CREATE STREAM x (a INTEGR);');
  const wrong = await server.run([
    'app',
    'create',
    'x',
    path.join(directory, 'wrong.sql'),
    '--stream',
    'clicks',
  ]);
  assert.equal(wrong.status, 1);
  assert.match(wrong.errors, /From line 1, column \d+/);
  assert.equal((await server.run(['app', 'start', 'x', '--from', 'there'])).status, 2);
});
