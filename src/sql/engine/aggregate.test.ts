import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findAggregate } from '../functions/aggregates.ts';
import type { AggregateCall } from '../plan/plan.ts';
import { RowError, type Row } from '../value.ts';
import { Aggregate } from './aggregate.ts';
import type { Receiver } from './operator.ts';
import {
  Collector,
  diceOf,
  noErrors,
  randomSteps,
  rowsOf,
  runRestored,
  runWhole,
} from './operators.testing.ts';
import { Tally } from './tally.ts';

const call = (name: string, index: number): AggregateCall => ({
  name,
  args: [{ op: 'column', index, type: { name: 'INTEGER' } }],
  isDistinct: false,
  isIgnoringNulls: false,
  isFromLast: false,
  type: { name: 'BIGINT' },
});

const tally = (name: string, index: number): Tally => {
  const of = call(name, index);
  return new Tally(() => findAggregate(name)!.accumulator(of), [(row) => row[index]!]);
};

const SECOND = 1000;
const floor = (timeMs: number): number => Math.floor(timeMs / (10 * SECOND)) * 10 * SECOND;

const byRowtime = (out: Receiver): Aggregate =>
  new Aggregate(
    {
      keys: [(row) => row[1]!],
      period: { of: 'rowtime', key: ([timeMs]) => floor(timeMs as number) },
      timeIndex: 1,
      tallies: [tally('COUNT', 2), tally('SUM', 2)],
    },
    noErrors,
    noErrors,
    out,
  );

/** Groups in the order of their periods, then of their first rows. */
const naive = (
  rows: readonly Row[],
  periodOf: (row: Row) => number,
  endOf: (period: number) => number,
): Row[] => {
  const groups = new Map<string, { period: number; key: unknown; values: number[] }>();
  for (const row of rows) {
    const period = periodOf(row);
    const id = `${period} ${String(row[1])}`;
    const group = groups.get(id) ?? { period, key: row[1], values: [] };
    if (row[2] !== null) group.values.push(row[2] as number);
    groups.set(id, group);
  }
  return [...groups.values()].map(({ period, key, values }) => [
    endOf(period),
    key as string,
    period,
    values.length,
    values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0),
  ]);
};

const columns = (dice: () => number): readonly (string | number | null)[] => [
  dice() < 0.1 ? null : 'abc'[Math.floor(dice() * 3)]!,
  dice() < 0.2 ? null : Math.floor(dice() * 100),
];

test('groups of a time window are those of a plain computation, whole and restored', () => {
  for (let seed = 0; seed < 20; seed++) {
    const dice = diceOf(seed);
    const steps = randomSteps(dice, { count: 150, gapMs: seed % 3 === 0 ? 30_000 : 1500, columns });
    const expected = naive(
      rowsOf(steps),
      ([timeMs]) => floor(timeMs as number),
      (period) => period + 10 * SECOND,
    );
    assert.deepEqual(runWhole(byRowtime, steps), expected, `seed ${seed}`);
    assert.deepEqual(runRestored(byRowtime, steps, dice), expected, `seed ${seed}, restored`);
  }
});

test('a bound ends a window without a row', () => {
  const out = new Collector();
  const aggregate = byRowtime(out);
  aggregate.row([12_000, 'a', 1]);
  aggregate.bound(19_999);
  assert.deepEqual(out.rows, []);
  aggregate.bound(20_000);
  assert.deepEqual(out.rows, [[20_000, 'a', 10_000, 1, 1]]);
});

test('where the key is not of ROWTIME alone, the next row ends the group, with its time', () => {
  const make = (out: Receiver): Aggregate =>
    new Aggregate(
      { keys: [], period: { of: 'row', key: (row) => row[1]! }, timeIndex: 0, tallies: [tally('SUM', 2)] },
      noErrors,
      noErrors,
      out,
    );
  const steps = [
    { input: 0, row: [1, 10, 1] },
    { input: 0, row: [2, 10, 2] },
    { input: 0, boundMs: 50 },
    { input: 0, row: [60, 11, 5] },
  ];
  const expected = [
    [60, 10, 3],
    [60, 11, 5],
  ];
  assert.deepEqual(runWhole(make, steps), expected);
  for (let seed = 0; seed < 20; seed++) assert.deepEqual(runRestored(make, steps, diceOf(seed)), expected);
});

test('a row with an error is in no group', () => {
  const out = new Collector();
  const errors: [string, Row][] = [];
  const aggregate = new Aggregate(
    {
      keys: [(row) => row[1]!],
      period: { of: 'rowtime', key: ([timeMs]) => floor(timeMs as number) },
      timeIndex: 0,
      tallies: [
        tally('COUNT', 2),
        new Tally(
          () => findAggregate('COUNT')!.accumulator(call('COUNT', 2)),
          [
            () => {
              throw new RowError('BAD', 'no such luck');
            },
          ],
        ),
      ],
    },
    (error, row) => errors.push([error.code, row]),
    noErrors,
    out,
  );
  aggregate.row([1, 'a', 1]);
  aggregate.bound(Infinity);
  assert.deepEqual(errors, [['BAD', [1, 'a', 1]]]);
  assert.deepEqual(out.rows, []);
});

test('only the cells of groups that have changed are written again', () => {
  const aggregate = byRowtime(new Collector());
  const saved: string[] = [];
  const changes = {
    put: (cell: string) => void saved.push(cell),
    drop: (cell: string) => void saved.push(`-${cell}`),
  };
  for (let key = 0; key < 200; key++) aggregate.row([1, `k${key}`, 1]);
  aggregate.save(changes);
  assert.deepEqual(saved.splice(0), ['g0', 'g1', 'g2', 'g3', 'period']);
  aggregate.row([2, 'k100', 1]);
  aggregate.save(changes);
  assert.deepEqual(saved.splice(0), ['g1', 'period']);
  aggregate.bound(10_000);
  aggregate.save(changes);
  assert.deepEqual(saved.splice(0), ['-g0', '-g1', '-g2', '-g3', 'period']);
});
