import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Checkpoint, diceOf } from '../engine/operators.testing.ts';
import { SCORED } from './published-scores.testing.ts';
import { Forest } from './forest.ts';

const PARTS = { trees: 60, sampleSize: 256, timeDecay: 2560, dimensions: 2, seed: 7 };

const scores = (forest: Forest): number[] =>
  SCORED.map(([x, y]) => {
    const point = Float64Array.of(x, y);
    const score = forest.score(point);
    forest.learn(point);
    return score;
  });

const ranks = (values: readonly number[]): number[] => {
  const order = values.map((value, index) => ({ value, index })).toSorted((a, b) => a.value - b.value);
  const ranked: number[] = [];
  for (const [rank, { index }] of order.entries()) ranked[index] = rank;
  return ranked;
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const correlation = (left: readonly number[], right: readonly number[]): number => {
  const [leftMean, rightMean] = [mean(left), mean(right)];
  let [both, ofLeft, ofRight] = [0, 0, 0];
  for (const [index, value] of left.entries()) {
    const [a, b] = [value - leftMean, right[index]! - rightMean];
    both += a * b;
    ofLeft += a * a;
    ofRight += b * b;
  }
  return both / Math.sqrt(ofLeft * ofRight);
};

/** The chance that a point put far off scores above another one. */
const areaUnderCurve = (values: readonly number[], isFarOff: readonly boolean[]): number => {
  const far = values.filter((_, index) => isFarOff[index]);
  const near = values.filter((_, index) => !isFarOff[index]);
  let wins = 0;
  for (const high of far) for (const low of near) wins += high > low ? 1 : high === low ? 0.5 : 0;
  return wins / (far.length * near.length);
};

test('scores are those of the published library, but for the dice', () => {
  const ours = scores(new Forest(PARTS)).slice(256);
  const recorded = SCORED.slice(256);
  const theirs = recorded.map(([, , , , score]) => score);
  const displacements = recorded.map(([, , , displacement]) => displacement);
  const isFarOff = recorded.map(([, , far]) => far === 1);
  for (const values of [ours, theirs, displacements]) assert.ok(areaUnderCurve(values, isFarOff) > 0.99);
  const order = correlation(ranks(ours), ranks(theirs));
  assert.ok(order > 0.92, `rank correlation ${order}`);
  assert.ok(correlation(ranks(ours), ranks(displacements)) > 0.63);
  for (const [index, score] of ours.entries()) {
    const difference = Math.abs(score - theirs[index]!);
    assert.ok(difference < 0.15 + theirs[index]! * 0.25, `${score} for ${theirs[index]} at ${index}`);
  }
  assert.ok(Math.abs(mean(ours) - mean(theirs)) < 0.03, `a mean of ${mean(ours)} for ${mean(theirs)}`);
});

test('a restored forest gives the same scores to the bit', () => {
  const parts = { ...PARTS, trees: 8, sampleSize: 64 };
  const whole = scores(new Forest(parts));
  const dice = diceOf(3);
  const checkpoint = new Checkpoint();
  let forest = new Forest(parts);
  const restored = SCORED.map(([x, y]) => {
    const point = Float64Array.of(x, y);
    const score = forest.score(point);
    forest.learn(point);
    if (dice() < 0.05) forest.save(checkpoint);
    if (dice() < 0.02) {
      forest.save(checkpoint);
      forest = new Forest(parts);
      forest.restore(structuredClone(checkpoint.cells));
    }
    return score;
  });
  assert.deepEqual(restored, whole);
});

test('what the dimensions bring is the score, and says on which side the point lies', () => {
  const forest = new Forest({ ...PARTS, trees: 20, sampleSize: 64 });
  scores(forest);
  for (const [x, y, dimension, side] of [
    [20, 1, 0, 'high'],
    [-20, 1, 0, 'low'],
    [0, 20, 1, 'high'],
    [0, -20, 1, 'low'],
  ] as const) {
    const point = Float64Array.of(x, y);
    const { high, low } = forest.explain(point);
    const parts = [...high, ...low];
    const total = parts.reduce((sum, part) => sum + part, 0);
    assert.ok(Math.abs(total - forest.score(point)) < 1e-9);
    assert.ok(parts.every((part) => part >= 0));
    const expected = side === 'high' ? high[dimension]! : low[dimension]!;
    assert.equal(Math.max(...parts), expected);
    assert.ok(expected > total * 0.8);
  }
});

test('points that are equal many times over share a leaf, and the forest lives on', () => {
  const forest = new Forest({ ...PARTS, trees: 10, sampleSize: 16, timeDecay: 20 });
  for (let step = 0; step < 500; step++) forest.learn(Float64Array.of(step % 3, 1));
  const usual = forest.score(Float64Array.of(1, 1));
  const far = forest.score(Float64Array.of(50, 1));
  assert.ok(far > usual * 2, `${far} against ${usual}`);
});
