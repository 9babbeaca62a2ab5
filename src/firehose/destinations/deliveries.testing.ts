/** Deliveries for tests of destinations. */
import type { Batch, DeliveryRecord } from '../delivery/delivery-record.ts';
import type { Delivery, FailedRecord } from '../delivery/destination.ts';

export const ARRIVAL_MS = Date.UTC(2016, 1, 25, 13);

export function batchOf(texts: readonly (string | Uint8Array)[], arrivalMs = ARRIVAL_MS): Batch {
  const records = texts.map((text, index): DeliveryRecord => {
    const data = Buffer.from(text);
    const identity = { unit: 'u', position: Math.floor(index / 2), sub: index % 2 };
    return { identity, data, rawData: data, arrivalMs };
  });
  return {
    length: records.length,
    bytes: records.reduce((total, { data }) => total + data.length, 0),
    oldestArrivalMs: arrivalMs,
    at: (index) => records[index]!,
    pieces: () => records.map(({ data }) => data),
  };
}

export function deliveryOf(texts: readonly (string | Uint8Array)[], more: Partial<Delivery> = {}): Delivery {
  const batch = more.batch ?? batchOf(texts);
  return {
    id: 'ed4acda5-034f-9f42-bba1-f29aea6d7d8f',
    attempt: 1,
    batch,
    remaining: Array.from({ length: batch.length }, (_, index) => index),
    attemptsMade: 1,
    memory: new Map(),
    kept: new Map(),
    ...more,
  };
}

export function failedRecordOf(text: string, more: Partial<FailedRecord> = {}): FailedRecord {
  return {
    record: batchOf([text]).at(0),
    sequenceNumber: '49607357361271740811418664280693044274821622880012337186',
    deliveryId: 'ed4acda5-034f-9f42-bba1-f29aea6d7d8f',
    error: { code: 'Code', message: 'Message.' },
    attemptsMade: 5,
    attemptEndingMs: 1_594_266_081_318,
    ...more,
  };
}
