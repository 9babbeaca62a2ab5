/**
 * Runs queries in the SQL engine and in DuckDB over the same random rows, and compares the rows that come out, in any order. Numbers that are not exact may
 * differ in their last digits. A query that either of them refuses is a failure.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { planProgram } from '../../../src/sql/check/check.ts';
import { openProgram } from '../../../src/sql/engine/open-program.ts';
import { diceOf, below } from '../../../src/sql/engine/operators.testing.ts';
import { parseProgram } from '../../../src/sql/syntax/parse.ts';
import type { Column, SqlType } from '../../../src/sql/types.ts';
import type { Row, SqlValue } from '../../../src/sql/value.ts';
import { CASES, type DuckdbCase } from './cases.ts';
import { pythonDuckdb } from './suite.ts';

const ROWS = 600;
const START_MS = Date.UTC(2024, 0, 1, 10, 0, 0);

const STREAM =
  'N INTEGER, T TIMESTAMP, K VARCHAR(4), V INTEGER, W INTEGER, P DECIMAL(10,2), D DOUBLE, B BOOLEAN, S VARCHAR(16)';
const TABLE = 'K VARCHAR(4), LOW INTEGER, NAME VARCHAR(8)';

const columnsOf = (declared: string): readonly Column[] => {
  const [statement] = parseProgram(`CREATE STREAM X (${declared})`).statements;
  if (statement?.kind !== 'create stream') throw new Error(declared);
  return statement.columns.map(({ name, type }) => ({ name: name.text, type }));
};

const streams = {
  S: makeRows(1, () => 1),
  E: makeRows(2, (dice) => (dice() < 0.5 ? 0 : 1)),
};
const table: readonly Row[] = [
  [null, 'a', 10, 'first'],
  [null, 'b', -20, 'second'],
  [null, 'b', 60, 'third'],
  [null, null, 7, 'none'],
];

function makeRows(seed: number, stepOf: (dice: () => number) => number): readonly Row[] {
  const dice = diceOf(seed);
  const orNull = <T>(value: T): T | null => (dice() < 0.12 ? null : value);
  let timeMs = START_MS;
  return Array.from({ length: ROWS }, (_, n) => {
    timeMs += stepOf(dice) * (1 + below(dice, 4000));
    const text = Array.from({ length: below(dice, 6) }, () => 'abc'[below(dice, 3)]).join('');
    return [
      timeMs,
      n,
      timeMs,
      orNull('abcd'[below(dice, 4)]!),
      orNull(below(dice, 200) - 100),
      orNull(below(dice, 200) - 100),
      orNull(below(dice, 100_000) - 50_000),
      orNull(Math.round((dice() - 0.5) * 1e6) / 1000),
      orNull(dice() < 0.5),
      orNull(text),
    ];
  });
}

function runOurs({ columns, ours }: DuckdbCase): readonly (readonly Plain[])[] {
  const text = `CREATE STREAM DEST (${columns}); CREATE PUMP P AS INSERT INTO DEST ${ours};`;
  const given = (name: string, declared: string): { name: string; columns: readonly Column[] } => ({
    name,
    columns: columnsOf(declared),
  });
  const plan = planProgram(parseProgram(text), {
    streams: [given('S', STREAM), given('E', STREAM)],
    tables: [given('R', TABLE)],
    isOpen: false,
  });
  const types = columnsOf(columns).map(({ type }) => type);
  const rows: (readonly Plain[])[] = [];
  const program = openProgram(plan, {
    output: {
      row: (_, row) =>
        rows.push([row[0] as number, ...types.map((type, index) => plain(type, row[index + 1]!))]),
      selected: () => undefined,
      error: ({ message }) => {
        throw new Error(message);
      },
    },
    startMs: START_MS,
    watch: ['DEST'],
    seed: 0,
  });
  program.loadTable('R', table);
  const isUsed = (name: string): boolean => plan.streams.some((stream) => stream.name === name);
  const all = (['S', 'E'] as const)
    .filter(isUsed)
    .flatMap((stream) => streams[stream].map((row) => ({ stream, row })))
    .toSorted((left, right) => (left.row[0] as number) - (right.row[0] as number));
  for (const { stream, row } of all) program.row(stream, row);
  program.end();
  return rows;
}

type Plain = null | boolean | number | string;

/** As `ask_duckdb.py` gives it. */
function plain(type: SqlType, value: SqlValue): Plain {
  if (value === null || typeof value === 'boolean') return value;
  if (type.name !== 'DECIMAL') return typeof value === 'bigint' ? Number(value) : (value as number | string);
  const digits = String(value)
    .replace('-', '')
    .padStart(type.scale + 1, '0');
  return `${String(value).startsWith('-') ? '-' : ''}${digits.slice(0, -type.scale)}.${digits.slice(-type.scale)}`;
}

