/** Records that cannot be delivered, as lines of error objects (NDJSON). */
import type { Clock, Dice } from '../../host/host.ts';
import type { MemoryBudget } from './budget.ts';
import { RecordBuffer } from './buffer.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import type { Destination } from './destination.ts';
import type { DeliveryPlan } from './lane.ts';
import { pendingDelivery, type FailedIndex, type Failure, type PendingDelivery } from './pending-delivery.ts';
import { guid } from './guid.ts';
import { IdentitySet } from './ranges.ts';

const RECORDS_A_TURN = 1000;

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

/** The delivery of error lines in place of what a destination gave up on; undefined when nothing was given up, or the destination has no error output. */
export async function errorDelivery(
  delivery: PendingDelivery,
  parts: {
    readonly clock: Clock;
    readonly dice: Dice;
    readonly budget: MemoryBudget;
    readonly plan: () => DeliveryPlan;
    readonly numberOf: NumberOf;
  },
): Promise<PendingDelivery | undefined> {
  const { failed, to: from } = delivery;
  const type = from.destination.errorOutputType;
  if (failed.length === 0 || type === undefined) return undefined;
  const to = parts.plan().error(type);
  const buffer = new RecordBuffer(parts.budget, false);
  for (const [count, { index, ...why }] of failed.entries()) {
    if (count % RECORDS_A_TURN === RECORDS_A_TURN - 1) await parts.clock.turn();
    const record = delivery.buffer!.at(index);
    buffer.add(failedRecord(from.destination, delivery.id, record, why, parts.numberOf));
  }
  const id = guid(parts.dice);
  const { length: records, bytes, oldestArrivalMs } = buffer;
  return pendingDelivery({
    id,
    lane: `error:${type}`,
    to,
    objectKey: to.destination.objectKey?.({ id, oldestArrivalMs, keys: undefined }),
    partition: undefined,
    identities: buffer.identities(),
    ...{ records, bytes, oldestArrivalMs },
    createdMs: parts.clock.now(),
    failures: failuresOf(delivery, failed),
    buffer,
    phase: 'recording',
  });
}

/** The failed records of a delivery, those of one reason together. */
function failuresOf({ buffer }: PendingDelivery, failed: readonly FailedIndex[]): readonly Failure[] {
  const byReason = new Map<
    string,
    { readonly why: Omit<Failure, 'identities'>; readonly set: IdentitySet }
  >();
  for (const { index, ...why } of failed) {
    const reason = JSON.stringify(why);
    let failure = byReason.get(reason);
    if (failure === undefined) byReason.set(reason, (failure = { why, set: new IdentitySet() }));
    const { unit, position, sub } = buffer!.identityAt(index);
    failure.set.add(unit, position, sub);
  }
  return Array.from(byReason.values(), ({ why, set }) => ({ ...why, identities: set.pack() }));
}
