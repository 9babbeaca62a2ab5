/**
 * The data plane's side of `WriteHold`. A writer picks the open shard from the stream's snapshot and starts its append in the
 * same turn, so a snapshot is never stale for it; only while a reshard is between "nothing more goes in" and "the directory
 * shows the children" must it wait, and that is this gate. Nothing is lost, and nothing is written after a close.
 */
import type { WriteHold } from './write-hold.ts';
import { assert } from '../../base/assert.ts';

export interface WriteGate extends WriteHold {
  /** When one of the shards is held: resolves once it is worth looking at the directory again. undefined when none is. */
  held(streamId: string, shards: Iterable<number>): Promise<void> | undefined;
  /** Counts an append as under way until it settles. Called in the same turn as `held` answered undefined. */
  track(streamId: string, append: Promise<unknown>): void;
}

type Held = { readonly shards: ReadonlySet<number>; readonly released: Promise<void> };

export function createWriteGate(): WriteGate {
  const holds = new Map<string, Held>();
  const underWay = new Map<string, Set<Promise<unknown>>>();

  function held(streamId: string, shards: Iterable<number>): Promise<void> | undefined {
    if (holds.size === 0) return undefined;
    const hold = holds.get(streamId);
    if (hold === undefined) return undefined;
    for (const shard of shards) if (hold.shards.has(shard)) return hold.released;
    return undefined;
  }

  function track(streamId: string, append: Promise<unknown>): void {
    let appends = underWay.get(streamId);
    if (appends === undefined) underWay.set(streamId, (appends = new Set()));
    const ofStream = appends;
    ofStream.add(append);
    const settled = (): void => {
      ofStream.delete(append);
      if (ofStream.size === 0 && underWay.get(streamId) === ofStream) underWay.delete(streamId);
    };
    append.then(settled, settled);
  }

  async function hold(streamId: string, shards: readonly number[]): Promise<Disposable> {
    assert(!holds.has(streamId), `one hold of stream ${streamId} at a time`);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const mine: Held = { shards: new Set(shards), released };
    holds.set(streamId, mine);
    await Promise.allSettled(underWay.get(streamId) ?? []);
    return {
      [Symbol.dispose]() {
        if (holds.get(streamId) !== mine) return;
        holds.delete(streamId);
        release();
      },
    };
  }

  return { hold, held, track };
}
