import { FIREHOSE_ID_PREFIX } from '../../base/log-owner.ts';
import type { CatalogTransaction } from '../../catalog/catalog.ts';
import type { DeliveryStreamRow } from '../../catalog/tables.ts';
import type { Limits } from '../../config/limits.ts';
import type { Clock, Dice } from '../../host/host.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import type { TableSchemas } from '../../tables/tables.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure, type TypeOf } from '../../wire/shape/shape.ts';
import type { DeliveryStreamSource } from '../delivery-stream.ts';
import type { ChangeParts } from '../directory/change-delivery-stream.ts';
import { deliveryStreamArn } from '../directory/delivery-stream-state.ts';
import { deliveryStreamExists, limitExceeded } from '../directory/delivery-stream-errors.ts';
import { deliveryStreamResource } from '../directory/resolve-delivery-stream.ts';
import { sealDestination } from '../directory/sealed-destination.ts';
import { putTags } from '../directory/tags.ts';
import { checkStreamsOfKey, keyColumns, onlyDirectPut } from '../encryption/change-encryption.ts';
import type { Pending } from '../lifecycle/pending.ts';
import type { Place } from '../settings/place.ts';
import { DeliveryStreamType } from '../shapes/descriptions.ts';
import { DeliveryStreamEncryptionConfigurationInput } from '../shapes/encryption.ts';
import { HttpEndpointDestinationConfiguration } from '../shapes/http-endpoint.ts';
import { IcebergDestinationConfiguration } from '../shapes/iceberg.ts';
import { DeliveryStreamARN, DeliveryStreamName } from '../shapes/names.ts';
import { RedshiftDestinationConfiguration } from '../shapes/redshift.ts';
import { ExtendedS3DestinationConfiguration, S3DestinationConfiguration } from '../shapes/s3.ts';
import {
  AmazonOpenSearchServerlessDestinationConfiguration,
  AmazonopensearchserviceDestinationConfiguration,
  ElasticsearchDestinationConfiguration,
} from '../shapes/search.ts';
import { SnowflakeDestinationConfiguration } from '../shapes/snowflake.ts';
import {
  DatabaseSourceConfiguration,
  DirectPutSourceConfiguration,
  KinesisStreamSourceConfiguration,
  MSKSourceConfiguration,
} from '../shapes/sources.ts';
import { SplunkDestinationConfiguration } from '../shapes/splunk.ts';
import { TagDeliveryStreamInputTagList } from '../shapes/tags.ts';
import { checkSource, type StreamExists } from '../sources/check-source.ts';

export const CreateDeliveryStream = operation({
  name: 'CreateDeliveryStream',
  action: 'firehose:CreateDeliveryStream',
  resources: deliveryStreamResource,
  input: structure('CreateDeliveryStreamInput', {
    DeliveryStreamName: required(DeliveryStreamName),
    DeliveryStreamType: optional(DeliveryStreamType),
    DirectPutSourceConfiguration: optional(DirectPutSourceConfiguration),
    KinesisStreamSourceConfiguration: optional(KinesisStreamSourceConfiguration),
    DeliveryStreamEncryptionConfigurationInput: optional(DeliveryStreamEncryptionConfigurationInput),
    S3DestinationConfiguration: optional(S3DestinationConfiguration),
    ExtendedS3DestinationConfiguration: optional(ExtendedS3DestinationConfiguration),
    RedshiftDestinationConfiguration: optional(RedshiftDestinationConfiguration),
    ElasticsearchDestinationConfiguration: optional(ElasticsearchDestinationConfiguration),
    AmazonopensearchserviceDestinationConfiguration: optional(
      AmazonopensearchserviceDestinationConfiguration,
    ),
    SplunkDestinationConfiguration: optional(SplunkDestinationConfiguration),
    HttpEndpointDestinationConfiguration: optional(HttpEndpointDestinationConfiguration),
    Tags: optional(TagDeliveryStreamInputTagList),
    AmazonOpenSearchServerlessDestinationConfiguration: optional(
      AmazonOpenSearchServerlessDestinationConfiguration,
    ),
    MSKSourceConfiguration: optional(MSKSourceConfiguration),
    SnowflakeDestinationConfiguration: optional(SnowflakeDestinationConfiguration),
    IcebergDestinationConfiguration: optional(IcebergDestinationConfiguration),
    DatabaseSourceConfiguration: optional(DatabaseSourceConfiguration),
  }),
  output: structure('CreateDeliveryStreamOutput', {
    DeliveryStreamARN: optional(DeliveryStreamARN),
  }),
  errors: [
    'InvalidArgumentException',
    'LimitExceededException',
    'ResourceInUseException',
    'InvalidKMSResourceException',
  ],
});

