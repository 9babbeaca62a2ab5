import type { Clock } from '../../host/host.ts';
import { changeStream, updating, type ChangeParts } from '../directory/change-stream.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import { invalidArgument, requireActive, requireProvisioned } from '../directory/stream-errors.ts';
import { areAdjacent } from '../resharding/hash-key-ranges.ts';
import { existingShard, rangeOf, requireOpen, shardIndexNamed } from '../resharding/reshard-checks.ts';
import { shardId } from '../directory/stream-rows.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import { ShardId, StreamARN, StreamId, StreamName } from '../shapes.ts';

export const MergeShards = operation({
  name: 'MergeShards',
  action: 'kinesis:MergeShards',
  resources: streamResource,
  input: structure('MergeShardsInput', {
    StreamName: optional(StreamName),
    ShardToMerge: required(ShardId),
    AdjacentShardToMerge: required(ShardId),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('MergeShardsOutput', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'LimitExceededException',
    'ValidationException',
    'AccessDeniedException',
  ],
});

export function mergeShards(
  parts: ChangeParts & { readonly clock: Clock; readonly stateDurationMs: number },
): Handler<typeof MergeShards> {
  return async (input, call) => {
    const stream = resolveStream(parts.directory, input, call);
    const lower = shardIndexNamed(input.ShardToMerge, stream);
    const upper = shardIndexNamed(input.AdjacentShardToMerge, stream);
    await changeStream(parts, stream, async (row, transaction) => {
      requireProvisioned(row);
      requireActive(row);
      const first = await existingShard(transaction, stream, lower);
      const second = await existingShard(transaction, stream, upper);
      if (!areAdjacent(rangeOf(first), rangeOf(second))) {
        throw invalidArgument(
          `Shards ${shardId(lower)} and ${shardId(upper)} in stream ${row.name} under account ${row.account} ` +
            'are not an adjacent pair of shards eligible for merging',
        );
      }
      requireOpen(first, stream);
      requireOpen(second, stream);
      return updating({
        kind: 'merge',
        dueMs: parts.clock.now() + parts.stateDurationMs,
        shard: lower,
        adjacent: upper,
      });
    });
    return {};
  };
}
