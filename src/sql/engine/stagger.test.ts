import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findAggregate } from '../functions/aggregates.ts';
import type { AggregateCall } from '../plan/plan.ts';
import type { Row } from '../value.ts';
import type { Receiver } from './operator.ts';
import { below, diceOf, noErrors, randomSteps, rowsOf, runRestored, runWhole } from './operators.testing.ts';
import { Stagger } from './stagger.ts';
import { Tally } from './tally.ts';

const SUM: AggregateCall = {
  name: 'SUM',
  args: [{ op: 'column', index: 2, type: { name: 'INTEGER' } }],
  isDistinct: false,
  isIgnoringNulls: false,
  isFromLast: false,
  type: { name: 'BIGINT' },
};

const make = (out: Receiver): Stagger =>
  new Stagger(
    {
      keys: [(row) => row[1]!],
      rangeMs: 5000,
      tallies: [new Tally(() => findAggregate('SUM')!.accumulator(SUM), [(row) => row[2]!])],
    },
    noErrors,
    noErrors,
    out,
  );

const naive = (rows: readonly Row[]): Row[] => {
  const windows: { endMs: number; key: unknown; sum: number }[] = [];
  for (const [timeMs, key, value] of rows) {
    const open = windows.find((window) => window.key === key && window.endMs > (timeMs as number));
    if (open === undefined) windows.push({ endMs: (timeMs as number) + 5000, key, sum: value as number });
    else open.sum += value as number;
  }
  return windows
    .toSorted((left, right) => left.endMs - right.endMs)
    .map(({ endMs, key, sum }) => [endMs, key as string, sum]);
};

test('stagger windows are those of a plain computation, whole and restored', () => {
  for (let seed = 0; seed < 20; seed++) {
    const dice = diceOf(seed);
    const columns = (some: () => number): readonly (string | number | null)[] => [
      some() < 0.1 ? null : `k${below(some, seed % 2 === 0 ? 4 : 200)}`,
      below(some, 100),
    ];
    const steps = randomSteps(dice, { count: 200, gapMs: 1500, columns });
    const expected = naive(rowsOf(steps));
    assert.deepEqual(runWhole(make, steps), expected, `seed ${seed}`);
    assert.deepEqual(runRestored(make, steps, dice), expected, `seed ${seed}, restored`);
  }
});
