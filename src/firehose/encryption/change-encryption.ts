/**
 * Start- and StopDeliveryStreamEncryption. What a delivery stream keeps is encrypted anyway; a change begins a new data key, under the
 * customer's name for it, which is stored and shown.
 */
import type { CatalogTransaction } from '../../catalog/catalog.ts';
import type { DeliveryStreamRow } from '../../catalog/tables.ts';
import type { Limits } from '../../config/limits.ts';
import type { Clock } from '../../host/host.ts';
import type { Call } from '../../wire/shape/operation.ts';
import type { TypeOf } from '../../wire/shape/shape.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { changeDeliveryStream, type ChangeParts } from '../directory/change-delivery-stream.ts';
import {
  invalidArgument,
  limitExceeded,
  requireActive,
  resourceInUse,
} from '../directory/delivery-stream-errors.ts';
import { resolveDeliveryStream } from '../directory/resolve-delivery-stream.ts';
import type { Pending } from '../lifecycle/pending.ts';
import type { DeliveryStreamEncryptionConfigurationInput } from '../shapes/encryption.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export type EncryptionParts = ChangeParts & {
  readonly clock: Clock;
  readonly limits: Pick<Limits, 'deliveryKeyChangesPerDay' | 'deliveryStreamsPerKey'>;
  readonly stateDurationMs: number;
};

type GivenKey = TypeOf<typeof DeliveryStreamEncryptionConfigurationInput>;
type KeyColumns = Pick<DeliveryStreamRow, 'encryption_key_type' | 'encryption_key_arn'>;
type Place = { readonly account: string; readonly region: string };

/** `key` is undefined to stop. */
export async function changeEncryption(
  parts: EncryptionParts,
  input: { readonly DeliveryStreamName: string },
  call: Call,
  key: GivenKey | undefined,
): Promise<Record<string, never>> {
  const stream = resolveDeliveryStream(parts.directory, input, call);
  const columns = key === undefined ? undefined : keyColumns(key, stream);
  const nowMs = parts.clock.now();
  await changeDeliveryStream(parts, stream, async (row, transaction) => {
    requireActive(row);
    if (stream.source.kind !== 'DirectPut') throw onlyDirectPut();
    if (row.pending_json !== null) {
      throw resourceInUse(
        `Encryption of firehose ${row.name} under accountId ${row.account} is being changed: its status is ${row.encryption_status}.`,
      );
    }
    const changes = recentChanges(row, nowMs);
    if (changes.length >= parts.limits.deliveryKeyChangesPerDay) {
      throw limitExceeded(
        `Encryption of firehose ${row.name} under accountId ${row.account} cannot be changed more than ` +
          `${parts.limits.deliveryKeyChangesPerDay} times in 24 hours.`,
      );
    }
    if (columns !== undefined) await checkStreamsOfKey(transaction, columns, row, parts.limits);
    const pending: Pending = {
      kind: columns === undefined ? 'stop-encryption' : 'start-encryption',
      dueMs: nowMs + parts.stateDurationMs,
    };
    return {
      // After a stop the key stays, and is shown.
      ...columns,
      encryption_status: columns === undefined ? 'DISABLING' : 'ENABLING',
      encryption_changes_json: JSON.stringify([...changes, nowMs]),
      pending_json: JSON.stringify(pending),
    };
  });
  return {};
}

/** Throws InvalidArgumentException for a key that is missing or superfluous, InvalidKMSResourceException for one of elsewhere. */
export function keyColumns({ KeyType, KeyARN }: GivenKey, place: Place): KeyColumns {
  if (KeyType === 'AWS_OWNED_CMK') {
    if (KeyARN !== undefined)
      throw invalidArgument('KeyARN cannot be specified when KeyType is AWS_OWNED_CMK');
    return { encryption_key_type: KeyType, encryption_key_arn: null };
  }
  if (KeyARN === undefined)
    throw invalidArgument('KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK');
  const [, , , region, account] = KeyARN.split(':');
  if (region !== place.region || account !== place.account) {
    const message =
      account === place.account
        ? 'Cross-region keys are not allowed for SSE. Please provide CMKs in the same region as firehose'
        : `Key '${KeyARN}' does not exist`;
    // KMS's own error, as the model asks for it.
    throw new ServiceError('InvalidKMSResourceException', message, {
      members: { code: 'NotFoundException' },
    });
  }
  return { encryption_key_type: KeyType, encryption_key_arn: KeyARN };
}

export function onlyDirectPut(): ServiceError {
  return invalidArgument(
    'Server side encryption from firehose is only allowed for direct put delivery streams and database as a source delivery streams',
  );
}

/** Inside the transaction: throws LimitExceededException when the customer's key encrypts too many already. */
export async function checkStreamsOfKey(
  transaction: CatalogTransaction,
  { encryption_key_arn: arn }: KeyColumns,
  { delivery_stream_id: id }: Pick<DeliveryStreamRow, 'delivery_stream_id'>,
  limits: Pick<Limits, 'deliveryStreamsPerKey'>,
): Promise<void> {
  if (arn === null) return;
  const { count } = await transaction
    .selectFrom('delivery_streams')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('encryption_key_arn', '=', arn)
    .where('encryption_status', 'in', ['ENABLED', 'ENABLING'])
    .where('delivery_stream_id', '!=', id)
    .executeTakeFirstOrThrow();
  if (Number(count) >= limits.deliveryStreamsPerKey) {
    throw limitExceeded(
      `Key ${arn} cannot encrypt more than ${limits.deliveryStreamsPerKey} delivery streams.`,
    );
  }
}

function recentChanges(row: DeliveryStreamRow, nowMs: number): readonly number[] {
  const all = JSON.parse(row.encryption_changes_json) as readonly number[];
  return all.filter((timeMs) => timeMs > nowMs - DAY_MS);
}
