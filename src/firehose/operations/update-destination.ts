import type { Clock } from '../../host/host.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import type { TableSchemas } from '../../tables/tables.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure, type TypeOf } from '../../wire/shape/shape.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { changeDeliveryStream, type ChangeParts } from '../directory/change-delivery-stream.ts';
import { invalidArgument, resourceInUse } from '../directory/delivery-stream-errors.ts';
import type { DeliveryStreamState } from '../directory/delivery-stream-state.ts';
import { deliveryStreamResource, resolveDeliveryStream } from '../directory/resolve-delivery-stream.ts';
import { openDestination, sealDestination } from '../directory/sealed-destination.ts';
import { DESTINATION_ID } from '../settings/describe-destination.ts';
import { DeliveryStreamVersionId, DestinationId } from '../shapes/descriptions.ts';
import { HttpEndpointDestinationUpdate } from '../shapes/http-endpoint.ts';
import { IcebergDestinationUpdate } from '../shapes/iceberg.ts';
import { DeliveryStreamName } from '../shapes/names.ts';
import { RedshiftDestinationUpdate } from '../shapes/redshift.ts';
import { ExtendedS3DestinationUpdate, S3DestinationUpdate } from '../shapes/s3.ts';
import {
  AmazonOpenSearchServerlessDestinationUpdate,
  AmazonopensearchserviceDestinationUpdate,
  ElasticsearchDestinationUpdate,
} from '../shapes/search.ts';
import { SnowflakeDestinationUpdate } from '../shapes/snowflake.ts';
import { SplunkDestinationUpdate } from '../shapes/splunk.ts';

export const UpdateDestination = operation({
  name: 'UpdateDestination',
  action: 'firehose:UpdateDestination',
  resources: deliveryStreamResource,
  input: structure('UpdateDestinationInput', {
    DeliveryStreamName: required(DeliveryStreamName),
    CurrentDeliveryStreamVersionId: required(DeliveryStreamVersionId),
    DestinationId: required(DestinationId),
    S3DestinationUpdate: optional(S3DestinationUpdate),
    ExtendedS3DestinationUpdate: optional(ExtendedS3DestinationUpdate),
    RedshiftDestinationUpdate: optional(RedshiftDestinationUpdate),
    ElasticsearchDestinationUpdate: optional(ElasticsearchDestinationUpdate),
    AmazonopensearchserviceDestinationUpdate: optional(AmazonopensearchserviceDestinationUpdate),
    SplunkDestinationUpdate: optional(SplunkDestinationUpdate),
    HttpEndpointDestinationUpdate: optional(HttpEndpointDestinationUpdate),
    AmazonOpenSearchServerlessDestinationUpdate: optional(AmazonOpenSearchServerlessDestinationUpdate),
    SnowflakeDestinationUpdate: optional(SnowflakeDestinationUpdate),
    IcebergDestinationUpdate: optional(IcebergDestinationUpdate),
  }),
  output: structure('UpdateDestinationOutput', {}),
  errors: [
    'InvalidArgumentException',
    'ResourceInUseException',
    'ResourceNotFoundException',
    'ConcurrentModificationException',
  ],
});

export function updateDestination(
  parts: ChangeParts & { readonly clock: Clock; readonly keys: KeyRing; readonly tables: TableSchemas },
): Handler<typeof UpdateDestination> {
  const { clock, keys } = parts;
  return async (input, call) => {
    const stream = resolveDeliveryStream(parts.directory, input, call);
    const { updateDestination: merged } = await import('../settings/update-destination.ts');
    const { checkConversionTable } = await import('../settings/conversion-table.ts');
    if (changesTable(input, stream)) {
      await checkConversionTable(merged(stream.destination, input, stream), parts.tables, stream);
    }
    await changeDeliveryStream(parts, stream, (row) => {
      if (row.status !== 'ACTIVE') {
        throw resourceInUse(`Cannot update firehose: ${row.name} when it is in ${row.status} status`);
      }
      if (input.DestinationId !== DESTINATION_ID) {
        throw invalidArgument(`Destination Id ${input.DestinationId} not found.`);
      }
      if (input.CurrentDeliveryStreamVersionId !== String(row.version_id)) {
        throw new ServiceError(
          'ConcurrentModificationException',
          `Cannot update firehose: ${row.name} since the current version id: ${row.version_id} ` +
            `and specified version id: ${input.CurrentDeliveryStreamVersionId} do not match`,
        );
      }
      const settings = merged(openDestination(keys, stream.id, row), input, stream);
      return {
        ...sealDestination(keys, stream.id, settings),
        version_id: row.version_id + 1,
        last_update_ms: clock.now(),
      };
    });
    return {};
  };
}

/** Whether the table of a conversion is to be looked up. What is wrong with the update otherwise is told by the change itself. */
function changesTable(input: TypeOf<typeof UpdateDestination.input>, stream: DeliveryStreamState): boolean {
  if (input.ExtendedS3DestinationUpdate?.DataFormatConversionConfiguration === undefined) return false;
  return (
    stream.status === 'ACTIVE' &&
    input.DestinationId === DESTINATION_ID &&
    input.CurrentDeliveryStreamVersionId === stream.versionId
  );
}
