/**
 * Resharding as a list of splits and merges, and what becomes of the shards when they are done in order. Pure: the catalog
 * and the log follow in reshard.ts. New shards are numbered on from the highest index, which is never a shard that retention
 * could have removed: it is always open, or a parent of a higher one.
 */
import { assert } from '../../base/assert.ts';
import { hashKeyBefore } from './hash-key-ranges.ts';
import { isWide } from './hot-shards.ts';
import type { Shard, Stream } from '../directory/stream.ts';
import { demand, type Traffic } from '../writing/traffic.ts';

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
  const heap: Weighed[] = [];
  stream.openShards.forEach((shard, order) => {
    const start = BigInt(shard.startingHashKey);
    const end = BigInt(shard.endingHashKey);
    const bytes = isWide(shard) ? demand(traffic.shard(stream.id, shard.index)) : 0;
    rise(heap, { index: shard.index, start, end, width: end - start, bytes, order });
  });
  const steps: ReshardStep[] = [];
  let next = nextShardIndex(stream);
  while (heap.length < target) {
    const { index, start, end, bytes, order } = heap[0]!;
    const middle = start + (end - start) / 2n + 1n;
    steps.push({ kind: 'split', shard: index, newStartingHashKey: String(middle) });
    const lower = { start, end: middle - 1n, width: middle - 1n - start };
    const upper = { start: middle, end, width: end - middle };
    replaceFirst(heap, { index: next++, ...lower, bytes: bytes / 2, order });
    rise(heap, { index: next++, ...upper, bytes: bytes / 2, order: heap.length });
  }
  return steps;
}

type Weighed = {
  readonly index: number;
  readonly start: bigint;
  readonly end: bigint;
  readonly width: bigint;
  readonly bytes: number;
  /** Of equals the first is split first. */
  readonly order: number;
};

function splitsBefore(one: Weighed, other: Weighed): boolean {
  if (one.bytes !== other.bytes) return one.bytes > other.bytes;
  if (one.width !== other.width) return one.width > other.width;
  return one.order < other.order;
}

/** A heap, because a stream may grow by ten thousands of shards at once: looking at all of them for each took minutes. */
function rise(heap: Weighed[], added: Weighed): void {
  let at = heap.push(added) - 1;
  for (let parent = (at - 1) >> 1; at > 0 && splitsBefore(added, heap[parent]!); parent = (at - 1) >> 1) {
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = added;
}

function replaceFirst(heap: Weighed[], added: Weighed): void {
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const child = left + 1 < heap.length && splitsBefore(heap[left + 1]!, heap[left]!) ? left + 1 : left;
    if (child >= heap.length || !splitsBefore(heap[child]!, added)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = added;
}