function askDuckdb(): readonly string[] {
  const time = (value: SqlValue): SqlValue =>
    typeof value === 'number' ? new Date(value).toISOString().replace('T', ' ').replace('Z', '') : value;
  const decimal = (value: SqlValue): SqlValue => (value === null ? null : (value as number) / 100);
  const tables = {
    ...Object.fromEntries(
      Object.entries(streams).map(([name, rows]) => [
        name,
        {
          columns: STREAM.split(/, (?=[A-Z])/).map((column) => column.split(' ')),
          rows: rows.map(([, n, t, k, v, w, p, ...rest]) => [n, time(t!), k, v, w, decimal(p!), ...rest]),
        },
      ]),
    ),
    R: {
      columns: TABLE.split(', ').map((column) => column.split(' ')),
      rows: table.map((row) => row.slice(1)),
    },
  };
  return execFileSync(pythonDuckdb.program('python'), [path.join(import.meta.dirname, 'ask_duckdb.py')], {
    input: JSON.stringify({ tables, queries: CASES.map(({ theirs }) => theirs) }),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
    .trimEnd()
    .split('\n');
}

/** Sorted by what is exact; the queries give what tells their rows apart before what is not. */
function sorted(rows: readonly (readonly Plain[])[]): readonly (readonly Plain[])[] {
  const key = (row: readonly Plain[]): string =>
    JSON.stringify(
      row.map((value) =>
        typeof value === 'number' && !Number.isSafeInteger(value) ? value.toPrecision(4) : value,
      ),
    );
  return rows
    .map((row) => ({ row, key: key(row) }))
    .toSorted((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0))
    .map(({ row }) => row);
}

function isSame(left: readonly Plain[], right: readonly Plain[]): boolean {
  return left.every((value, index) => {
    const other = right[index];
    if (typeof value !== 'number' || typeof other !== 'number') return value === other;
    return Math.abs(value - other) <= 1e-9 * Math.max(1, Math.abs(value));
  });
}

const answers = askDuckdb();
let failures = 0;
for (const [index, one] of CASES.entries()) {
  try {
    const theirs = JSON.parse(answers[index] ?? 'null') as readonly (readonly Plain[])[] | { error: string };
    if ('error' in theirs) throw new Error(`DuckDB: ${theirs.error}`);
    const [mine, other] = [sorted(runOurs(one)), sorted(theirs)];
    const differing = mine.findIndex((row, at) => !isSame(row, other[at] ?? []));
    if (mine.length !== other.length || differing >= 0)
      throw new Error(
        `${mine.length} rows for ${other.length}; ours ${JSON.stringify(mine[differing])}, DuckDB's ${JSON.stringify(other[differing])}`,
      );
    console.log(`ok ${mine.length} rows of ${one.ours}`);
  } catch (error) {
    failures++;
    console.log(`not ok ${one.ours}\n  ${one.theirs}\n  ${String(error).slice(0, 500)}`);
  }
}
console.log(`${CASES.length - failures} passed, ${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;
