/** Shard-level monitoring: which metrics a stream has. Enable and Disable differ only in the set arithmetic. */
import type { Call } from '../../wire/shape/operation.ts';
import { changeStream, type ChangeParts } from '../directory/change-stream.ts';
import type { MetricsNames } from '../directory/describe.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import { MetricsName } from '../shapes.ts';
import { requireUsable } from '../directory/stream-errors.ts';

const EVERY_METRIC = MetricsName.values.filter((name) => name !== 'ALL');

type Input = {
  readonly StreamName?: string | undefined;
  readonly StreamARN?: string | undefined;
  readonly StreamId?: string | undefined;
  readonly ShardLevelMetrics: MetricsNames;
};

/** Answers what was on before and what is on now; `ALL` names every metric. */
export async function changeMonitoring(
  parts: ChangeParts,
  input: Input,
  call: Call,
  combine: (current: MetricsNames, named: MetricsNames) => MetricsNames,
): Promise<{
  readonly StreamName: string;
  readonly StreamARN: string;
  readonly CurrentShardLevelMetrics: MetricsNames;
  readonly DesiredShardLevelMetrics: MetricsNames;
}> {
  const stream = resolveStream(parts.directory, input, call);
  const named = input.ShardLevelMetrics.includes('ALL') ? EVERY_METRIC : input.ShardLevelMetrics;
  let current: MetricsNames = [];
  let desired: MetricsNames = [];
  await changeStream(parts, stream, (row) => {
    requireUsable(row);
    current = JSON.parse(row.monitoring_json) as MetricsNames;
    desired = combine(current, named);
    return { monitoring_json: JSON.stringify(desired) };
  });
  return {
    StreamName: stream.name,
    StreamARN: stream.arn,
    CurrentShardLevelMetrics: current,
    DesiredShardLevelMetrics: desired,
  };
}