type Input = TypeOf<typeof CreateDeliveryStream.input>;

export type CreateParts = ChangeParts & {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly keys: KeyRing;
  readonly limits: Pick<Limits, 'deliveryStreamsPerAccount' | 'deliveryStreamsPerKey' | 'tagsPerStream'>;
  readonly stateDurationMs: number;
  readonly tables: TableSchemas;
  readonly streamExists: StreamExists;
};

export function createDeliveryStream(parts: CreateParts): Handler<typeof CreateDeliveryStream> {
  const { catalog, directory, clock, keys, limits } = parts;
  return async (input, call) => {
    const place: Place = { account: call.caller.account, region: call.region };
    const name = input.DeliveryStreamName;
    const nowMs = clock.now();
    const source = checkSource(input, place, nowMs, parts.streamExists);
    const { checkDestination } = await import('../settings/check-destination.ts');
    const { checkConversionTable } = await import('../settings/conversion-table.ts');
    const destination = checkDestination(input, place);
    const encryption = encryptionColumns(input, source, place);
    if (directory.byName(place.account, place.region, name) !== undefined) {
      throw deliveryStreamExists(name, place.account);
    }
    await checkConversionTable(destination, parts.tables, place);
    const pending: Pending = { kind: 'create', dueMs: nowMs + parts.stateDurationMs };
    const id = newDeliveryStreamId(parts.dice);
    // Before the row, which is sealed under it. One that no row follows is forgotten, at the latest at the next start.
    await keys.begin(id);
    try {
      const row: DeliveryStreamRow = {
        ...place,
        ...encryption,
        ...sealDestination(keys, id, destination),
        delivery_stream_id: id,
        name,
        status: 'CREATING',
        created_ms: nowMs,
        last_update_ms: null,
        version_id: 1,
        source_json: JSON.stringify(source),
        encryption_changes_json: '[]',
        pending_json: JSON.stringify(pending),
        change: 1,
      };
      await catalog.transact((transaction) => insert(transaction, row, input, limits));
    } catch (error) {
      await keys.forget(id).catch(() => undefined);
      throw error;
    }
    await directory.refresh(id);
    return { DeliveryStreamARN: deliveryStreamArn(place.region, place.account, name) };
  };
}

async function insert(
  transaction: CatalogTransaction,
  row: DeliveryStreamRow,
  input: Input,
  limits: CreateParts['limits'],
): Promise<void> {
  const { account, region, name } = row;
  const others = await transaction
    .selectFrom('delivery_streams')
    .select('name')
    .where('account', '=', account)
    .where('region', '=', region)
    .execute();
  if (others.some((other) => other.name === name)) throw deliveryStreamExists(name, account);
  if (others.length >= limits.deliveryStreamsPerAccount) {
    throw limitExceeded(
      `You have already consumed your firehose quota of ${limits.deliveryStreamsPerAccount} hoses.`,
    );
  }
  if (row.encryption_status === 'ENABLING') await checkStreamsOfKey(transaction, row, row, limits);
  await transaction.insertInto('delivery_streams').values(row).execute();
  const arn = deliveryStreamArn(region, account, name);
  await putTags(transaction, { arn, name, account }, input.Tags ?? [], limits.tagsPerStream);
}

type EncryptionColumns = Pick<
  DeliveryStreamRow,
  'encryption_status' | 'encryption_key_type' | 'encryption_key_arn'
>;

function encryptionColumns(input: Input, source: DeliveryStreamSource, place: Place): EncryptionColumns {
  const key = input.DeliveryStreamEncryptionConfigurationInput;
  if (key === undefined) {
    return { encryption_status: 'DISABLED', encryption_key_type: null, encryption_key_arn: null };
  }
  if (source.kind !== 'DirectPut') throw onlyDirectPut();
  return { encryption_status: 'ENABLING', ...keyColumns(key, place) };
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const RANDOM_LETTERS = 24;

/** Random, so that it is never given twice; it begins as its owner's (base/log-owner.ts). */
function newDeliveryStreamId(dice: Dice): string {
  const letters = Array.from({ length: RANDOM_LETTERS }, () => ALPHABET[dice.integer(ALPHABET.length)]);
  return FIREHOSE_ID_PREFIX + letters.join('');
}
