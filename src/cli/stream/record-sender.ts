/**
 * Sends records with PutRecords, or PutRecordBatch: batches as full as AWS lets them be, a few at once. What an answer refuses goes first into the
 * next batch, and while much is refused batches are sent more seldom, so that a stream is written as fast as it takes records
 * and hardly asked in vain. A batch whose connection broke is sent again whole: delivery is at least once, as with every
 * Kinesis producer.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../client/api-client.ts';
import type { OutgoingRecord } from './records-in.ts';

const BATCH_RECORDS_MAX = 500;
/** Below the 5 MiB that older endpoints take, so that every endpoint takes it. */
const BATCH_BYTES_MAX = 4 * 1024 * 1024;
/** Batches in a row of which not one record got through. */
const FRUITLESS_BATCHES_MAX = 25;

export type SentState = {
  readonly records: number;
  readonly bytes: number;
  readonly inputBytes: number;
  readonly retries: number;
};

/** What became of each record of a batch, in their order. */
export type PutResults = readonly { readonly ErrorCode?: string; readonly ErrorMessage?: string }[];

export async function sendRecords(options: {
  /** Sends one batch. */
  readonly put: (records: readonly OutgoingRecord[], signal: AbortSignal) => Promise<PutResults>;
  readonly records: AsyncIterable<readonly OutgoingRecord[]>;
  /** Batches under way at once; 1 keeps the order. */
  readonly batchesInFlightMax: number;
  readonly signal: AbortSignal;
  readonly onSent: (state: SentState) => void;
}): Promise<SentState> {
  const state = { records: 0, bytes: 0, inputBytes: 0, retries: 0 };
  const inFlight = new Set<Promise<void>>();
  const pace = createPace();
  // One batch that fails for good stops the others.
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const refused: OutgoingRecord[] = [];
  let fruitless = 0;
  let batch: OutgoingRecord[] = [];
  let batchBytes = 0;

  async function send(records: readonly OutgoingRecord[]): Promise<void> {
    await pace.turn(signal);
    const results = await options.put(records, signal);
    const isRefused = (index: number): boolean => results[index]?.ErrorCode !== undefined;
    let accepted = 0;
    for (const [index, record] of records.entries()) {
      if (isRefused(index)) {
        refused.push(record);
        continue;
      }
      accepted++;
      state.bytes += record.data.length;
      state.inputBytes = Math.max(state.inputBytes, record.inputBytes);
    }
    state.records += accepted;
    state.retries += records.length - accepted;
    options.onSent(state);
    pace.learn(1 - accepted / records.length);
    fruitless = accepted > 0 ? 0 : fruitless + 1;
    if (fruitless > FRUITLESS_BATCHES_MAX) throw errorOfFirst(results);
  }

  function add(record: OutgoingRecord): boolean {
    const recordBytes = record.data.length + Buffer.byteLength(record.partitionKey);
    const isFull = batch.length === BATCH_RECORDS_MAX || batchBytes + recordBytes > BATCH_BYTES_MAX;
    if (isFull && batch.length > 0) return false;
    batch.push(record);
    batchBytes += recordBytes;
    return true;
  }

  /** Sends the batch; the next one begins with what was refused. */
  async function flush(): Promise<void> {
    if (batch.length > 0) {
      const sending = send(batch).finally(() => inFlight.delete(sending));
      sending.catch((error) => failed.abort(error));
      inFlight.add(sending);
      batch = [];
      batchBytes = 0;
      if (inFlight.size >= options.batchesInFlightMax) await Promise.race(inFlight);
    }
    while (refused.length > 0 && add(refused[0]!)) refused.shift();
  }

  const isAnythingLeft = (): boolean => batch.length > 0 || refused.length > 0 || inFlight.size > 0;
  try {
    for await (const records of withPauses(options.records, isAnythingLeft)) {
      if (records === 'pause') await flush();
      else for (const record of records) while (!add(record)) await flush();
      signal.throwIfAborted();
    }
    while (isAnythingLeft()) {
      await flush();
      if (batch.length === 0 && inFlight.size > 0) await Promise.race(inFlight);
    }
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(inFlight);
    throw options.signal.aborted ? options.signal.reason : failed.signal.reason;
  }
  return state;
}

const PACE_MS_MAX = 2_000;
/** So much may be refused: without any nobody would notice that there is room for more. */
const REFUSED_SHARE_FINE = 0.1;

/** Turns to send: as fast as they are asked for, until records are refused; then at the interval at which few are. */
function createPace(): { turn(signal: AbortSignal): Promise<void>; learn(refusedShare: number): void } {
  let intervalMs = 0;
  let nextMs = 0;
  return {
    async turn(signal) {
      const nowMs = performance.now();
      const turnMs = Math.max(nowMs, nextMs);
      nextMs = turnMs + intervalMs;
      if (turnMs > nowMs) await sleep(turnMs - nowMs, undefined, { signal });
    },
    learn(refusedShare) {
      intervalMs =
        refusedShare > REFUSED_SHARE_FINE
          ? Math.min(intervalMs * (1 + refusedShare / 2) + 10 * refusedShare, PACE_MS_MAX)
          : intervalMs * 0.9;
    },
  };
}

/** How long records of a slow pipe wait for company. */
const LINGER_MS = 200;

/** Passes everything on, with `pause` between whenever the source pauses while something is left to do. */
async function* withPauses<T>(
  source: AsyncIterable<T>,
  isAnythingLeft: () => boolean,
): AsyncGenerator<T | 'pause'> {
  const iterator = source[Symbol.asyncIterator]();
  for (;;) {
    const next = iterator.next();
    while (isAnythingLeft()) {
      const timer = new AbortController();
      const linger = sleep(LINGER_MS, 'pause' as const, { signal: timer.signal }).catch(
        () => 'pause' as const,
      );
      const first = await Promise.race([next, linger]);
      timer.abort();
      if (first !== 'pause') break;
      yield first;
    }
    const result = await next;
    if (result.done) return;
    yield result.value;
  }
}

function errorOfFirst(results: PutResults): ApiError {
  const refused = results.find(({ ErrorCode }) => ErrorCode !== undefined);
  return new ApiError(
    refused?.ErrorCode ?? 'InternalFailure',
    refused?.ErrorMessage ?? 'A record was refused.',
    400,
  );
}
