/**
 * Random rows through every golden program: whatever comes out, rows and errors alike, comes out again with bounds in other places, and killed and restored. What
 * is no row error must not be thrown, whatever the rows.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { below, diceOf, type Dice } from '../engine/operators.testing.ts';
import type { Column, SqlType } from '../types.ts';
import type { SqlValue } from '../value.ts';
import { goldenFiles, planOf, type GoldenCase, type Line } from './read-golden.testing.ts';
import { runGolden, withMoreBounds, type Outcome } from './run-golden.testing.ts';

const START_MS = Date.UTC(2024, 0, 1, 10);
const ROWS = 60;
const TEXTS = ['', 'a', 'ab', 'AMZN', "it's", '2024-01-02 03:04:05', '12', '-1.5', 'x,y,z', ' pad ', 'ÄÖ€😀'];

const randomValue = (dice: Dice, type: SqlType): SqlValue => {
  if (dice() < 0.1) return null;
  const whole = (bits: number): number => {
    const size = 2 ** (dice() < 0.8 ? Math.min(bits - 1, 5) : bits - 1);
    return below(dice, 2 * size) - size;
  };
  switch (type.name) {
    case 'BOOLEAN':
      return dice() < 0.5;
    case 'TINYINT':
      return whole(8);
    case 'SMALLINT':
      return whole(16);
    case 'INTEGER':
      return whole(32);
    case 'BIGINT':
      return dice() < 0.05 ? 9_223_372_036_854_775_807n : whole(40);
    case 'DECIMAL':
      return below(dice, 10 ** Math.min(type.precision, dice() < 0.8 ? 3 : 15));
    case 'REAL':
      return Math.fround(dice() * 100 - 50);
    case 'TIMESTAMP':
      return START_MS + below(dice, 200_000);
    case 'DATE':
      return Date.UTC(2024, 0, 1 + below(dice, 60));
    case 'TIME':
      return below(dice, 86_400_000);
    case 'CHAR':
    case 'VARCHAR':
      return TEXTS[below(dice, TEXTS.length)]!.slice(0, type.length);
    case 'BINARY':
    case 'VARBINARY':
      return Uint8Array.of(below(dice, 3));
    default:
      return dice() < 0.1 ? 1e300 : dice() * 100 - 50;
  }
};

const randomLines = (dice: Dice, inputs: GoldenCase['inputs']): readonly Line[] => {
  let timeMs = START_MS;
  return Array.from({ length: ROWS }, () => {
    timeMs += dice() < 0.3 ? 0 : below(dice, dice() < 0.1 ? 120_000 : 5000);
    const input = inputs[below(dice, inputs.length)];
    if (input === undefined || dice() < 0.1) return { timeMs, stream: undefined };
    const values = input.columns.map(({ type }: Column) => randomValue(dice, type));
    return { timeMs, stream: input.name, row: [timeMs, ...values] };
  });
};

/** Errors of one row that several queries read may come in another order. */
const told = ({ rows, errors }: Outcome): unknown => ({
  rows: [...rows].toSorted(([left], [right]) => (left < right ? -1 : 1)),
  errors: errors.map((error) => JSON.stringify(error)).toSorted(),
});

for (const { file, cases } of goldenFiles())
  test(`random rows through the programs of ${file}`, () => {
    let given = 0;
    for (const [index, one] of cases.entries()) {
      const golden = { ...one, isWithoutEnd: false };
      if (golden.refused !== undefined || golden.hasFixedBounds || golden.inputs.length === 0) continue;
      const dice = diceOf(index);
      const plan = planOf(golden);
      const lines = randomLines(dice, golden.inputs);
      const outcome = runGolden(plan, golden, lines);
      given += outcome.errors.length;
      for (const rows of outcome.rows.values()) given += rows.length;
      const whole = told(outcome);
      assert.deepEqual(told(runGolden(plan, golden, withMoreBounds(lines))), whole, golden.title);
      assert.deepEqual(told(runGolden(plan, golden, lines, () => dice() < 0.2)), whole, golden.title);
    }
    assert.ok(given > 20, `only ${given} rows came out`);
  });
