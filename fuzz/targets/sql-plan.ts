/**
 * SQL programs from text to rows: parsed, checked, run over random rows. An error has its place in the text; what is accepted is run, and then every row has
 * values of its columns' types, ROWTIME does not go back, the same input gives the same rows, and columns that the plan says nobody reads can be null.
 */
import { planProgram, type Given } from '../../src/sql/check/check.ts';
import { openProgram } from '../../src/sql/engine/open-program.ts';
import type { Dice } from '../../src/host/host.ts';
import { createSimulatedDice } from '../../src/host/simulated/dice.ts';
import type { Plan } from '../../src/sql/plan/plan.ts';
import { SqlError } from '../../src/sql/sql-error.ts';
import { parseProgram } from '../../src/sql/syntax/parse.ts';
import type { Column, SqlType } from '../../src/sql/types.ts';
import type { Row, SqlValue } from '../../src/sql/value.ts';
import { FUZZED, randomPlan } from '../make/sql-plan.ts';
import { once, pick } from '../mutate.ts';
import { Fault, type OpenTarget, type Target } from '../target.ts';

const GIVEN = givenBy(FUZZED);
const BEGIN_MS = Date.UTC(2024, 0, 1);
const ROWS = 40;
const TEXTS = ['a', 'A', '', 'xy z', 'aaaaaaaa', '12', '-1.5', null];

/** The declared streams, the last of them a table. */
function givenBy(text: string): Given {
  const { streams } = planProgram(parseProgram(text), { streams: [], tables: [], isOpen: false });
  return { streams: streams.slice(0, -1), tables: streams.slice(-1), isOpen: false };
}

function check(input: Uint8Array): string {
  const text = Buffer.from(input).toString('utf8');
  const plan = planned(text, GIVEN);
  planned(text, { streams: [], tables: [], isOpen: true });
  if (typeof plan === 'string') return plan;
  if (JSON.stringify(structuredClone(plan), wide) !== JSON.stringify(plan, wide))
    throw new Fault('a plan is no plain data');
  const rows = rowsOf(input);
  const whole = run(plan, rows, (row) => row);
  if (run(plan, rows, (row) => row).join() !== whole.join()) throw new Fault('other rows the second time');
  const pruned = run(plan, rows, (row, stream) => {
    const { isUsed } = plan.streams.find(({ name }) => name === stream)!;
    return [row[0]!, ...row.slice(1).map((value, index) => (isUsed[index] === true ? value : null))];
  });
  if (pruned.join() !== whole.join()) throw new Fault('a column that nobody reads makes a difference');
  return 'ran';
}

const wide = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value);

/** The plan, or what kind of error. */
function planned(text: string, given: Given): Plan | string {
  try {
    return planProgram(parseProgram(text), given);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const { start, end } = error.span;
    if (!(start >= 0 && start <= end && end <= text.length))
      throw new Fault(`an error at ${start} to ${end} of ${text.length}: ${error.message}`);
    return `refused: ${error.message.split(' ').slice(0, 3).join(' ').replaceAll(/'.*/g, '')}`;
  }
}

type Given1 = { readonly stream: string; readonly row: Row };

function rowsOf(input: Uint8Array): readonly Given1[] {
  const dice = createSimulatedDice(input.reduce((sum, byte) => (Math.imul(sum, 31) + byte) >>> 0, 7));
  let timeMs = BEGIN_MS;
  return Array.from({ length: ROWS }, () => {
    timeMs += pick(dice, [0, 1, 900, 5_000, 31_000]);
    const { name, columns } = pick(dice, GIVEN.streams);
    return { stream: name, row: [timeMs, ...columns.map((column) => randomValue(dice, column, timeMs))] };
  });
}

function randomValue(dice: Dice, { type }: Column, timeMs: number): SqlValue {
  if (once(dice, 6)) return null;
  switch (type.name) {
    case 'INTEGER':
      return pick(dice, [0, 1, 2, 3, -7, 2_147_483_647]);
    case 'BIGINT':
      return pick(dice, [0, 5, -9, 9_007_199_254_740_991, 9_223_372_036_854_775_807n]);
    case 'DECIMAL':
      return pick(dice, [0, 250, -1, 99_999_999]);
    case 'DOUBLE':
      return pick(dice, [0, 1.5, -2, 1e300, 1e-300]);
    case 'BOOLEAN':
      return dice.integer(2) === 0;
    case 'TIMESTAMP':
      return timeMs - dice.integer(100_000);
    default:
      return pick(dice, TEXTS);
  }
}

function run(
  plan: Plan,
  rows: readonly Given1[],
  seen: (row: Row, stream: string) => Row,
): readonly string[] {
  const out: string[] = [];
  const lastMs = new Map<string, number>();
  const take = (from: string, columns: readonly Column[], row: Row): void => {
    const timeMs = row[0] as number;
    if (!Number.isSafeInteger(timeMs) || timeMs < (lastMs.get(from) ?? -Infinity))
      throw new Fault(`${from} goes back to ${String(timeMs)}`);
    lastMs.set(from, timeMs);
    for (const [index, { name, type }] of columns.entries())
      if (!isOfType(row[index + 1]!, type))
        throw new Fault(`${from} has ${String(row[index + 1])} in ${name}, a ${type.name}`);
    out.push(`${from}: ${JSON.stringify(row, wide)}`);
  };
  const program = openProgram(plan, {
    output: {
      row: (stream, row) => {
        const found = plan.streams.find(({ name, origin }) => name === stream && origin === 'program');
        if (found !== undefined) take(stream, found.columns, row);
      },
      selected: (index, row) => take(`select ${index}`, plan.selects[index]!.query.columns, row),
      // Rows of input are shown whole in errors, whether or not their columns are read.
      error: ({ name, message }) => out.push(`error ${name}: ${message}`),
    },
    startMs: BEGIN_MS,
    watch: 'all',
    seed: 1,
  });
  for (const { name } of plan.tables)
    program.loadTable(name, [
      [null, 1, 'one'],
      [null, 2, null],
      [null, 2, 'two'],
      [null, null, 'none'],
    ]);
  for (const { stream, row } of rows) {
    program.setNow(row[0] as number);
    program.row(stream, seen(row, stream));
  }
  program.end();
  return out;
}

function isOfType(value: SqlValue, type: SqlType): boolean {
  if (value === null || value === undefined) return value === null;
  switch (type.name) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
      return Number.isSafeInteger(value) && Math.abs(value as number) <= 2_147_483_648;
    case 'BIGINT':
    case 'DECIMAL':
      return typeof value === 'bigint' ? !Number.isSafeInteger(Number(value)) : Number.isSafeInteger(value);
    case 'REAL':
    case 'DOUBLE':
      return Number.isFinite(value);
    case 'BOOLEAN':
      return typeof value === 'boolean';
    case 'CHAR':
    case 'VARCHAR':
      return typeof value === 'string' && value.length <= type.length;
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
    case 'INTERVAL':
      return Number.isSafeInteger(value);
    default:
      return true;
  }
}

export const sqlPlan: Target = {
  name: 'sql-plan',
  about: 'programs to the SQL checker and engine: refused with a place, or run to rows of the right types',
  weight: 10,
  open: async (): Promise<OpenTarget> => ({
    generate: (dice) => Buffer.from(randomPlan(dice)),
    check,
    async [Symbol.asyncDispose]() {},
  }),
};
