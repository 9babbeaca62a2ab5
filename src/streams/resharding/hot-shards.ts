/**
 * Shards of an on-demand stream that take too much: "When the incoming traffic exceeds 500 KB/s per shard, it splits the shard"
 * (developer guide, "Choose the right mode"). One partition key may be all the traffic of a shard, and no split parts it; so
 * a shard that is as narrow as the narrowest of the largest stream is left alone.
 */
import { uniformRanges } from './hash-key-ranges.ts';
import type { Shard, Stream } from '../directory/stream.ts';
import { demand, type Traffic } from '../writing/traffic.ts';

const HOT_BYTES_PER_SECOND = 500_000;
const NARROWEST = (1n << 128n) / (10n * 1024n);

/** How many open shards are hot and can be split. */
export function hotShards(stream: Stream, traffic: Traffic): number {
  return stream.openShards.filter(
    (shard) => load(stream, shard, traffic) > HOT_BYTES_PER_SECOND && isWide(shard),
  ).length;
}

/** Whether one of `target` equal shards would be hot with the present traffic. */
export function wouldBeHot(stream: Stream, target: number, traffic: Traffic): boolean {
  const ranges = uniformRanges(target).map((range) => BigInt(range.endingHashKey));
  const loads = ranges.map(() => 0);
  let at = 0;
  for (const shard of stream.openShards) {
    while (ranges[at]! < BigInt(shard.startingHashKey)) at++;
    loads[at]! += load(stream, shard, traffic);
  }
  return loads.some((one) => one > HOT_BYTES_PER_SECOND);
}

function load(stream: Stream, shard: Shard, traffic: Traffic): number {
  return demand(traffic.shard(stream.id, shard.index));
}

/** Whether splitting it may part its traffic. */
export function isWide(shard: Shard): boolean {
  return BigInt(shard.endingHashKey) - BigInt(shard.startingHashKey) > NARROWEST;
}
