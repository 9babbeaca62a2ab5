import type { Clock } from '../../host/host.ts';
import type { Limits } from '../../config/limits.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { changeStream, type ChangeParts, updating } from '../change-stream.ts';
import { resolveStream } from '../resolve-stream.ts';
import { requireActive } from '../stream-errors.ts';
import { checkWarmThroughput, requireThroughputCommitment } from '../account-settings.ts';
import { checkShardLimit } from '../account-limits.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
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

export function updateStreamWarmThroughput(
  parts: ChangeParts & {
    readonly clock: Clock;
    readonly limits: Limits;
    readonly stateDurationMs: number;
  },
): Handler<typeof UpdateStreamWarmThroughput> {
  return async (input, call) => {
    const stream = resolveStream(parts.directory, input, call);
    const warm = input.WarmThroughputMiBps;
    checkWarmThroughput(warm);
    const nowMs = parts.clock.now();
    const target = Math.max(stream.openShards.length, warm);
    await changeStream(parts, stream, async (row, transaction) => {
      if (row.mode !== 'ON_DEMAND') {
        throw new ServiceError(
          'ValidationException',
          `Request is invalid. Stream ${row.name} under account ${row.account} is in Provisioned mode.`,
        );
      }
      await requireThroughputCommitment(transaction, row, nowMs);
      requireActive(row);
      await checkShardLimit(transaction, row, target - stream.openShards.length, parts.limits);
      return {
        ...updating({ kind: 'grow', dueMs: nowMs + parts.stateDurationMs, target }),
        warm_throughput_mibps: warm,
      };
    });
    return {
      StreamName: stream.name,
      StreamARN: stream.arn,
      WarmThroughput: { TargetMiBps: warm, CurrentMiBps: stream.openShards.length },
    };
  };
}
