/**
 * UpdateShardCount: from any open shards to `target` shards of equal ranges, by splits and merges alone, as AWS does it. First every
 * target boundary that no shard begins at is made by a split, then the pieces of each target range are merged. Shards that
 * live only in between are closed at once and stay in the lineage. Boundaries that are as good as there (equal ranges of 3 and of 6
 * shards differ by one key) are kept.
 */
import { uniformRanges } from './hash-key-ranges.ts';
import { nextShardIndex, type ReshardStep } from './reshard-plan.ts';
import type { Stream } from '../directory/stream.ts';

type Piece = { index: number; readonly start: bigint; end: bigint };

export function uniformSteps(
  stream: Pick<Stream, 'shards' | 'openShards'>,
  target: number,
): readonly ReshardStep[] {
  const steps: ReshardStep[] = [];
  let next = nextShardIndex(stream);
  const boundaries = snapped(stream, target);
  const pieces: Piece[] = [];
  let at = 1;
  for (const shard of stream.openShards) {
    let rest: Piece = {
      index: shard.index,
      start: BigInt(shard.startingHashKey),
      end: BigInt(shard.endingHashKey),
    };
    for (; at < boundaries.length && boundaries[at]! <= rest.end; at++) {
      const boundary = boundaries[at]!;
      if (boundary === rest.start) continue;
      steps.push({ kind: 'split', shard: rest.index, newStartingHashKey: String(boundary) });
      pieces.push({ index: next++, start: rest.start, end: boundary - 1n });
      rest = { index: next++, start: boundary, end: rest.end };
    }
    pieces.push(rest);
  }

  const starts = new Set(boundaries);
  let merged: Piece | undefined;
  for (const piece of pieces) {
    if (merged === undefined || starts.has(piece.start)) {
      merged = piece;
      continue;
    }
    steps.push({ kind: 'merge', lower: merged.index, upper: piece.index });
    merged = { index: next++, start: merged.start, end: piece.end };
  }
  return steps;
}

/** Where the target ranges begin, ascending from 0; an open shard's start is taken instead when it is within a millionth of a range. */
function snapped(stream: Pick<Stream, 'openShards'>, target: number): readonly bigint[] {
  const starts = stream.openShards.map((shard) => BigInt(shard.startingHashKey));
  const tolerance = (1n << 128n) / BigInt(target) / 1_000_000n;
  let near = 0;
  return uniformRanges(target).map((range) => {
    const wanted = BigInt(range.startingHashKey);
    while (near < starts.length && starts[near]! < wanted - tolerance) near++;
    const start = starts[near];
    return start !== undefined && start <= wanted + tolerance ? start : wanted;
  });
}
