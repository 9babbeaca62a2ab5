/**
 * Whose a log is, and its data keys: told from its id, so that at start each service settles its own and leaves the others' alone.
 * Persisted: ids of streams have no such beginning.
 */
export const FIREHOSE_ID_PREFIX = 'firehose-';

/** Whether the log, or the keys, are a delivery stream's. */
export function isOfFirehose(id: string): boolean {
  return id.startsWith(FIREHOSE_ID_PREFIX);
}
