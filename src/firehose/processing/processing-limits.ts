/** What processing allows, with its sources. Durations are milliseconds. */
export const PROCESSING_LIMITS = Object.freeze({
  /** De-aggregation "is capped at 500 per record": "Multi record deaggregation", Data Firehose developer guide. */
  partsMax: 500,
  /** "The Lambda synchronous invocation mode has a payload size limit of 6 MB for both the request and the response": "Data transformation". */
  payloadBytesMax: 6 * 1024 * 1024,
  /** Of BufferSizeInMBs when it is not given: 1 MB, and 256 KB for Splunk: "Data transformation flow". */
  lambdaBufferBytes: 1024 * 1024,
  lambdaBufferIntervalMs: 60_000,
  lambdaRetries: 3,
  /** AWS does not check NumberOfRetries; the CDK and the console allow 0 to 300, so that more would only hold the stream. */
  lambdaRetriesMax: 300,
  /** "Up to 5 outstanding Lambda invocations per shard": "Quota". */
  invocationsAtOnce: 5,
  /** Before the second attempt; twice as long before each further one, up to the second figure. Not documented (decision 0462). */
  lambdaPauseMs: 1_000,
  lambdaPauseMsMax: 30_000,
  /** Decompressed: CloudWatch Logs' envelopes hold 1 MB of events, and a bomb must end somewhere (decision 0461). */
  decompressedBytesMax: 32 * 1024 * 1024,
  /** For one record: some ten milliseconds. AWS does not say what it allows. */
  jqStepsMax: 200_000,
  /** What one task of a worker holds: it must not hold a thread for long. */
  sliceRecords: 512,
  sliceBytes: 256 * 1024,
});
