import type { Clock } from '../../host/host.ts';
import type { Limits } from '../../config/limits.ts';
import {
  changeStream,
  recentChanges,
  withChange,
  type ChangeParts,
  updating,
} from '../directory/change-stream.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import { limitExceeded, requireActive, requireProvisioned } from '../directory/stream-errors.ts';
import { checkShardLimit } from '../limits/account-limits.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import { PositiveIntegerObject, ScalingType, StreamARN, StreamId, StreamName } from '../shapes.ts';

export const UpdateShardCount = operation({
  name: 'UpdateShardCount',
  action: 'kinesis:UpdateShardCount',
  resources: streamResource,
  input: structure('UpdateShardCountInput', {
    StreamName: optional(StreamName),
    TargetShardCount: required(PositiveIntegerObject),
    ScalingType: required(ScalingType),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('UpdateShardCountOutput', {
    StreamName: optional(StreamName),
    CurrentShardCount: optional(PositiveIntegerObject),
    TargetShardCount: optional(PositiveIntegerObject),
    StreamARN: optional(StreamARN),
  }),
  errors: [
    'InvalidArgumentException',
    'LimitExceededException',
    'ResourceInUseException',
    'ResourceNotFoundException',
    'ValidationException',
    'AccessDeniedException',
  ],
});

export function updateShardCount(
  parts: ChangeParts & {
    readonly clock: Clock;
    readonly limits: Limits;
    readonly stateDurationMs: number;
  },
): Handler<typeof UpdateShardCount> {
  return async (input, call) => {
    const stream = resolveStream(parts.directory, input, call);
    const target = input.TargetShardCount;
    const nowMs = parts.clock.now();
    let current = 0;
    await changeStream(parts, stream, async (row, transaction) => {
      requireProvisioned(row);
      requireActive(row);
      const { open } = await transaction
        .selectFrom('shards')
        .select((select) => select.fn.countAll<number>().as('open'))
        .where('stream_id', '=', stream.id)
        .where('closed_ms', 'is', null)
        .executeTakeFirstOrThrow();
      current = Number(open);
      checkTarget(current, target, parts.limits);
      await checkShardLimit(transaction, row, target - current, parts.limits);
      if (recentChanges(row, 'shard-count', nowMs).length >= parts.limits.updateShardCountsPerDay) {
        throw limitExceeded(
          `Operation UpdateShardCount cannot scale stream: ${row.name} more than ${parts.limits.updateShardCountsPerDay} times ` +
            'in a rolling 24 hour period.',
        );
      }
      return {
        ...updating({ kind: 'scale', dueMs: nowMs + parts.stateDurationMs, target }),
        changes_json: withChange(row, 'shard-count', nowMs),
      };
    });
    return {
      StreamName: stream.name,
      StreamARN: stream.arn,
      CurrentShardCount: current,
      TargetShardCount: target,
    };
  };
}

/** At most double and at least half, and at most 10,000 (a larger stream must come down to below that); all three are lifted with the limit. */
function checkTarget(current: number, target: number, limits: Limits): void {
  const max = limits.shardCountMaxByUpdate;
  if (max === Infinity) return;
  const counts = `Current open shard count: ${current} Target shard count: ${target}`;
  if (target > max || (current > max && target === max)) {
    throw limitExceeded(
      `Target shard count or number of open shards cannot be greater than ${max}. ${counts}`,
    );
  }
  if (target > current * 2) {
    throw limitExceeded(
      `UpdateShardCount cannot scale up over double your current open shard count. ${counts}`,
    );
  }
  if (target < current / 2) {
    throw limitExceeded(
      `UpdateShardCount cannot scale down below half your current open shard count. ${counts}`,
    );
  }
}
