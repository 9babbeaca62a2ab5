/**
 * What an application is doing in a transitional status, kept in `applications.pending_json` so that a restart resumes it.
 * Persisted: a kind is never renamed or reused. `operationId` is the row of its history that ends with it.
 */
export type Pending = {
  readonly kind:
    /** STARTING: opens the program and its source, then RUNNING. */
    | 'start'
    /** STOPPING: ends the program with a last checkpoint, then READY. */
    | 'stop'
    /** FORCE_STOPPING: ends it without one. */
    | 'force-stop'
    /** UPDATING, of a running application: ends the program and opens the new one, then RUNNING. */
    | 'update'
    /** DELETING: ends it and removes everything. */
    | 'delete';
  readonly dueMs: number;
  readonly operationId?: string | undefined;
};
