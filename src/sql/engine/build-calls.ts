import { assert } from '../../base/assert.ts';
import { findAggregate } from '../functions/aggregates.ts';
import type { Accumulator, AggregateFunction } from '../functions/function.ts';
import type { AggregateCall } from '../plan/plan.ts';
import { DistinctAccumulator } from './distinct-accumulator.ts';
import { valueOf } from './expressions.ts';
import type { Site } from './site.ts';
import { Tally } from './tally.ts';

export const aggregateOf = (call: AggregateCall): AggregateFunction => {
  const aggregate = findAggregate(call.name);
  assert(aggregate !== undefined, `${call.name} is no aggregate function`);
  return aggregate;
};

/** What makes an accumulator for a group, or for a frame that nothing leaves. */
export const accumulatorOf = (call: AggregateCall): (() => Accumulator) => {
  const aggregate = aggregateOf(call);
  return call.isDistinct
    ? () => new DistinctAccumulator(aggregate.accumulator(call))
    : () => aggregate.accumulator(call);
};

export const tallies = (calls: readonly AggregateCall[], site: Site): Tally[] =>
  calls.map(
    (call) =>
      new Tally(
        accumulatorOf(call),
        call.args.map((arg) => valueOf(arg, site)),
      ),
  );
