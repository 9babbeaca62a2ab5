/**
 * What a delivery stream is doing in a transitional status, kept in `delivery_streams.pending_json` so that a restart resumes it.
 * Persisted: a kind is never renamed or reused.
 */
export type Pending =
  /** CREATING: makes the log, then ACTIVE. */
  | { readonly kind: 'create'; readonly dueMs: number }
  /** DELETING: removes every row, then the log and its keys. */
  | { readonly kind: 'delete'; readonly dueMs: number }
  /** ENABLING: begins a new data key, under the customer's name for it in the row. */
  | { readonly kind: 'start-encryption'; readonly dueMs: number }
  /** DISABLING: begins a new data key as well; what is kept is encrypted either way. */
  | { readonly kind: 'stop-encryption'; readonly dueMs: number };
