/**
 * The gate between resharding and writing. A parent shard is closed at an exact position: while it is being closed nothing may be
 * appended to it, and what was on its way must have settled. The data plane implements this; reshard.ts uses it.
 */
export interface WriteHold {
  /**
   * From the call on, new writes to these shards wait (within the data plane's usual bounds); resolves once every append on its
   * way to them has settled. Disposing lets the waiting writes go on, by the directory's snapshot of that moment: to the
   * children when the shards were closed, to the same shards when the reshard failed.
   */
  hold(streamId: string, shards: readonly number[]): Promise<Disposable>;
}
