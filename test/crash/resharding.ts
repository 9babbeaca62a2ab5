/** Changes of a stream's shards: splits, merges and scaling. */
import type { Output } from '../../conformance/client.ts';
import { isClosed, isRefusal } from './answers.ts';
import { anyLayout, layoutOf, rangesOf } from './ledger.ts';
import { anyStream, type LoadParts } from './load-parts.ts';

const SHARDS_MAX = 6;

export async function reshard(parts: LoadParts): Promise<void> {
  const { client, dice } = parts;
  const model = anyStream(parts);
  const ranges = rangesOf(model?.layout.certain ?? anyLayout(0));
  if (model === undefined || ranges === undefined) return;
  const { Shards: shards } = await client.call('ListShards', { StreamName: model.name });
  const idOfStart = (start: bigint): string =>
    (shards as Output[]).findLast(
      (shard) => BigInt(shard['HashKeyRange'].StartingHashKey) === start && !isClosed(shard),
    )?.['ShardId'];
  const at = dice.integer(ranges.length);
  const [start, end] = ranges[at]!;
  const next = ranges[at + 1];
  const StreamName = model.name;
  if (ranges.length < SHARDS_MAX && dice.integer(ranges.length) < 2) {
    const middle = start + (end - start) / 2n + 1n;
    const split = ranges.toSpliced(at, 1, [start, middle - 1n], [middle, end]);
    await model.layout.change(
      layoutOf(split),
      () =>
        client.call('SplitShard', {
          StreamName,
          ShardToSplit: idOfStart(start),
          NewStartingHashKey: String(middle),
        }),
      isRefusal,
    );
  } else if (next !== undefined) {
    await model.layout.change(
      layoutOf(ranges.toSpliced(at, 2, [start, next[1]])),
      () =>
        client.call('MergeShards', {
          StreamName,
          ShardToMerge: idOfStart(start),
          AdjacentShardToMerge: idOfStart(next[0]),
        }),
      isRefusal,
    );
  }
}

/** To another number of shards, whose borders the next check finds out. */
export async function scale(parts: LoadParts): Promise<void> {
  const { client, dice } = parts;
  const model = anyStream(parts);
  const shards = rangesOf(model?.layout.certain ?? anyLayout(0))?.length;
  if (model === undefined || shards === undefined) return;
  const target = Math.max(1, Math.ceil(shards / 2)) + dice.integer(shards);
  if (target === shards || target > SHARDS_MAX) return;
  await model.layout.change(
    anyLayout(target),
    () =>
      client.call('UpdateShardCount', {
        StreamName: model.name,
        TargetShardCount: target,
        ScalingType: 'UNIFORM_SCALING',
      }),
    isRefusal,
  );
}
