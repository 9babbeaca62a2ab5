import type { Clock } from '../../host/host.ts';
import type { Limits } from '../../config/limits.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { changeStream, type ChangeParts, updating } from '../directory/change-stream.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import { requireActive } from '../directory/stream-errors.ts';
import { checkWarmThroughput, requireThroughputCommitment } from '../settings/account-settings.ts';
import { checkShardLimit } from '../limits/account-limits.ts';
import { wouldBeHot } from '../resharding/hot-shards.ts';
import { withPeak } from '../resharding/peaks.ts';
import { shardsNeeded } from '../resharding/scaling.ts';
import { demand, type Traffic } from '../writing/traffic.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import { NaturalIntegerObject, StreamARN, StreamId, StreamName, WarmThroughputObject } from '../shapes.ts';

export const UpdateStreamWarmThroughput = operation({
  name: 'UpdateStreamWarmThroughput',
  action: 'kinesis:UpdateStreamWarmThroughput',
  resources: streamResource,
  input: structure('UpdateStreamWarmThroughputInput', {
    StreamARN: optional(StreamARN),
    StreamName: optional(StreamName),
    StreamId: optional(StreamId),
    WarmThroughputMiBps: required(NaturalIntegerObject),
  }),
  output: structure('UpdateStreamWarmThroughputOutput', {
    StreamARN: optional(StreamARN),
    StreamName: optional(StreamName),
    WarmThroughput: optional(WarmThroughputObject),
  }),
  errors: [
    'AccessDeniedException',
    'ResourceNotFoundException',
    'LimitExceededException',
    'InvalidArgumentException',
    'ResourceInUseException',
    'ValidationException',
  ],
});

/**
 * At once as many shards as the throughput needs. To fewer than there are it scales down, but "to the requested number or the capacity
 * needed to support peak data ingest usage observed within the last hour, whichever is higher" (developer guide, "Update a stream").
 * 0 takes the setting away.
 */
export function updateStreamWarmThroughput(
  parts: ChangeParts & {
    readonly clock: Clock;
    readonly limits: Limits;
    readonly traffic: Traffic;
    readonly stateDurationMs: number;
  },
): Handler<typeof UpdateStreamWarmThroughput> {
  return async (input, call) => {
    const stream = resolveStream(parts.directory, input, call);
    const warm = input.WarmThroughputMiBps;
    checkWarmThroughput(warm, parts.limits);
    const nowMs = parts.clock.now();
    const open = stream.openShards.length;
    const demanded = demand(parts.traffic.streamPeakOfHour(stream.id));
    const target = shardsNeeded({ warmThroughputMibps: warm }, demanded, parts.limits);
    const shrinks = target < open && !wouldBeHot(stream, target, parts.traffic);
    await changeStream(parts, stream, async (row, transaction) => {
      if (row.mode !== 'ON_DEMAND') {
        throw new ServiceError(
          'ValidationException',
          `Request is invalid. Stream ${row.name} under account ${row.account} is in Provisioned mode.`,
        );
      }
      await requireThroughputCommitment(transaction, row, nowMs);
      requireActive(row);
      await checkShardLimit(transaction, row, target - open, parts.limits);
      const dueMs = nowMs + parts.stateDurationMs;
      const kept = { warm_throughput_mibps: warm === 0 ? null : warm };
      if (!shrinks) return { ...updating({ kind: 'grow', dueMs, target: Math.max(target, open) }), ...kept };
      return {
        ...updating({ kind: 'scale', dueMs, target }),
        ...kept,
        // What the burst before that hour called for is given up.
        peaks_json: withPeak('{}', nowMs, demanded),
      };
    });
    return {
      StreamName: stream.name,
      StreamARN: stream.arn,
      WarmThroughput: { TargetMiBps: warm, CurrentMiBps: open },
    };
  };
}
