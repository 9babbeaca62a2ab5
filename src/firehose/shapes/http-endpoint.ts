/** HTTP endpoints. */
import { enumeration, integer, list, optional, required, string, structure } from '../../wire/shape/shape.ts';
import { CloudWatchLoggingOptions, RoleARN, SecretsManagerConfiguration } from './names.ts';
import { ProcessingConfiguration } from './processing.ts';
import { S3DestinationConfiguration, S3DestinationDescription, S3DestinationUpdate } from './s3.ts';

export const ContentEncoding = enumeration('NONE', 'GZIP');

export const HttpEndpointAccessKey = string({ min: 0, max: 4096, pattern: '.*' });

export const HttpEndpointAttributeName = string({ min: 1, max: 256, pattern: '^(?!\\s*$).+' });

export const HttpEndpointAttributeValue = string({ min: 0, max: 1024, pattern: '.*' });

export const HttpEndpointBufferingSizeInMBs = integer({ min: 1, max: 64 });

export const HttpEndpointBufferingIntervalInSeconds = integer({ min: 0, max: 900 });

export const HttpEndpointBufferingHints = structure('HttpEndpointBufferingHints', {
  SizeInMBs: optional(HttpEndpointBufferingSizeInMBs),
  IntervalInSeconds: optional(HttpEndpointBufferingIntervalInSeconds),
});

export const HttpEndpointCommonAttribute = structure('HttpEndpointCommonAttribute', {
  AttributeName: required(HttpEndpointAttributeName),
  AttributeValue: required(HttpEndpointAttributeValue),
});

export const HttpEndpointCommonAttributesList = list(HttpEndpointCommonAttribute, { min: 0, max: 50 });

export const HttpEndpointUrl = string({ min: 1, max: 1000, pattern: 'https://.*' });

export const HttpEndpointName = string({ min: 1, max: 256, pattern: '^(?!\\s*$).+' });

export const HttpEndpointConfiguration = structure('HttpEndpointConfiguration', {
  Url: required(HttpEndpointUrl),
  Name: optional(HttpEndpointName),
  AccessKey: optional(HttpEndpointAccessKey),
});

export const HttpEndpointDescription = structure('HttpEndpointDescription', {
  Url: optional(HttpEndpointUrl),
  Name: optional(HttpEndpointName),
});

export const HttpEndpointRequestConfiguration = structure('HttpEndpointRequestConfiguration', {
  ContentEncoding: optional(ContentEncoding),
  CommonAttributes: optional(HttpEndpointCommonAttributesList),
});

export const HttpEndpointRetryDurationInSeconds = integer({ min: 0, max: 7200 });

export const HttpEndpointRetryOptions = structure('HttpEndpointRetryOptions', {
  DurationInSeconds: optional(HttpEndpointRetryDurationInSeconds),
});

export const HttpEndpointS3BackupMode = enumeration('FailedDataOnly', 'AllData');

export const HttpEndpointDestinationConfiguration = structure('HttpEndpointDestinationConfiguration', {
  EndpointConfiguration: required(HttpEndpointConfiguration),
  BufferingHints: optional(HttpEndpointBufferingHints),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  RequestConfiguration: optional(HttpEndpointRequestConfiguration),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  RoleARN: optional(RoleARN),
  RetryOptions: optional(HttpEndpointRetryOptions),
  S3BackupMode: optional(HttpEndpointS3BackupMode),
  S3Configuration: required(S3DestinationConfiguration),
  SecretsManagerConfiguration: optional(SecretsManagerConfiguration),
});

export const HttpEndpointDestinationDescription = structure('HttpEndpointDestinationDescription', {
  EndpointConfiguration: optional(HttpEndpointDescription),
  BufferingHints: optional(HttpEndpointBufferingHints),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  RequestConfiguration: optional(HttpEndpointRequestConfiguration),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  RoleARN: optional(RoleARN),
  RetryOptions: optional(HttpEndpointRetryOptions),
  S3BackupMode: optional(HttpEndpointS3BackupMode),
  S3DestinationDescription: optional(S3DestinationDescription),
  SecretsManagerConfiguration: optional(SecretsManagerConfiguration),
});

export const HttpEndpointDestinationUpdate = structure('HttpEndpointDestinationUpdate', {
  EndpointConfiguration: optional(HttpEndpointConfiguration),
  BufferingHints: optional(HttpEndpointBufferingHints),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  RequestConfiguration: optional(HttpEndpointRequestConfiguration),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  RoleARN: optional(RoleARN),
  RetryOptions: optional(HttpEndpointRetryOptions),
  S3BackupMode: optional(HttpEndpointS3BackupMode),
  S3Update: optional(S3DestinationUpdate),
  SecretsManagerConfiguration: optional(SecretsManagerConfiguration),
});
