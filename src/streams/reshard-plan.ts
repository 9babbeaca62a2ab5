/**
 * Resharding as a list of splits and merges, and what becomes of the shards when they are done in order. Pure: the catalog
 * and the log follow in reshard.ts. New shards are numbered on from the highest index, which is never a shard that retention
 * could have removed: it is always open, or a parent of a higher one.
 */
import { assert } from '../base/assert.ts';
import { hashKeyBefore } from './hash-key-ranges.ts';
import { isWide } from './hot-shards.ts';
import type { Shard, Stream } from './stream.ts';
import { demand, type Traffic } from './traffic.ts';

/** Shards are named by index, also those that an earlier step opens. */
export type ReshardStep =
  | { readonly kind: 'split'; readonly shard: number; readonly newStartingHashKey: string }
  | { readonly kind: 'merge'; readonly lower: number; readonly upper: number };

/** A shard as a reshard makes it; `closed` when a later step of the same reshard closed it again. */
export type OpenedShard = Omit<Shard, 'id' | 'createdMs' | 'closedMs' | 'closedPosition'> & {
  readonly closed: boolean;
};

export function splitSteps(shard: number, newStartingHashKey: string): readonly ReshardStep[] {
  return [{ kind: 'split', shard, newStartingHashKey }];
}

export function mergeSteps(lower: number, upper: number): readonly ReshardStep[] {
  return [{ kind: 'merge', lower, upper }];
}

export function nextShardIndex(stream: Pick<Stream, 'shards'>): number {
  return (stream.shards.at(-1)?.index ?? -1) + 1;
}

/** How many shards the steps open: they get the indexes from `nextShardIndex` on. */
export function openedCount(steps: readonly ReshardStep[]): number {
  return steps.reduce((sum, step) => sum + (step.kind === 'split' ? 2 : 1), 0);
}

/**
 * The existing shards that the steps close, and the shards that they open. A child's creation second is the second of `nowMs`, but
 * always above its parents', so that its sequence numbers are above theirs, whatever the clock does.
 */
export function applySteps(
  stream: Pick<Stream, 'shards'>,
  steps: readonly ReshardStep[],
  nowMs: number,
): { readonly closing: readonly number[]; readonly opened: readonly OpenedShard[] } {
  type Living = Omit<OpenedShard, 'closed'>;
  const open = new Map<number, Living>(
    stream.shards.filter((shard) => shard.closedMs === undefined).map((shard) => [shard.index, shard]),
  );
  const opened: Living[] = [];
  const closing: number[] = [];
  const first = nextShardIndex(stream);

  const take = (index: number): Living => {
    const shard = open.get(index);
    assert(shard !== undefined, `shard ${index} is open when a reshard begins`);
    open.delete(index);
    if (index < first) closing.push(index);
    return shard;
  };
  const add = (
    child: Pick<Living, 'startingHashKey' | 'endingHashKey'>,
    parent: Living,
    adjacent?: Living,
  ): void => {
    const shard = {
      index: first + opened.length,
      parentIndex: parent.index,
      adjacentParentIndex: adjacent?.index,
      startingHashKey: child.startingHashKey,
      endingHashKey: child.endingHashKey,
      createdSeconds: Math.max(
        Math.floor(nowMs / 1000),
        parent.createdSeconds + 1,
        (adjacent?.createdSeconds ?? 0) + 1,
      ),
    };
    opened.push(shard);
    open.set(shard.index, shard);
  };

  for (const step of steps) {
    if (step.kind === 'split') {
      const parent = take(step.shard);
      const { startingHashKey, endingHashKey } = parent;
      add({ startingHashKey, endingHashKey: hashKeyBefore(step.newStartingHashKey) }, parent);
      add({ startingHashKey: step.newStartingHashKey, endingHashKey }, parent);
    } else {
      const lower = take(step.lower);
      const upper = take(step.upper);
      add({ startingHashKey: lower.startingHashKey, endingHashKey: upper.endingHashKey }, lower, upper);
    }
  }
  return { closing, opened: opened.map((shard) => ({ ...shard, closed: !open.has(shard.index) })) };
}

/**
 * Splits in half until `target` shards are open: always the shard with the most traffic, of equals the widest; what splitting does not
 * help counts as idle. This is how an on-demand stream grows.
 */
export function growSteps(stream: Stream, target: number, traffic: Traffic): readonly ReshardStep[] {
  type Weighed = {
    readonly index: number;
    readonly start: bigint;
    readonly end: bigint;
    readonly bytes: number;
  };
  const shards: Weighed[] = stream.openShards.map((shard) => ({
    index: shard.index,
    start: BigInt(shard.startingHashKey),
    end: BigInt(shard.endingHashKey),
    bytes: isWide(shard) ? demand(traffic.shard(stream.id, shard.index)) : 0,
  }));
  const steps: ReshardStep[] = [];
  let next = nextShardIndex(stream);
  while (shards.length < target) {
    const at = busiest(shards);
    const { index, start, end, bytes } = shards[at]!;
    const middle = start + (end - start) / 2n + 1n;
    steps.push({ kind: 'split', shard: index, newStartingHashKey: String(middle) });
    shards[at] = { index: next++, start, end: middle - 1n, bytes: bytes / 2 };
    shards.push({ index: next++, start: middle, end, bytes: bytes / 2 });
  }
  return steps;
}

function busiest(
  shards: readonly { readonly start: bigint; readonly end: bigint; readonly bytes: number }[],
): number {
  let found = 0;
  for (let at = 1; at < shards.length; at++) {
    const one = shards[at]!;
    const best = shards[found]!;
    if (one.bytes > best.bytes || (one.bytes === best.bytes && one.end - one.start > best.end - best.start)) {
      found = at;
    }
  }
  return found;
}
