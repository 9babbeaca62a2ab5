import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findAggregate } from '../functions/aggregates.ts';
import type { AggregateCall } from '../plan/plan.ts';
import { RowError, type Row, type SqlValue } from '../value.ts';
import { DistinctResult, ExtremeResult, RecomputedResult, RemovableResult, RunningResult } from './frame.ts';
import { PositionResult, type Position } from './frame-position.ts';
import { RunningPosition } from './running-position.ts';
import type { Receiver } from './operator.ts';
import {
  below,
  Checkpoint,
  Collector,
  diceOf,
  noErrors,
  randomSteps,
  rowsOf,
  runRestored,
  runWhole,
} from './operators.testing.ts';
import type { FrameBounds } from './over-frames.ts';
import { Over } from './over.ts';

const of = (
  name: string,
): (() => ReturnType<NonNullable<ReturnType<typeof findAggregate>>['accumulator']>) => {
  const call: AggregateCall = {
    name,
    args: [{ op: 'column', index: 2, type: { name: 'INTEGER' } }],
    isDistinct: false,
    isIgnoringNulls: false,
    isFromLast: false,
    type: { name: 'BIGINT' },
  };
  return () => findAggregate(name)!.accumulator(call);
};

const ARG = { from: 1, count: 1 };
const PLAIN = { isIgnoringNulls: false, isFromLast: false };
const IGNORING = { isIgnoringNulls: true, isFromLast: false };
const position = (name: Position, options = PLAIN, count = 1): PositionResult =>
  new PositionResult(name, { from: 1, count }, options);

/** Partitioned by column 1; the argument is column 2. The entry has the offset 2 behind the argument. */
const over =
  (bounds: FrameBounds) =>
  (out: Receiver): Over =>
    new Over(
      [
        {
          keys: [(row) => row[1]!],
          bounds,
          epochOf: undefined,
          isRunning: false,
          entryOf: (row) => [row[0]!, row[2]!, 2],
          results: () => [
            new RemovableResult(of('COUNT'), ARG),
            new RemovableResult(of('SUM'), ARG),
            new ExtremeResult(ARG, (left, right) => left < right),
            new ExtremeResult(ARG, (left, right) => left > right),
            new DistinctResult(new RemovableResult(of('SUM'), ARG), ARG),
            new RecomputedResult(of('MAX'), ARG),
            position('FIRST_VALUE'),
            position('LAST_VALUE', IGNORING),
            position('NTH_VALUE', IGNORING, 2),
            position('NTH_VALUE', { isIgnoringNulls: false, isFromLast: true }, 2),
            position('LAG', PLAIN, 2),
            position('LAG', IGNORING, 1),
          ],
        },
      ],
      noErrors,
      out,
    );

const naive = (rows: readonly Row[], bounds: FrameBounds): Row[] =>
  rows.map((row, index) => {
    const partition = rows.slice(0, index + 1).filter((other) => other[1] === row[1]);
    const frame =
      bounds.unit === 'RANGE'
        ? partition.filter(
            ([timeMs]) =>
              (timeMs as number) >= (row[0] as number) - bounds.preceding &&
              (timeMs as number) <= (row[0] as number) - bounds.end,
          )
        : partition.slice(
            Math.max(0, partition.length - 1 - bounds.preceding),
            Math.max(0, partition.length - bounds.end),
          );
    const values = frame.map((other) => other[2] as number | null);
    const present = values.filter((value) => value !== null);
    const sum = (list: readonly number[]): number | null =>
      list.length === 0 ? null : list.reduce((total, value) => total + value, 0);
    return [
      ...row,
      present.length,
      sum(present),
      present.length === 0 ? null : Math.min(...present),
      present.length === 0 ? null : Math.max(...present),
      sum([...new Set(present)]),
      present.length === 0 ? null : Math.max(...present),
      values[0] ?? null,
      present.at(-1) ?? null,
      present[1] ?? null,
      values.at(-2) ?? null,
      values.at(-3) ?? null,
      values.slice(0, -1).findLast((value) => value !== null) ?? null,
    ];
  });

const columns = (dice: () => number): readonly SqlValue[] => [
  dice() < 0.1 ? null : 'ab'[below(dice, 2)]!,
  dice() < 0.2 ? null : below(dice, 20),
];

const FRAMES: readonly FrameBounds[] = [
  { unit: 'RANGE', preceding: 5000, end: 0 },
  { unit: 'RANGE', preceding: 0, end: 0 },
  { unit: 'RANGE', preceding: 90_000, end: 0 },
  { unit: 'ROWS', preceding: 3, end: 0 },
  { unit: 'ROWS', preceding: 0, end: 0 },
  { unit: 'ROWS', preceding: 90, end: 0 },
];

test('sliding windows are those of a plain computation, whole and restored', () => {
  for (const [index, bounds] of FRAMES.entries())
    for (let seed = 0; seed < 5; seed++) {
      const dice = diceOf(seed * 100 + index);
      const steps = randomSteps(dice, { count: 120, gapMs: 1500, columns });
      const expected = naive(rowsOf(steps), bounds);
      assert.deepEqual(runWhole(over(bounds), steps), expected, `frame ${index}, seed ${seed}`);
      assert.deepEqual(runRestored(over(bounds), steps, dice), expected, `frame ${index}, seed ${seed}`);
    }
});

