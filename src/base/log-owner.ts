/**
 * Whose a log is, and its data keys: told from its id, so that at start each service settles its own and leaves the others' alone.
 * Persisted: ids of streams have no such beginning.
 */
export const FIREHOSE_ID_PREFIX = 'firehose-';
export const APPLICATION_ID_PREFIX = 'application-';

/** Whether the log, or the keys, are a delivery stream's. */
export function isOfFirehose(id: string): boolean {
  return id.startsWith(FIREHOSE_ID_PREFIX);
}

/** Whether the log, or the keys, are an application's. */
export function isOfAnalytics(id: string): boolean {
  return id.startsWith(APPLICATION_ID_PREFIX);
}

export function isOfStreams(id: string): boolean {
  return !isOfFirehose(id) && !isOfAnalytics(id);
}
