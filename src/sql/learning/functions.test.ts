import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Operator, Receiver } from '../engine/operator.ts';
import {
  below,
  Collector,
  diceOf,
  randomSteps,
  rowsOf,
  runRestored,
  runWhole,
} from '../engine/operators.testing.ts';
import type { Column } from '../types.ts';
import type { Row, SqlValue } from '../value.ts';
import { DistinctCount } from './distinct-count.ts';
import { GroupRank } from './group-rank.ts';
import { Hotspots } from './hotspots.ts';
import { RandomCutForest } from './random-cut-forest.ts';
import { SpaceSaving } from './space-saving.ts';
import { Tumbling } from './tumbling.ts';

const COLUMNS: readonly Column[] = [
  { name: 'NAME', type: { name: 'VARCHAR', length: 4 } },
  { name: 'Systolic', type: { name: 'INTEGER' } },
  { name: 'Diastolic', type: { name: 'DOUBLE' } },
];

const FOREST = { columns: COLUMNS, trees: 20, sampleSize: 32, timeDecay: 1000, shingle: 1, seed: 3 };

const steps = (seed: number, count: number): ReturnType<typeof randomSteps> =>
  randomSteps(diceOf(seed), {
    count,
    gapMs: 400,
    columns: (dice) => ['x', 100 + below(dice, 10), dice() < 0.02 ? null : 60 + dice() * 5],
  });

const checkRestored = (make: (out: Receiver) => Operator, seed: number, count: number): readonly Row[] => {
  const given = steps(seed, count);
  const whole = runWhole(make, given);
  assert.deepEqual(runRestored(make, given, diceOf(seed)), whole);
  return whole;
};

test('a forest scores nothing while it learns, and then what is unlike the rest highest', () => {
  const make = (out: Receiver): Operator => new RandomCutForest({ ...FOREST, isDirected: undefined }, out);
  const rows = checkRestored(make, 1, 200);
  assert.ok(rows.slice(0, 32).every((row) => row[4] === 0));
  assert.ok(rows.slice(33).every((row) => (row[4] as number) > 0 || row[3] === null));
  const out = new Collector();
  const forest = make(out);
  for (const row of rowsOf(steps(1, 200))) (forest as unknown as Receiver).row(row);
  (forest as unknown as Receiver).row([2_000_000, 'x', 180, 60]);
  const last = out.rows.at(-1)![4] as number;
  assert.ok(last > 2 * Math.max(...out.rows.slice(0, -1).map((row) => row[4] as number)) * 0.8, String(last));
});

test('an explanation has four decimals, a direction, and sums up to the score', () => {
  const make = (out: Receiver): Operator => new RandomCutForest({ ...FOREST, isDirected: true }, out);
  const rows = checkRestored(make, 2, 120);
  assert.equal(
    rows[0]![5],
    '{"Systolic":{"DIRECTION":"LOW","STRENGTH":"0.0000","ATTRIBUTION_SCORE":"0.0000"},"Diastolic":{"DIRECTION":"LOW","STRENGTH":"0.0000","ATTRIBUTION_SCORE":"0.0000"}}',
  );
  for (const row of rows.slice(40)) {
    const explained = JSON.parse(row[5] as string) as Record<
      string,
      { DIRECTION: string; STRENGTH: string; ATTRIBUTION_SCORE: string }
    >;
    assert.deepEqual(Object.keys(explained), ['Systolic', 'Diastolic']);
    let total = 0;
    for (const { DIRECTION, STRENGTH, ATTRIBUTION_SCORE } of Object.values(explained)) {
      assert.match(ATTRIBUTION_SCORE, /^\d+\.\d{4}$/);
      assert.match(STRENGTH, /^\d+\.\d{4}$/);
      assert.match(DIRECTION, /^(?:HIGH|LOW)$/);
      total += Number(ATTRIBUTION_SCORE);
    }
    assert.ok(Math.abs(total - (row[4] as number)) < 2e-4);
  }
  const plain = new Collector();
  new RandomCutForest({ ...FOREST, isDirected: false }, plain).row([1, 'x', 100, 60]);
  assert.equal(
    plain.rows[0]![5],
    '{"Systolic":{"ATTRIBUTION_SCORE":"0.0000"},"Diastolic":{"ATTRIBUTION_SCORE":"0.0000"}}',
  );
});

test('a shingle sees what one row does not: a wave that breaks off', () => {
  const columns: readonly Column[] = [{ name: 'V', type: { name: 'DOUBLE' } }];
  const out = new Collector();
  const forest = new RandomCutForest(
    { ...FOREST, columns, trees: 50, sampleSize: 128, shingle: 8, isDirected: undefined },
    out,
  );
  for (let step = 0; step < 600; step++) {
    const isBroken = step >= 500 && step < 510;
    forest.row([step, isBroken ? 0 : Math.sin(step / 4)]);
  }
  const scores = out.rows.map((row) => row[2] as number);
  assert.ok(scores.slice(0, 128).every((score) => score === 0));
  const usual = Math.max(...scores.slice(300, 500));
  assert.ok(Math.max(...scores.slice(503, 512)) > usual * 1.3);
});

