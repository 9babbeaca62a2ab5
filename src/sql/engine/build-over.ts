import { isBeforeOf } from '../functions/comparison.ts';
import type { AggregateCall, OverWindow, Relation } from '../plan/plan.ts';
import { accumulatorOf, aggregateOf, POSITIONS, runningPosition } from './build-calls.ts';
import { rowOf, valueOf } from './expressions.ts';
import { PositionResult, type Position } from './frame-position.ts';
import {
  DistinctResult,
  ExtremeResult,
  RecomputedResult,
  RemovableResult,
  RunningResult,
  type Arguments,
  type FrameResult,
} from './frame.ts';
import type { Receiver } from './operator.ts';
import type { FrameBounds } from './over-frames.ts';
import { Over, type OverWindowParts } from './over.ts';
import { followsRowtime } from './retime.ts';
import type { Site } from './site.ts';

export const buildOver = (
  { input, windows }: Extract<Relation, { op: 'over' }>,
  out: Receiver,
  site: Site,
): Over =>
  site.register(
    new Over(
      windows.map((window) => windowParts(window, site)),
      site.errors(input),
      out,
    ),
  );

const windowParts = ({ partitionBy, frame, calls }: OverWindow, site: Site): OverWindowParts => {
  const bounds: FrameBounds =
    frame.unit === 'RANGE'
      ? { unit: 'RANGE', preceding: frame.precedingMs, end: frame.endMs }
      : { unit: 'ROWS', preceding: frame.precedingRows, end: frame.endRows };
  const isUnbounded = bounds.preceding === Infinity;
  const isRunning = isUnbounded && bounds.end === 0 && calls.every((call) => !isOfAnyRow(call));
  let from = 1;
  const made = calls.map((call) => {
    const args = { from, count: call.args.length };
    from += call.args.length;
    return () => (isRunning ? runningResult(call, args) : frameResult(call, args, isUnbounded));
  });
  const epoch = partitionBy.find(followsRowtime);
  return {
    epochOf: epoch === undefined ? undefined : valueOf(epoch, site),
    keys: partitionBy.map((key) => valueOf(key, site)),
    bounds,
    isRunning,
    entryOf: rowOf(
      calls.flatMap((call) => call.args),
      undefined,
      site,
    ),
    results: () => made.map((make) => make()),
  };
};

/** Its place in the frame is not the same for all rows. */
const isOfAnyRow = ({ name, args: [, offset] }: AggregateCall): boolean =>
  POSITIONS.has(name) && offset !== undefined && offset.op !== 'literal';

const runningResult = (call: AggregateCall, args: Arguments): FrameResult => {
  if (!POSITIONS.has(call.name)) return new RunningResult(accumulatorOf(call), args);
  return runningPosition(call, args);
};

const frameResult = (call: AggregateCall, args: Arguments, isUnbounded: boolean): FrameResult => {
  if (POSITIONS.has(call.name)) return new PositionResult(call.name as Position, args, call);
  if (isUnbounded) return new RunningResult(accumulatorOf(call), args);
  if (call.name === 'MIN' || call.name === 'MAX') {
    const isBefore = isBeforeOf((call.args[0] as { type: AggregateCall['type'] }).type);
    return new ExtremeResult(
      args,
      call.name === 'MIN' ? isBefore : (left: never, right: never) => isBefore(right, left),
    );
  }
  if (!aggregateOf(call).canRemove) return new RecomputedResult(accumulatorOf(call), args);
  const removable = new RemovableResult(() => aggregateOf(call).accumulator(call), args);
  return call.isDistinct ? new DistinctResult(removable, args) : removable;
};
