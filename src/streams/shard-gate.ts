/**
 * The gate between writers and a reshard. A writer picks the open shard from the stream's snapshot and appends in the same
 * turn; a reshard must know the last position of a shard before it may say "closed". So whoever reshards closes the gate
 * first: no append to those shards starts from then on, and those under way have settled when `close` resolves. Then
 * `log.bounds` gives the true last position, the catalog commits, the directory publishes the new snapshot, and the gate is
 * opened by disposing it. Writers that met a closed gate wait for that, look at the directory again, and go to the
 * children; after a failed reshard they find the old shard open and go on. Nothing is lost, nothing is written after a close.
 *
 *     using _closed = await gate.close(stream.id, [3]);
 *     const { last } = log.bounds(stream.id, 3);   // final
 *     await catalog.transact(…);                    // closed_position = last; children
 *     // refresh the directory before the block ends
 */
export interface ShardGate {
  /**
   * Stops new appends to these shards and resolves when all appends under way have settled. Dispose the result once the
   * directory shows the outcome, whatever it is. Keep it short: writers wait. Only one closing a stream at a time.
   */
  close(streamId: string, shardIndexes: readonly number[]): Promise<Disposable>;
}

type StreamGate = { readonly closed: Set<number>; readonly opened: Promise<void>; readonly open: () => void };

/** The side of the writers. */
export interface WriterGate extends ShardGate {
  /** When one of the shards is being closed: resolves once it is worth looking at the directory again. undefined when all are open. */
  closing(streamId: string, shardIndexes: Iterable<number>): Promise<void> | undefined;
  /** Counts an append as under way until it settles. Called in the same turn as `closing` answered undefined. */
  track(streamId: string, append: Promise<unknown>): void;
}

export function createShardGate(): WriterGate {
  const gates = new Map<string, StreamGate>();
  const underWay = new Map<string, Set<Promise<unknown>>>();

  function closing(streamId: string, shardIndexes: Iterable<number>): Promise<void> | undefined {
    if (gates.size === 0) return undefined;
    const gate = gates.get(streamId);
    if (gate === undefined) return undefined;
    for (const index of shardIndexes) if (gate.closed.has(index)) return gate.opened;
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

  async function close(streamId: string, shardIndexes: readonly number[]): Promise<Disposable> {
    if (gates.has(streamId)) throw new Error(`the gate of stream ${streamId} is closed already`);
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    const gate: StreamGate = { closed: new Set(shardIndexes), opened, open };
    gates.set(streamId, gate);
    await Promise.allSettled([...(underWay.get(streamId) ?? [])]);
    return {
      [Symbol.dispose]() {
        if (gates.get(streamId) !== gate) return;
        gates.delete(streamId);
        gate.open();
      },
    };
  }

  return { close, closing, track };
}
