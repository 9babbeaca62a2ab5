import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RowError, type Row, type SqlValue } from '../value.ts';
import { Distinct } from './distinct.ts';
import { Filter } from './filter.ts';
import { Lookup } from './lookup.ts';
import { Merge } from './merge.ts';
import type { Operator, Receiver } from './operator.ts';
import {
  below,
  Collector,
  diceOf,
  noErrors,
  randomSteps,
  rowsOf,
  runRestored,
  runWhole,
  type Step,
} from './operators.testing.ts';
import { Retime } from './retime.ts';
import { Sort } from './sort.ts';
import { TimeSort } from './time-sort.ts';

const floor = (timeMs: number): number => Math.floor(timeMs / 5000) * 5000;
const columns = (dice: () => number): readonly SqlValue[] => [
  dice() < 0.1 ? null : 'abc'[below(dice, 3)]!,
  below(dice, 20),
];

const check = (
  make: (out: Receiver) => Operator,
  steps: readonly Step[],
  expected: readonly Row[],
  seed: number,
): void => {
  assert.deepEqual(runWhole(make, steps), expected, `seed ${seed}`);
  assert.deepEqual(runRestored(make, steps, diceOf(seed)), expected, `seed ${seed}, restored`);
};

test('DISTINCT gives the first of equal rows of a period', () => {
  const make = (out: Receiver): Operator =>
    new Distinct(
      [(row) => row[1]!],
      { of: 'rowtime', key: ([timeMs]) => floor(timeMs as number) },
      noErrors,
      out,
    );
  for (let seed = 0; seed < 15; seed++) {
    const steps = randomSteps(diceOf(seed), { count: 120, gapMs: 1200, columns });
    const seen = new Set<string>();
    const expected = rowsOf(steps).filter((row) => {
      const id = `${floor(row[0] as number)} ${String(row[1])}`;
      return !seen.has(id) && seen.add(id);
    });
    check(make, steps, expected, seed);
  }
});

test('a merge gives all rows in the order of time, and waits for the slowest input', () => {
  const make = (out: Receiver): Operator => new Merge(3, out);
  for (let seed = 0; seed < 15; seed++) {
    const steps = randomSteps(diceOf(seed), { count: 200, gapMs: 500, inputs: 3, columns });
    const rows = steps.flatMap((step) => ('row' in step ? [step.row] : []));
    check(
      make,
      steps,
      rows.toSorted((left, right) => (left[0] as number) - (right[0] as number)),
      seed,
    );
  }
  const out = new Collector();
  const merge = new Merge(2, out);
  merge.inputs[0]!.row([5, 'a']);
  assert.deepEqual(out.rows, []);
  merge.inputs[1]!.bound(5);
  assert.deepEqual(out.rows, [[5, 'a']]);
});

test('a sort gives the rows of a period in order when it is over', () => {
  const make = (out: Receiver): Operator =>
    new Sort(
      [
        { key: (row) => row[1]!, isBefore: (left, right) => left < right, isDescending: false },
        { key: (row) => row[2]!, isBefore: (left, right) => left < right, isDescending: true },
      ],
      { of: 'rowtime', key: ([timeMs]) => floor(timeMs as number) },
      noErrors,
      out,
    );
  for (let seed = 0; seed < 15; seed++) {
    const steps = randomSteps(diceOf(seed), { count: 120, gapMs: 1200, columns });
    const rows = rowsOf(steps).toSorted(
      (left, right) =>
        floor(left[0] as number) - floor(right[0] as number) ||
        Number(left[1] === null) - Number(right[1] === null) ||
        String(left[1]).localeCompare(String(right[1])) ||
        (right[2] as number) - (left[2] as number),
    );
    let highMs = 0;
    const expected = rows.map((row) => {
      highMs = Math.max(highMs, row[0] as number);
      return [highMs, ...row.slice(1)];
    });
    check(make, steps, expected, seed);
  }
});

test('a sort by time brings late rows into order, and tells of those that are too late', () => {
  for (let seed = 0; seed < 15; seed++) {
    const dice = diceOf(seed);
    const steps = randomSteps(dice, { count: 150, gapMs: 400, columns: (some) => [below(some, 2500)] });
    const late: Row[] = [];
    const make = (out: Receiver): Operator =>
      new TimeSort(
        ([timeMs, back]) => (timeMs as number) - (back as number),
        2000,
        (_, row) => late.push(row),
        out,
      );
    let highMs = 0;
    const expectedLate: Row[] = [];
    const kept = rowsOf(steps).flatMap((row) => {
      const timeMs = (row[0] as number) - (row[1] as number);
      if (timeMs < highMs - 2000) {
        expectedLate.push(row);
        return [];
      }
      highMs = Math.max(highMs, timeMs);
      return [[timeMs, row[1]!]];
    });
    const expected = kept.toSorted((left, right) => (left[0] as number) - (right[0] as number));
    check(make, steps, expected, seed);
    assert.deepEqual(late, [...expectedLate, ...expectedLate]);
    assert.ok(seed > 3 || expectedLate.length > 0);
  }
});

test('where the query names its ROWTIME, a row that goes back is late', () => {
  const late: string[] = [];
  const make = (out: Receiver): Operator =>
    new Retime(
      { make: (row) => [row[1]!, row[0]!], boundOf: undefined },
      (error) => late.push(error.code),
      out,
    );
  const steps = [
    { input: 0, row: [1, 10] },
    { input: 0, row: [2, 9] },
    { input: 0, boundMs: 500 },
    { input: 0, row: [500, 10] },
    { input: 0, row: [501, null] },
    { input: 0, row: [502, 12] },
  ];
  const expected = [
    [10, 1],
    [10, 500],
    [12, 502],
  ];
  for (let seed = 0; seed < 10; seed++) check(make, steps, expected, seed);
  assert.deepEqual(new Set(late), new Set(['LATE_ROW', 'NULL_ROWTIME']));
});

test('a filter still tells the time of what it leaves out', () => {
  const bounds: number[] = [];
  const errors: string[] = [];
  const filter = new Filter(
    (row) => {
      if (row[1] === null) throw new RowError('BAD', 'a null');
      return row[1] === 1;
    },
    (error) => errors.push(error.code),
    { row: (row) => bounds.push(-(row[0] as number)), bound: (timeMs) => bounds.push(timeMs) },
  );
  for (const row of [
    [1, 1],
    [2, 0],
    [3, null],
  ])
    filter.row(row);
  filter.bound(4);
  assert.deepEqual(bounds, [-1, 2, 3, 4]);
  assert.deepEqual(errors, ['BAD']);
});

test('a lookup meets the rows of the table as they are at that moment', () => {
  let table: readonly Row[] = [
    [null, 'a', 1],
    [null, 'a', 2],
    [null, null, 3],
  ];
  const out = new Collector();
  const lookup = new Lookup(
    {
      kind: 'LEFT',
      leftKeys: [(row) => row[1]!],
      rightKeys: [(row) => row[1]!],
      condition: (row) => row[5] !== 2,
      rows: () => table,
      rightWidth: 3,
    },
    [noErrors, noErrors, noErrors],
    out,
  );
  lookup.row([1, 'a']);
  lookup.row([2, null]);
  table = [[null, 'b', 9]];
  lookup.row([3, 'b']);
  lookup.row([4, 'a']);
  assert.deepEqual(out.rows, [
    [1, 1, 'a', null, 'a', 1],
    [2, 2, null, null, null, null],
    [3, 3, 'b', null, 'b', 9],
    [4, 4, 'a', null, null, null],
  ]);
});
