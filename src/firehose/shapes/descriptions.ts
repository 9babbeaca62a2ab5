/** What descriptions and lists of delivery streams show. */
import { enumeration, integer, list, optional, required, string, structure } from '../../wire/shape/shape.ts';
import { DeliveryStreamEncryptionConfiguration } from './encryption.ts';
import { HttpEndpointDestinationDescription } from './http-endpoint.ts';
import { IcebergDestinationDescription } from './iceberg.ts';
import {
  BooleanObject,
  DeliveryStreamARN,
  DeliveryStreamName,
  FailureDescription,
  Timestamp,
} from './names.ts';
import { RedshiftDestinationDescription } from './redshift.ts';
import { ExtendedS3DestinationDescription, S3DestinationDescription } from './s3.ts';
import {
  AmazonOpenSearchServerlessDestinationDescription,
  AmazonopensearchserviceDestinationDescription,
  ElasticsearchDestinationDescription,
} from './search.ts';
import { SnowflakeDestinationDescription } from './snowflake.ts';
import { SourceDescription } from './sources.ts';
import { SplunkDestinationDescription } from './splunk.ts';

export const DeliveryStreamStatus = enumeration(
  'CREATING',
  'CREATING_FAILED',
  'DELETING',
  'DELETING_FAILED',
  'ACTIVE',
);

export const DeliveryStreamType = enumeration(
  'DirectPut',
  'KinesisStreamAsSource',
  'MSKAsSource',
  'DatabaseAsSource',
);

export const DeliveryStreamVersionId = string({ min: 1, max: 50, pattern: '[0-9]+' });

export const DestinationId = string({ min: 1, max: 100, pattern: '[a-zA-Z0-9-]+' });

export const DestinationDescription = structure('DestinationDescription', {
  DestinationId: required(DestinationId),
  S3DestinationDescription: optional(S3DestinationDescription),
  ExtendedS3DestinationDescription: optional(ExtendedS3DestinationDescription),
  RedshiftDestinationDescription: optional(RedshiftDestinationDescription),
  ElasticsearchDestinationDescription: optional(ElasticsearchDestinationDescription),
  AmazonopensearchserviceDestinationDescription: optional(AmazonopensearchserviceDestinationDescription),
  SplunkDestinationDescription: optional(SplunkDestinationDescription),
  HttpEndpointDestinationDescription: optional(HttpEndpointDestinationDescription),
  SnowflakeDestinationDescription: optional(SnowflakeDestinationDescription),
  AmazonOpenSearchServerlessDestinationDescription: optional(
    AmazonOpenSearchServerlessDestinationDescription,
  ),
  IcebergDestinationDescription: optional(IcebergDestinationDescription),
});

export const DestinationDescriptionList = list(DestinationDescription);

export const DeliveryStreamDescription = structure('DeliveryStreamDescription', {
  DeliveryStreamName: required(DeliveryStreamName),
  DeliveryStreamARN: required(DeliveryStreamARN),
  DeliveryStreamStatus: required(DeliveryStreamStatus),
  FailureDescription: optional(FailureDescription),
  DeliveryStreamEncryptionConfiguration: optional(DeliveryStreamEncryptionConfiguration),
  DeliveryStreamType: required(DeliveryStreamType),
  VersionId: required(DeliveryStreamVersionId),
  CreateTimestamp: optional(Timestamp),
  LastUpdateTimestamp: optional(Timestamp),
  Source: optional(SourceDescription),
  Destinations: required(DestinationDescriptionList),
  HasMoreDestinations: required(BooleanObject),
});

export const DeliveryStreamNameList = list(DeliveryStreamName);

export const DescribeDeliveryStreamInputLimit = integer({ min: 1, max: 10000 });

export const ListDeliveryStreamsInputLimit = integer({ min: 1, max: 10000 });
