/** Records that cannot be delivered, as lines of error objects (NDJSON). */
import type { DeliveryRecord } from './delivery-record.ts';
import type { Destination } from './destination.ts';
import type { FailedIndex, Failure, PendingDelivery } from './pending-delivery.ts';
import { IdentitySet } from './ranges.ts';

export type NumberOf = (unit: string, position: number, arrivalMs: number) => string;

/** The record of the error output that says of `record` why its destination gave up on it. */
export function failedRecord(
  destination: Destination,
  deliveryId: string,
  record: DeliveryRecord,
  why: Omit<Failure, 'identities'>,
  numberOf: NumberOf,
): DeliveryRecord {
  const { unit, position } = record.identity;
  const line = destination.errorRecord({
    record,
    sequenceNumber: numberOf(unit, position, record.arrivalMs),
    deliveryId,
    error: why.error,
    attemptsMade: why.attemptsMade,
    attemptEndingMs: why.attemptEndingMs,
    members: why.members,
  });
  return lineOf(record, line);
}

export function lineOf(
  { identity, arrivalMs }: Pick<DeliveryRecord, 'identity' | 'arrivalMs'>,
  members: Readonly<Record<string, unknown>>,
): DeliveryRecord {
  const data = Buffer.from(`${JSON.stringify(members)}\n`);
  return { identity, data, rawData: data, arrivalMs };
}

/** The failed records of a delivery, those of one reason together. */
export function failuresOf({ buffer }: PendingDelivery, failed: readonly FailedIndex[]): readonly Failure[] {
  const byReason = new Map<string, Failure>();
  for (const { index, ...why } of failed.toSorted((left, right) => left.index - right.index)) {
    const reason = JSON.stringify(why);
    let failure = byReason.get(reason);
    if (failure === undefined) byReason.set(reason, (failure = { ...why, identities: new IdentitySet() }));
    const { unit, position, sub } = buffer!.identityAt(index);
    failure.identities.add(unit, position, sub);
  }
  return [...byReason.values()];
}