test('hotspots are the boxes around enough rows that lie close together', () => {
  const columns: readonly Column[] = [
    { name: 'X', type: { name: 'DOUBLE' } },
    { name: 'Y', type: { name: 'REAL' } },
  ];
  const make = (out: Receiver): Operator =>
    new Hotspots({ columns, windowSize: 100, scanRadius: 1, pointsMin: 5 }, out);
  const given = Array.from({ length: 150 }, (_, index) => {
    const isHot = index % 10 === 0;
    const row: Row = isHot
      ? [index, 50 + (index % 3) * 0.5, 20 + (index % 7) * 0.25]
      : [index, index * 3, -index];
    return { input: 0, row };
  });
  const whole = runWhole(make, given);
  assert.deepEqual(runRestored(make, given, diceOf(1)), whole);
  assert.deepEqual(JSON.parse(whole[30]![3] as string), { hotspots: [] });
  const found = JSON.parse(whole[149]![3] as string) as { hotspots: { density: number }[] };
  assert.deepEqual(found, {
    hotspots: [{ density: 10 / (1 * 1.5), minValues: [50, 20], maxValues: [51, 21.5] }],
  });
});

test('the most frequent items of a window, exactly where there are few', () => {
  const make = (out: Receiver): Operator => new Tumbling(new SpaceSaving(2, String), 1, 60_000, out);
  const items: (readonly [number, SqlValue])[] = [
    [1, 'a'],
    [2, 'b'],
    [3, 'b'],
    [4, null],
    [5, 'c'],
    [6, 'c'],
    [7, 'b'],
    [60_000, 'd'],
  ];
  const given = items.map((row) => ({ input: 0, row }));
  const expected = [
    [60_000, 'b', 3],
    [60_000, 'c', 2],
    [120_000, 'd', 1],
  ];
  assert.deepEqual(runWhole(make, given), expected);
  for (let seed = 0; seed < 10; seed++) assert.deepEqual(runRestored(make, given, diceOf(seed)), expected);
});

test('frequent items are found among more than there are counters', () => {
  const dice = diceOf(5);
  const make = (out: Receiver): Operator => new Tumbling(new SpaceSaving(5, String), 1, 3_600_000, out);
  const given = Array.from({ length: 10_000 }, (_, index) => ({
    input: 0,
    row: [index, dice() < 0.3 ? `hot${below(dice, 5)}` : `cold${below(dice, 8000)}`],
  }));
  const rows = runWhole(make, given);
  assert.deepEqual(rows.map((row) => row[1]).toSorted(), ['hot0', 'hot1', 'hot2', 'hot3', 'hot4']);
  for (const [, , count] of rows) assert.ok((count as number) > 500 && (count as number) < 720);
  assert.deepEqual(runRestored(make, given.slice(0, 3000), diceOf(1)), runWhole(make, given.slice(0, 3000)));
});

test('distinct items are counted exactly up to 10,000, and nearly beyond', () => {
  const count = (distinct: number, restoreAt?: number): number => {
    let gathering = new DistinctCount();
    for (let index = 0; index < distinct * 2; index++) {
      gathering.add(`item ${index % distinct}`);
      if (index !== restoreAt) continue;
      const cells = new Map<string, never>();
      gathering.save({
        put: (cell, state) => void cells.set(cell, structuredClone(state) as never),
        drop: () => undefined,
      });
      gathering = new DistinctCount();
      gathering.restore(cells);
    }
    gathering.add(null);
    return gathering.rows()[0]![0] as number;
  };
  assert.equal(count(0), 0);
  assert.equal(count(7), 7);
  assert.equal(count(10_000), 10_000);
  assert.equal(count(5000, 3000), 5000);
  for (const distinct of [10_001, 30_000, 100_000]) {
    const estimate = count(distinct);
    assert.ok(Math.abs(estimate - distinct) < distinct * 0.03, `${estimate} of ${distinct}`);
  }
  assert.equal(count(20_000, 15_000), count(20_000));
});

test('ranks of the rows of one time: equal values share a rank', () => {
  const make = (out: Receiver): Operator =>
    new GroupRank(
      {
        index: 2,
        isBefore: (left, right) => left < right,
        isDescending: true,
        isOutputDescending: false,
        outputMax: 3,
      },
      out,
    );
  const given = [
    [1, 'a', 5],
    [1, 'b', 9],
    [1, 'c', null],
    [1, 'd', 9],
    [2, 'e', 1],
  ].map((row) => ({ input: 0, row: row as Row }));
  const expected = [
    [1, 'b', 9, 1],
    [1, 'd', 9, 1],
    [1, 'a', 5, 3],
    [2, 'e', 1, 1],
  ];
  assert.deepEqual(runWhole(make, given), expected);
  for (let seed = 0; seed < 10; seed++) assert.deepEqual(runRestored(make, given, diceOf(seed)), expected);
});
