/**
 * Sends records with PutRecords: batches as full as AWS lets them be, a few at once, and of each answer only the failed
 * records again, after a pause that grows while nothing gets through. A batch whose connection broke is sent again
 * whole: delivery is at least once, as with every Kinesis producer.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, pauseMs, type ApiClient } from '../client/api-client.ts';
import type { OutgoingRecord } from './records-in.ts';

const BATCH_RECORDS_MAX = 500;
/** Below the 5 MiB that older endpoints take, so that every endpoint takes it. */
const BATCH_BYTES_MAX = 4 * 1024 * 1024;
/** Tries of one batch in a row in which not one record got through. */
const FRUITLESS_TRIES_MAX = 12;

export type SentState = {
  readonly records: number;
  readonly bytes: number;
  readonly inputBytes: number;
  readonly retries: number;
};

type PutRecordsOutput = {
  readonly FailedRecordCount?: number;
  readonly Records: readonly { readonly ErrorCode?: string; readonly ErrorMessage?: string }[];
};

export async function sendRecords(options: {
  readonly client: ApiClient;
  readonly stream: string;
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

  async function sendBatch(batch: readonly OutgoingRecord[]): Promise<void> {
    let remaining = batch;
    for (let fruitless = 0; remaining.length > 0;) {
      const output = await options.client.call<PutRecordsOutput>(
        'PutRecords',
        { StreamName: options.stream, Records: remaining.map(entryOf) },
        signal,
      );
      const rejected = remaining.filter((_, index) => output.Records[index]?.ErrorCode !== undefined);
      const accepted = remaining.filter((_, index) => output.Records[index]?.ErrorCode === undefined);
      state.records += accepted.length;
      for (const { data } of accepted) state.bytes += data.length;
      state.inputBytes = Math.max(state.inputBytes, accepted.at(-1)?.inputBytes ?? 0);
      options.onSent(state);
      pace.learn(rejected.length / remaining.length);
      if (rejected.length > 0) {
        fruitless = accepted.length > 0 ? 0 : fruitless + 1;
        if (fruitless > FRUITLESS_TRIES_MAX) throw errorOfFirst(output);
        state.retries += rejected.length;
        if (fruitless > 0) await sleep(pauseMs(fruitless), undefined, { signal });
      }
      remaining = rejected;
    }
  }

  async function dispatch(batch: readonly OutgoingRecord[]): Promise<void> {
    const sending = sendBatch(batch).finally(() => inFlight.delete(sending));
    sending.catch((error) => failed.abort(error));
    inFlight.add(sending);
    if (inFlight.size >= options.batchesInFlightMax) await Promise.race(inFlight);
  }

  let batch: OutgoingRecord[] = [];
  let batchBytes = 0;
  async function flush(): Promise<void> {
    const full = batch;
    batch = [];
    batchBytes = 0;
    if (full.length > 0) await dispatch(full);
  }

  try {
    for await (const records of flushedWhenIdle(options.records)) {
      if (records === 'idle') await flush();
      else
        for (const record of records) {
          const recordBytes = record.data.length + Buffer.byteLength(record.partitionKey);
          if (batch.length === BATCH_RECORDS_MAX || batchBytes + recordBytes > BATCH_BYTES_MAX) await flush();
          batch.push(record);
          batchBytes += recordBytes;
          signal.throwIfAborted();
        }
    }
    signal.throwIfAborted();
    await flush();
    await Promise.all(inFlight);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(inFlight);
    throw options.signal.aborted ? options.signal.reason : failed.signal.reason;
  }
  return state;
}

const PACE_MS_MAX = 1_000;

/** How long every batch waits before it is sent: grows while a good part is refused, shrinks while nothing is. */
function createPace(): { learn(refusedShare: number): void; waitMs(): number } {
  let paceMs = 0;
  return {
    learn(refusedShare) {
      paceMs =
        refusedShare > 0 ? Math.min(paceMs + 200 * refusedShare, PACE_MS_MAX) : Math.floor(paceMs * 0.7);
    },
    waitMs: () => paceMs * (0.75 + Math.random() / 2),
  };
}

/** How long records of a slow pipe wait for company. */
const LINGER_MS = 200;

/** Passes the records on, with `idle` between them whenever the source pauses: then what was gathered goes out. */
async function* flushedWhenIdle<T>(source: AsyncIterable<T>): AsyncGenerator<T | 'idle'> {
  const iterator = source[Symbol.asyncIterator]();
  let isFlushed = true;
  for (;;) {
    const next = iterator.next();
    if (!isFlushed) {
      const timer = new AbortController();
      const linger = sleep(LINGER_MS, 'idle' as const, { signal: timer.signal }).catch(() => 'idle' as const);
      const first = await Promise.race([next, linger]);
      timer.abort();
      if (first === 'idle') yield first;
    }
    const result = await next;
    if (result.done) return;
    yield result.value;
    isFlushed = false;
  }
}

function entryOf({ data, partitionKey, explicitHashKey }: OutgoingRecord): object {
  return {
    Data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
    PartitionKey: partitionKey,
    ...(explicitHashKey === undefined ? {} : { ExplicitHashKey: explicitHashKey }),
  };
}

function errorOfFirst(output: PutRecordsOutput): ApiError {
  const refused = output.Records.find(({ ErrorCode }) => ErrorCode !== undefined);
  return new ApiError(
    refused?.ErrorCode ?? 'InternalFailure',
    refused?.ErrorMessage ?? 'A record was refused.',
    400,
  );
}
