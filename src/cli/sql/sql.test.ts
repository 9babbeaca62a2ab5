import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { after, test } from 'node:test';
import { runCli, type Ran } from '../cli.testing.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'millrace-sql-'));
after(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(content: string, name = `file-${files++}`): string {
  const at = path.join(folder, name);
  writeFileSync(at, content);
  return at;
}

const run = (args: readonly string[], input?: string): Promise<Ran> =>
  runCli(['sql', ...args], { input, environment: {} }).finished;
const objects = ({ output }: Ran): unknown[] =>
  output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
const lines = (...rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

const PASS = 'SELECT STREAM "k", "v" FROM "SOURCE_SQL_STREAM_001" WHERE "v" > 1';
const MINUTES = `
  CREATE OR REPLACE STREAM "OUT" ("k" VARCHAR(8), total BIGINT);
  CREATE OR REPLACE PUMP "P" AS INSERT INTO "OUT"
    SELECT STREAM "k", SUM("v") FROM "SOURCE_SQL_STREAM_001" AS s
    GROUP BY "k", STEP(s.ROWTIME BY INTERVAL '1' MINUTE);`;
const at = (time: string): string => `2026-01-01T00:${time}Z`;

test('rows from a pipe, as text and as JSON', async () => {
  const app = file(PASS);
  const rows = lines({ k: 'a', v: 1 }, { k: 'b', v: 2 }, { k: 'c', v: 3 });
  const asText = await run([app], rows);
  assert.equal(asText.status, 0, asText.errors);
  assert.match(asText.output, /^ROWTIME +k +v\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}  b +2\n/);
  const asJson = objects(await run([app, '--json'], rows));
  assert.deepEqual(
    asJson.map((row) => ({ ...(row as object), ROWTIME: '' })),
    [
      { stream: 'SELECT', ROWTIME: '', k: 'b', v: 2 },
      { stream: 'SELECT', ROWTIME: '', k: 'c', v: 3 },
    ],
  );
});

test('a column is the time, and the end of the input closes the windows', async () => {
  const rows = lines(
    { k: 'a', v: 1, t: at('00:10') },
    { k: 'a', v: 2, t: at('00:50') },
    { k: 'a', v: 4, t: at('01:10') },
  );
  const ran = await run([
    file(MINUTES),
    '--input',
    `SOURCE_SQL_STREAM_001=${file(rows)}`,
    '--rowtime',
    't',
    '--json',
  ]);
  assert.equal(ran.status, 0, ran.errors);
  assert.deepEqual(objects(ran), [
    { stream: 'OUT', ROWTIME: '2026-01-01 00:01:00.000', k: 'a', TOTAL: 3 },
    { stream: 'OUT', ROWTIME: '2026-01-01 00:02:00.000', k: 'a', TOTAL: 4 },
  ]);
});

test('rows that are behind are counted, with a status of their own, or sorted', async () => {
  const app = file(MINUTES);
  const input = file(
    lines(
      { k: 'a', v: 1, t: at('01:10') },
      { k: 'a', v: 2, t: at('00:50') },
      { k: 'a', v: 4, t: at('02:10') },
    ),
  );
  const behind = await run([app, '--input', input, '--rowtime', 't', '--json']);
  assert.equal(behind.status, 3);
  assert.match(
    behind.errors,
    /SOURCE_SQL_STREAM_001: 1 row came behind a later one and was left out; --within/,
  );
  assert.equal(objects(behind).length, 2);
  const sorted = await run([app, '--input', input, '--rowtime', 't', '--within', '30s', '--json']);
  assert.equal(sorted.status, 0, sorted.errors);
  assert.deepEqual(
    objects(sorted).map((row) => (row as { TOTAL: number }).TOTAL),
    [2, 1, 4],
  );
});

test('CSV with a line of names, seconds since 1970 as times, and a faster clock', async () => {
  const csv = 'k,v,at\na,5,1700000000\nb,7,1700000001\n"c, d",9,1700000002\n';
  const ran = await run([file(PASS), '--input', file(csv), '--rowtime', 'at', '--speed', '1000', '--json']);
  assert.equal(ran.status, 0, ran.errors);
  assert.deepEqual(objects(ran)[2], {
    stream: 'SELECT',
    ROWTIME: '2023-11-14 22:13:22.000',
    k: 'c, d',
    v: 9,
  });
});

test('inputs are joined in the order of their times, beside a reference table', async () => {
  const app = file(`
    CREATE OR REPLACE STREAM "OUT" (id INTEGER, name VARCHAR(8), paid INTEGER);
    CREATE OR REPLACE PUMP "P" AS INSERT INTO "OUT"
      SELECT STREAM o."id", n."name", p."paid"
      FROM "ORDERS" OVER (RANGE INTERVAL '1' MINUTE PRECEDING) AS o
      JOIN "PAYMENTS" OVER (RANGE INTERVAL '1' MINUTE PRECEDING) AS p ON o."id" = p."id"
      JOIN "NAMES" AS n ON n."id" = o."id";`);
  const orders = file(lines({ id: 1, t: at('00:00') }, { id: 2, t: at('00:20') }));
  const payments = file(lines({ id: 1, paid: 10, t: at('00:10') }, { id: 2, paid: 20, t: at('05:00') }));
  const names = file('id,name\n1,one\n2,two\n');
  const ran = await run([
    ...[app, '--rowtime', 't', '--json'],
    ...['--input', `ORDERS=${orders}`, '--input', `payments=${payments}`, '--input', `NAMES=${names}`],
  ]);
  assert.equal(ran.status, 0, ran.errors);
  assert.deepEqual(objects(ran), [
    { stream: 'OUT', ROWTIME: '2026-01-01 00:00:10.000', ID: 1, NAME: 'one', PAID: 10 },
  ]);
});

test('a schema says what the columns are', async () => {
  const app = file('SELECT STREAM "id", "at" - INTERVAL \'1\' HOUR AS before FROM "S"');
  const rows = file(lines({ id: 7, at: '2026-01-01 10:00:00.0' }));
  const schema = file(
    JSON.stringify({
      RecordFormat: {
        RecordFormatType: 'JSON',
        MappingParameters: { JSONMappingParameters: { RecordRowPath: '$' } },
      },
      RecordColumns: [
        { Name: 'id', Mapping: '$.id', SqlType: 'VARCHAR(4)' },
        { Name: 'at', Mapping: '$.at', SqlType: 'TIMESTAMP' },
      ],
    }),
  );
  const row = {
    stream: 'SELECT',
    ROWTIME: '2026-01-01 10:00:00.000',
    id: '7',
    BEFORE: '2026-01-01 09:00:00.000',
  };
  const args = [app, '--input', `S=${rows}`, '--rowtime', 'at', '--json', '--schema'];
  assert.deepEqual(objects(await run([...args, schema])), [row]);
  const asSql = file('CREATE STREAM "S" ("id" VARCHAR(4), "at" TIMESTAMP)');
  assert.deepEqual(objects(await run([...args, `S=${asSql}`])), [row]);
  const wrong = await run([...args, file('{"RecordColumns": []}')]);
  assert.equal(wrong.status, 2);
  assert.match(wrong.errors, /is no schema: its RecordFormat/);
});

test('any stream can be printed, and errors of rows are told', async () => {
  const app = file(`
    CREATE OR REPLACE STREAM "A" (x INTEGER);
    CREATE OR REPLACE PUMP "PA" AS INSERT INTO "A" SELECT STREAM 10 / "v" FROM "S";
    CREATE OR REPLACE STREAM "B" (x INTEGER);
    CREATE OR REPLACE PUMP "PB" AS INSERT INTO "B" SELECT STREAM x + 1 FROM "A";`);
  const rows = lines({ v: 5 }, { v: 0 }) + 'no JSON\n';
  const both = await run([app, '--stream', 'A', '--stream', 'b', '--json'], rows);
  assert.equal(both.status, 0);
  assert.deepEqual(
    objects(both).map((row) => ({ ...(row as object), ROWTIME: '' })),
    [
      { stream: 'A', ROWTIME: '', X: 2 },
      { stream: 'B', ROWTIME: '', X: 3 },
    ],
  );
  assert.match(both.errors, /^PA: .*zero/m);
  assert.match(both.errors, /^S: .*\(no JSON\)/m);
  const none = await run([app, '--stream', 'AA'], rows);
  assert.equal(none.status, 2);
  assert.match(none.errors, /no stream AA/);
});

test('--check says what is open, or what is wrong with a mark under it', async () => {
  const good = file('SELECT STREAM "k", "v" * 2.5 AS w FROM "S" WHERE "k" = \'x\'', 'good.sql');
  const bad = file('SELECT STREAM "k"\n  FORM "S"', 'bad.sql');
  const ran = await run(['--check', good, bad]);
  assert.equal(ran.status, 1);
  assert.match(ran.output, /good\.sql: 1 query\n  stream "S", not declared: "k" VARCHAR\(\d+\), "v" /);
  assert.match(
    ran.errors,
    /bad\.sql: From line 2, column 3 to line 2, column 6: Encountered "FORM".*Did you mean FROM\?\n2 \|   FORM "S"\n      \^\^\^\^\n/,
  );
});

test('documents over many lines, a mark at the beginning, and quoted breaks of lines', async () => {
  const app = file(PASS);
  const rows = [
    { k: 'a', v: 1 },
    { k: 'b', v: 2 },
  ];
  const asList = await run([app, '--json'], JSON.stringify(rows, undefined, 2));
  assert.deepEqual(objects(asList).length, 1, asList.errors);
  const marked = await run([app, '--json'], `\ufeff${lines(...rows)}`);
  assert.deepEqual(objects(marked).length, 1, marked.errors);
  const csv = await run([app, '--json'], 'k,v\r\n"a\r\nb",2\r\n');
  assert.equal((objects(csv)[0] as { k: string }).k, 'a\r\nb', csv.errors);
});

test('texts that are numbers are numbers where the program has numbers', async () => {
  const app = file('SELECT STREAM "id" FROM "S" WHERE "orders" = 1');
  const ran = await run([app, '--json'], lines({ id: '101', orders: '1' }, { id: '102', orders: '2' }));
  assert.equal(ran.status, 0, ran.errors);
  assert.deepEqual(
    objects(ran).map((row) => (row as { id: string }).id),
    ['101'],
  );
  const none = await run([app], lines({ id: '101', orders: 'x' }));
  assert.equal(none.status, 1);
  assert.match(none.errors, /Cannot apply '='/);
});

test('columns of the same name are told apart', async () => {
  const app = file('SELECT STREAM "v" AS price, "v" + 1 AS price, "v" + 2 AS price FROM "S"');
  const [row] = objects(await run([app, '--json'], lines({ v: 1 })));
  assert.deepEqual(
    { ...(row as object), ROWTIME: '' },
    { stream: 'SELECT', ROWTIME: '', PRICE: 1, PRICE0: 2, PRICE1: 3 },
  );
});

test('a member ROWTIME can be the time, and numbers are texts where the program has texts', async () => {
  const app = file(`
    CREATE OR REPLACE STREAM "OUT" (zip VARCHAR(8), city VARCHAR(8));
    CREATE OR REPLACE PUMP "P" AS INSERT INTO "OUT" SELECT STREAM * FROM "S" WHERE "zip" <> 'none'`);
  const input = file(lines({ ROWTIME: '2018-11-01 01:00:00', zip: 2139, city: 'Boston' }));
  const ran = await run([app, '--input', input, '--rowtime', 'ROWTIME', '--json']);
  assert.equal(ran.status, 0, ran.errors);
  assert.deepEqual(objects(ran), [
    { stream: 'OUT', ROWTIME: '2018-11-01 01:00:00.000', ZIP: '2139', CITY: 'Boston' },
  ]);
});

test('windows close while a pipe is silent, and an interrupt ends the wait', async () => {
  const app = file(
    'SELECT STREAM "k", COUNT(*) AS n FROM "S" GROUP BY "k", STEP("S".ROWTIME BY INTERVAL \'1\' SECOND)',
  );
  const schema = file('CREATE STREAM "S" ("k" VARCHAR(4))');
  const input = new PassThrough();
  const args = ['sql', app, '--schema', schema, '--json'];
  const running = runCli(args, { input, environment: {} });
  input.write('{"k":"a"}\n');
  const [line] = (await once(running.output, 'data')) as [Buffer];
  assert.match(line.toString(), /"k":"a","N":1/);
  running.interrupt();
  assert.equal((await running.finished).status, 130);
});

test('mistakes of the command line', async () => {
  const app = file(PASS);
  for (const [args, message] of [
    [[], /1 argument|APP\.sql/],
    [[app, '--within', '5s'], /--within needs --rowtime/],
    [[app, '--speed', '2'], /--speed needs --rowtime/],
    [[app, '--input', 'X=/nowhere'], /reads no X/],
    [[app, '--input', '/nowhere'], /\/nowhere cannot be read/],
    [[path.join(folder, 'nowhere.sql')], /nowhere\.sql cannot be read/],
    [[app, '--input', file(lines({ k: 'a', v: 1 })), '--rowtime', 'time'], /has no column time: it has k, v/],
    [[app, '--rowtime', 't', '--within', 'soon', '--input', app], /a duration such as/],
  ] as const) {
    const { status, errors } = await run(args, '');
    assert.equal(status, 2, errors);
    assert.match(errors, message);
  }
});
