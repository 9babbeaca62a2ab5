/** What functions may take, with sources. Durations are milliseconds. */
export const FUNCTION_LIMITS = Object.freeze({
  /** "Kinesis Data Firehose supports a Lambda invocation time of up to 5 minutes": "Data transformation", Data Firehose developer guide. */
  timeoutMs: 5 * 60_000,
  /** "Invocation payload (request and response): 6 MB each for request and response (synchronous)": Lambda quotas. */
  payloadBytesMax: 6 * 1024 * 1024,
  /** Lambda's own default and its bounds. */
  memoryMb: 128,
  memoryMbMax: 3_008,
  /** Our own: a module with what it needs bundled into it. */
  codeBytesMax: 3 * 1024 * 1024,
  functionsMax: 1_000,
  processesMax: 8,
  processesOfOneMax: 4,
  /** Invocations that wait for a process, of one function. */
  waitingMax: 100,
  idleMs: 60_000,
  /** Of what a function prints, this many lines go to the log in a minute. */
  linesMax: 100,
  linesPeriodMs: 60_000,
});