/** What stands behind the current row has no LAG, so only what is the same is compared. */
test('a frame may end before the current row', () => {
  for (const bounds of [
    { unit: 'RANGE', preceding: 6000, end: 2000 },
    { unit: 'ROWS', preceding: 4, end: 2 },
  ] as const)
    for (let seed = 0; seed < 5; seed++) {
      const dice = diceOf(seed);
      const steps = randomSteps(dice, { count: 120, gapMs: 1500, columns });
      const upToMax = (rows: readonly Row[]): Row[] => rows.map((row) => row.slice(0, 9));
      const expected = upToMax(naive(rowsOf(steps), bounds));
      assert.deepEqual(upToMax(runWhole(over(bounds), steps)), expected);
      assert.deepEqual(upToMax(runRestored(over(bounds), steps, dice)), expected);
    }
});

/** What makes a running position, and what it is of all values so far. */
const POSITIONS: readonly (readonly [
  () => RunningPosition,
  (values: readonly (number | null)[]) => number | null | undefined,
])[] = [
  [() => new RunningPosition('FIRST_VALUE', ARG, 1, PLAIN), (values) => values[0]],
  [
    () => new RunningPosition('LAST_VALUE', ARG, 1, IGNORING),
    (values) => values.findLast((value) => value !== null),
  ],
  [
    () => new RunningPosition('NTH_VALUE', ARG, 3, IGNORING),
    (values) => values.filter((value) => value !== null)[2],
  ],
  [
    () => new RunningPosition('NTH_VALUE', ARG, 2, { isIgnoringNulls: false, isFromLast: true }),
    (values) => values.at(-2),
  ],
  [() => new RunningPosition('LAG', ARG, 2, PLAIN), (values) => values.at(-3)],
  [
    () => new RunningPosition('LAG', ARG, 2, IGNORING),
    (values) =>
      values
        .slice(0, -1)
        .filter((value) => value !== null)
        .at(-2),
  ],
];

test('an unbounded frame only grows', () => {
  const make = (out: Receiver): Over =>
    new Over(
      [
        {
          keys: [],
          bounds: { unit: 'RANGE', preceding: Infinity, end: 0 },
          epochOf: undefined,
          isRunning: true,
          entryOf: (row) => [row[0]!, row[2]!],
          results: () => [new RunningResult(of('SUM'), ARG), ...POSITIONS.map(([make]) => make())],
        },
      ],
      noErrors,
      out,
    );
  const dice = diceOf(7);
  const steps = randomSteps(dice, { count: 100, gapMs: 1000, columns });
  const rows = rowsOf(steps);
  const expected = rows.map((row, index) => {
    const values = rows.slice(0, index + 1).map((other) => other[2] as number | null);
    const present = values.filter((value) => value !== null);
    const sum = present.length === 0 ? null : present.reduce((total, value) => total + value, 0);
    return [...row, sum, ...POSITIONS.map(([, expect]) => expect(values) ?? null)];
  });
  assert.deepEqual(runWhole(make, steps), expected);
  assert.deepEqual(runRestored(make, steps, dice), expected);
});

test('partitions that no later row can look back at are forgotten, and their cells with them', () => {
  const operator = over({ unit: 'RANGE', preceding: 1000, end: 0 })(new Collector());
  const checkpoint = new Checkpoint();
  for (let row = 0; row < 100; row++) operator.row([row, 'long', 1]);
  for (let key = 0; key < 100; key++) operator.row([500, `k${key}`, 1]);
  operator.save(checkpoint);
  assert.ok(checkpoint.cells.size > 2);
  operator.bound(1501);
  operator.save(checkpoint);
  assert.equal(checkpoint.cells.size, 0);
});

test('a row with an error is in no frame', () => {
  const out = new Collector();
  const errors: Row[] = [];
  const bad = (row: Row): Row => {
    if (row[2] === 13) throw new RowError('BAD', 'unlucky');
    return [row[0]!, row[2]!];
  };
  const window = {
    keys: [],
    bounds: FRAMES[0]!,
    epochOf: undefined,
    isRunning: false,
    results: () => [new RemovableResult(of('SUM'), ARG)],
  };
  const operator = new Over(
    [
      { ...window, entryOf: (row) => [row[0]!, row[2]!] },
      { ...window, entryOf: bad },
    ],
    (_, row) => errors.push(row),
    out,
  );
  operator.row([1, 'a', 1]);
  operator.row([2, 'a', 13]);
  operator.row([3, 'a', 2]);
  assert.deepEqual(errors, [[2, 'a', 13]]);
  assert.deepEqual(out.rows, [
    [1, 'a', 1, 1, 1],
    [3, 'a', 2, 3, 3],
  ]);
});

test('partitions by a time that only grows are forgotten when it changes, in a window of rows too', () => {
  const minute = (row: Row): number => Math.floor((row[0] as number) / 60_000);
  const make = (out: Receiver): Over =>
    new Over(
      [
        {
          keys: [(row) => row[1]!, minute],
          bounds: { unit: 'ROWS', preceding: 5, end: 0 },
          epochOf: minute,
          isRunning: false,
          entryOf: (row) => [row[0]!, row[2]!],
          results: () => [new RemovableResult(of('COUNT'), ARG)],
        },
      ],
      noErrors,
      out,
    );
  const steps = [0, 1, 59_999, 60_000, 60_001, 120_000].map((timeMs) => ({
    input: 0,
    row: [timeMs, 'a', 1],
  }));
  const expected = [1, 2, 3, 1, 2, 1];
  assert.deepEqual(
    runWhole(make, steps).map((row) => row[3]),
    expected,
  );
  for (let seed = 0; seed < 10; seed++)
    assert.deepEqual(
      runRestored(make, steps, diceOf(seed)).map((row) => row[3]),
      expected,
    );
  const operator = make(new Collector());
  const checkpoint = new Checkpoint();
  for (let step = 0; step < 1000; step++) operator.row([step * 60_000, 'a', 1]);
  operator.save(checkpoint);
  assert.equal(checkpoint.cells.size, 2);
});
