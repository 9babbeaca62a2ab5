import { assert } from '../../base/assert.ts';
import { findAggregate } from '../functions/aggregates.ts';
import type { Accumulator, AggregateFunction } from '../functions/function.ts';
import type { AggregateCall } from '../plan/plan.ts';
import { DistinctAccumulator } from './distinct-accumulator.ts';
import { valueOf } from './expressions.ts';
import type { Position } from './frame-position.ts';
import type { Arguments } from './frame.ts';
import { positionAccumulator, RunningPosition } from './running-position.ts';
import type { Site } from './site.ts';
import { Tally } from './tally.ts';

export const POSITIONS: ReadonlySet<string> = new Set(['FIRST_VALUE', 'LAST_VALUE', 'NTH_VALUE', 'LAG']);

/** Where the place of NTH_VALUE and LAG is a constant. */
export const runningPosition = (call: AggregateCall, args: Arguments): RunningPosition => {
  const offset = call.args[1];
  const count = offset?.op === 'literal' ? Number(offset.value) : 1;
  return new RunningPosition(call.name as Position, args, count, call);
};

export const aggregateOf = (call: AggregateCall): AggregateFunction => {
  const aggregate = findAggregate(call.name);
  assert(aggregate !== undefined, `${call.name} is no aggregate function`);
  return aggregate;
};

/** What makes an accumulator for a group, or for a frame that nothing leaves. */
export const accumulatorOf = (call: AggregateCall): (() => Accumulator) => {
  const offset = call.args[1];
  if (POSITIONS.has(call.name) && (offset === undefined || offset.op === 'literal'))
    return () => positionAccumulator(runningPosition(call, { from: 0, count: call.args.length }));
  const aggregate = aggregateOf(call);
  return call.isDistinct
    ? () => new DistinctAccumulator(aggregate.accumulator(call))
    : () => aggregate.accumulator(call);
};

export const tallies = (
  calls: readonly AggregateCall[],
  site: Pick<Site, 'times' | 'surroundings'>,
): Tally[] =>
  calls.map(
    (call) =>
      new Tally(
        accumulatorOf(call),
        call.args.map((arg) => valueOf(arg, site)),
      ),
  );
