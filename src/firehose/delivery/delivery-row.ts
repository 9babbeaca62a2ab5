/** Deliveries in the catalog. `details_json` is persisted: a member is never renamed or reused. */
import type { DeliveryRow } from '../../catalog/tables.ts';
import type { LaneName } from './lane.ts';
import type { Failure, PendingDelivery } from './pending-delivery.ts';
import { PackedIdentities } from './packed-identities.ts';

/** What of a delivery survives a restart. */
export type KeptDelivery = Pick<
  PendingDelivery,
  | 'id'
  | 'lane'
  | 'objectKey'
  | 'identities'
  | 'records'
  | 'bytes'
  | 'oldestArrivalMs'
  | 'createdMs'
  | 'failures'
  | 'attempts'
  | 'retryUsedMs'
  | 'kept'
>;

type Details = {
  readonly records: number;
  readonly bytes: number;
  readonly oldestArrivalMs: number;
  /** Of attempts that failed and are to be repeated; absent before the first. */
  readonly retry?: {
    readonly attempts: number;
    readonly usedMs: number;
    readonly kept?: Readonly<Record<string, number>>;
  };
  /** `ranges` in base64. */
  readonly failures?: readonly (Omit<Failure, 'identities'> & { readonly ranges: string })[];
};

export function rowOf(
  delivery: KeptDelivery,
  { reader: delivery_stream_id, epoch }: { readonly reader: string; readonly epoch: number },
  state: DeliveryRow['state'],
): DeliveryRow {
  const { records, bytes, oldestArrivalMs, failures, attempts, retryUsedMs, kept } = delivery;
  const details: Details = {
    records,
    bytes,
    oldestArrivalMs,
    ...(retryUsedMs > 0 &&
      state === 'PENDING' && {
        retry: { attempts, usedMs: retryUsedMs, ...(kept.size > 0 && { kept: Object.fromEntries(kept) }) },
      }),
    ...(failures && {
      failures: failures.map(({ identities, ...why }) => ({
        ...why,
        ranges: Buffer.from(identities.bytes).toString('base64'),
      })),
    }),
  };
  return {
    delivery_id: delivery.id,
    delivery_stream_id,
    lane: delivery.lane,
    object_key: delivery.objectKey ?? null,
    ranges: delivery.identities.bytes,
    state,
    details_json: JSON.stringify(details),
    epoch,
    created_ms: delivery.createdMs,
  };
}

export function deliveryOf(row: DeliveryRow): KeptDelivery {
  const { failures, retry, ...sizes } = JSON.parse(row.details_json) as Details;
  return {
    ...sizes,
    id: row.delivery_id,
    lane: row.lane as LaneName,
    objectKey: row.object_key ?? undefined,
    identities: new PackedIdentities(row.ranges),
    createdMs: row.created_ms,
    attempts: retry?.attempts ?? 0,
    retryUsedMs: retry?.usedMs ?? 0,
    kept: new Map(Object.entries(retry?.kept ?? {})),
    failures: failures?.map(({ ranges, error, attemptsMade, attemptEndingMs, members }) => ({
      error,
      attemptsMade,
      attemptEndingMs,
      members,
      identities: new PackedIdentities(Buffer.from(ranges, 'base64')),
    })),
  };
}
