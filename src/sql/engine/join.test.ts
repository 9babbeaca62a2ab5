import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JoinKind, JoinWindow } from '../plan/plan.ts';
import type { Row } from '../value.ts';
import { Join } from './join.ts';
import type { Receiver } from './operator.ts';
import { below, diceOf, noErrors, randomSteps, rowsOf, runRestored, runWhole } from './operators.testing.ts';

const range = (precedingMs: number, followingMs = 0): JoinWindow => ({
  unit: 'RANGE',
  precedingMs,
  followingMs,
});

const join =
  (kind: JoinKind, left: JoinWindow | undefined, right: JoinWindow | undefined, hasKeys = true) =>
  (out: Receiver): Join => {
    const keys = hasKeys ? [(row: Row) => row[1]!] : [];
    return new Join(
      {
        kind,
        left: { keys, window: left, width: 3 },
        right: { keys, window: right, width: 3 },
        // Of [time, left time, key, value, right time, key, value].
        condition: (row) =>
          (hasKeys || (row[2] !== null && row[2] === row[5])) &&
          ((row[3] as number) + (row[6] as number)) % 3 !== 0,
      },
      [noErrors, noErrors, noErrors],
      out,
    );
  };

/** By the definition: a pair where one is in the window of the other's time; the others when they can meet nothing any more. */
const naive = (
  lefts: readonly Row[],
  rights: readonly Row[],
  kind: JoinKind,
  leftKeep: number,
  rightKeep: number,
): Row[] => {
  const given: Row[] = [];
  const met = new Set<Row>();
  for (const left of lefts)
    for (const right of rights) {
      const [leftMs, rightMs] = [left[0] as number, right[0] as number];
      const isIn = leftMs <= rightMs ? rightMs - leftMs <= leftKeep : leftMs - rightMs <= rightKeep;
      if (!isIn || left[1] === null || left[1] !== right[1]) continue;
      if (((left[2] as number) + (right[2] as number)) % 3 === 0) continue;
      met.add(left).add(right);
      given.push([Math.max(leftMs, rightMs), ...left, ...right]);
    }
  const nulls = [null, null, null];
  if (kind === 'LEFT' || kind === 'FULL')
    for (const row of lefts) if (!met.has(row)) given.push([(row[0] as number) + leftKeep, ...row, ...nulls]);
  if (kind === 'RIGHT' || kind === 'FULL')
    for (const row of rights)
      if (!met.has(row)) given.push([(row[0] as number) + rightKeep, ...nulls, ...row]);
  return given;
};

const sorted = (rows: readonly Row[]): string[] => rows.map((row) => JSON.stringify(row)).toSorted();

const columns = (dice: () => number): readonly (string | number | null)[] => [
  dice() < 0.1 ? null : 'abcd'[below(dice, 4)]!,
  below(dice, 10),
];

test('windowed joins of all kinds are those of the definition, whole and restored', () => {
  const windows = [
    [range(5000), undefined, 5000, 0],
    [undefined, range(5000), 0, 5000],
    [range(5000), range(2000), 5000, 2000],
    [range(0, 3000), range(1000), 0, 3000],
    [range(60_000), range(60_000), 60_000, 60_000],
  ] as const;
  for (const kind of ['INNER', 'LEFT', 'RIGHT', 'FULL'] as const)
    for (const [index, [left, right, leftKeep, rightKeep]] of windows.entries())
      for (let seed = 0; seed < 3; seed++) {
        const dice = diceOf(seed * 10 + index);
        const steps = randomSteps(dice, { count: 120, gapMs: 2000, inputs: 2, columns });
        const expected = sorted(naive(rowsOf(steps, 0), rowsOf(steps, 1), kind, leftKeep, rightKeep));
        const make = join(kind, left, right, seed % 2 === 0);
        const whole = runWhole(make, steps);
        assert.deepEqual(sorted(whole), expected, `${kind} ${index} ${seed}`);
        assert.deepEqual(runRestored(make, steps, dice), whole, `${kind} ${index} ${seed}, restored`);
      }
});

test('a window of rows has the last ones', () => {
  const make = join('LEFT', { unit: 'ROWS', precedingRows: 2, followingRows: 0 }, undefined);
  const steps = [
    { input: 0, row: [1, 'a', 1] },
    { input: 0, row: [2, 'a', 3] },
    { input: 0, row: [3, 'a', 1] },
    { input: 1, row: [4, 'a', 1] },
    { input: 0, row: [5, 'b', 1] },
    { input: 0, row: [6, 'b', 1] },
    { input: 1, row: [7, 'a', 1] },
  ];
  const expected = [
    // The third row pushes the first one out, which has met none.
    [3, 1, 'a', 1, null, null, null],
    [4, 2, 'a', 3, 4, 'a', 1],
    [4, 3, 'a', 1, 4, 'a', 1],
    [7, 5, 'b', 1, null, null, null],
    [7, 6, 'b', 1, null, null, null],
  ];
  assert.deepEqual(runWhole(make, steps), expected);
  for (let seed = 0; seed < 10; seed++) assert.deepEqual(runRestored(make, steps, diceOf(seed)), expected);
});

test('a join tells the time of rows that have met none', () => {
  const bounds: number[] = [];
  const out = {
    row: (row: Row) => bounds.push(-(row[0] as number)),
    bound: (timeMs: number) => bounds.push(timeMs),
  };
  const operator = join('INNER', range(1000), undefined)(out);
  operator.inputs[1]!.bound(5);
  operator.inputs[0]!.row([5, 'a', 1]);
  operator.inputs[0]!.bound(7);
  operator.inputs[1]!.row([6, 'b', 1]);
  assert.deepEqual(bounds, [5, 6]);
});

test('what an unbounded window keeps comes at the end, at the time that it is then', () => {
  const make = join('LEFT', range(Infinity), undefined);
  const steps = [
    { input: 0, row: [5, 'a', 1] },
    { input: 1, row: [8, 'b', 1] },
    { input: 0, boundMs: 8 },
  ];
  assert.deepEqual(runWhole(make, steps), [[8, 5, 'a', 1, null, null, null]]);
});
