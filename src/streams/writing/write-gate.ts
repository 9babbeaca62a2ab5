/**
 * The data plane's side of `WriteHold`. A writer picks the open shard from the stream's snapshot and starts its append in the
 * same turn, so a snapshot is never stale for it; only while a reshard is between "nothing more goes in" and "the directory
 * shows the children" must it wait, and that is this gate. Nothing is lost, and nothing is written after a close.
 */
import type { WriteHold } from './write-hold.ts';
import { assert } from '../../base/assert.ts';

export interface WriteGate extends WriteHold {
  /** When one of the shards is held: resolves once it is worth looking at the directory again. undefined when none is. */
  held(streamId: string, writes: Writes): Promise<void> | undefined;
  /** An append is under way until it is given back with `leave`. Called in the same turn as `held` answered undefined. */
  enter(streamId: string): UnderWay;
  leave(underWay: UnderWay): void;
}

/** What is to be written. The shards are asked for only while some are held. */
type Writes = { shardIndexes(): Iterable<number> };

/** The appends to a stream that began between one hold and the next. */
export type UnderWay = { readonly streamId: string; appends: number; onEmpty: (() => void) | undefined };

type Held = { readonly shards: ReadonlySet<number>; readonly released: Promise<void> };

export function createWriteGate(): WriteGate {
  const holds = new Map<string, Held>();
  const underWays = new Map<string, UnderWay>();

  function held(streamId: string, writes: Writes): Promise<void> | undefined {
    if (holds.size === 0) return undefined;
    const hold = holds.get(streamId);
    if (hold === undefined) return undefined;
    for (const shard of writes.shardIndexes()) if (hold.shards.has(shard)) return hold.released;
    return undefined;
  }

  function enter(streamId: string): UnderWay {
    let underWay = underWays.get(streamId);
    if (underWay === undefined)
      underWays.set(streamId, (underWay = { streamId, appends: 0, onEmpty: undefined }));
    underWay.appends++;
    return underWay;
  }

  function leave(underWay: UnderWay): void {
    underWay.appends--;
    if (underWay.appends > 0) return;
    if (underWays.get(underWay.streamId) === underWay) underWays.delete(underWay.streamId);
    underWay.onEmpty?.();
  }

  async function hold(streamId: string, shards: readonly number[]): Promise<Disposable> {
    assert(!holds.has(streamId), `one hold of stream ${streamId} at a time`);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const mine: Held = { shards: new Set(shards), released };
    holds.set(streamId, mine);
    const underWay = underWays.get(streamId);
    // Appends to other shards go on and are counted apart, so that this ends.
    underWays.delete(streamId);
    if (underWay !== undefined) await new Promise<void>((resolve) => (underWay.onEmpty = resolve));
    return {
      [Symbol.dispose]() {
        if (holds.get(streamId) !== mine) return;
        holds.delete(streamId);
        release();
      },
    };
  }

  return { hold, held, enter, leave };
}
