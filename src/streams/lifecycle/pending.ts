/**
 * What a stream is doing in a transitional status, kept in `streams.pending_json` so that a restart resumes it.
 * Persisted: a kind is never renamed or reused.
 */
export type Pending =
  /** CREATING: makes the data key and the log, then ACTIVE. */
  | { readonly kind: 'create'; readonly dueMs: number }
  /** DELETING: removes every row, then the log and its keys. */
  | { readonly kind: 'delete'; readonly dueMs: number }
  /** UPDATING: closes shard `shard` and opens two children, the upper one starting at `newStartingHashKey`. */
  | {
      readonly kind: 'split';
      readonly dueMs: number;
      readonly shard: number;
      readonly newStartingHashKey: string;
    }
  /** UPDATING: closes two neighbours and opens one child over both. */
  | { readonly kind: 'merge'; readonly dueMs: number; readonly shard: number; readonly adjacent: number }
  /** UPDATING: reshards to `target` open shards of equal ranges. */
  | { readonly kind: 'scale'; readonly dueMs: number; readonly target: number }
  /** UPDATING: splits the busiest shards in half until `target` are open; never merges. */
  | { readonly kind: 'grow'; readonly dueMs: number; readonly target: number }
  /** UPDATING: begins a new data key; `keyId` is the customer's key, null when encryption with one stops. */
  | { readonly kind: 'encrypt'; readonly dueMs: number; readonly keyId: string | null }
  /** UPDATING: takes the other capacity mode. */
  | {
      readonly kind: 'mode';
      readonly dueMs: number;
      readonly mode: 'PROVISIONED' | 'ON_DEMAND';
      readonly warmThroughputMibps: number | null;
    };
