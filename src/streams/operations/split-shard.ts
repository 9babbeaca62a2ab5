import type { Clock } from '../../host/host.ts';
import type { Limits } from '../../config/limits.ts';
import { changeStream, updating, type ChangeParts } from '../directory/change-stream.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import { invalidArgument, requireActive, requireProvisioned } from '../directory/stream-errors.ts';
import { checkShardLimit } from '../limits/account-limits.ts';
import { canSplitAt } from '../resharding/hash-key-ranges.ts';
import { existingShard, rangeOf, requireOpen, shardIndexNamed } from '../resharding/reshard-checks.ts';
import { shardId } from '../directory/stream-rows.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import { HashKey, ShardId, StreamARN, StreamId, StreamName } from '../shapes.ts';

export const SplitShard = operation({
  name: 'SplitShard',
  action: 'kinesis:SplitShard',
  resources: streamResource,
  input: structure('SplitShardInput', {
    StreamName: optional(StreamName),
    ShardToSplit: required(ShardId),
    NewStartingHashKey: required(HashKey),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('SplitShardOutput', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'LimitExceededException',
    'ValidationException',
    'AccessDeniedException',
  ],
});

export function splitShard(
  parts: ChangeParts & {
    readonly clock: Clock;
    readonly limits: Limits;
    readonly stateDurationMs: number;
  },
): Handler<typeof SplitShard> {
  return async (input, call) => {
    const stream = resolveStream(parts.directory, input, call);
    const index = shardIndexNamed(input.ShardToSplit, stream);
    const { NewStartingHashKey: key } = input;
    await changeStream(parts, stream, async (row, transaction) => {
      requireProvisioned(row);
      requireActive(row);
      const shard = await existingShard(transaction, stream, index);
      await checkShardLimit(transaction, row, 1, parts.limits);
      const range = rangeOf(shard);
      if (!canSplitAt(range, key)) {
        throw invalidArgument(
          `NewStartingHashKey ${key} used in SplitShard() on shard ${shardId(index)} in stream ${row.name} ` +
            `under account ${row.account} is not both greater than one plus the shard's StartingHashKey ` +
            `${range.startingHashKey} and less than the shard's EndingHashKey ${range.endingHashKey}.`,
        );
      }
      requireOpen(shard, stream);
      return updating({
        kind: 'split',
        dueMs: parts.clock.now() + parts.stateDurationMs,
        shard: index,
        newStartingHashKey: key,
      });
    });
    return {};
  };
}
