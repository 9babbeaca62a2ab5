/** Splunk's HTTP event collector. */
import { enumeration, integer, optional, required, string, structure } from '../../wire/shape/shape.ts';
import { CloudWatchLoggingOptions, SecretsManagerConfiguration } from './names.ts';
import { ProcessingConfiguration } from './processing.ts';
import { S3DestinationConfiguration, S3DestinationDescription, S3DestinationUpdate } from './s3.ts';

export const HECAcknowledgmentTimeoutInSeconds = integer({ min: 180, max: 600 });

export const HECEndpoint = string({ min: 0, max: 2048, pattern: '.*' });

export const HECEndpointType = enumeration('Raw', 'Event');

export const HECToken = string({ min: 0, max: 2048, pattern: '.*' });

export const SplunkBufferingIntervalInSeconds = integer({ min: 0, max: 60 });

export const SplunkBufferingSizeInMBs = integer({ min: 1, max: 5 });

export const SplunkBufferingHints = structure('SplunkBufferingHints', {
  IntervalInSeconds: optional(SplunkBufferingIntervalInSeconds),
  SizeInMBs: optional(SplunkBufferingSizeInMBs),
});

export const SplunkRetryDurationInSeconds = integer({ min: 0, max: 7200 });

export const SplunkRetryOptions = structure('SplunkRetryOptions', {
  DurationInSeconds: optional(SplunkRetryDurationInSeconds),
});

export const SplunkS3BackupMode = enumeration('FailedEventsOnly', 'AllEvents');

export const SplunkDestinationConfiguration = structure('SplunkDestinationConfiguration', {
  HECEndpoint: required(HECEndpoint),
  HECEndpointType: required(HECEndpointType),
  HECToken: optional(HECToken),
  HECAcknowledgmentTimeoutInSeconds: optional(HECAcknowledgmentTimeoutInSeconds),
  RetryOptions: optional(SplunkRetryOptions),
  S3BackupMode: optional(SplunkS3BackupMode),
  S3Configuration: required(S3DestinationConfiguration),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  BufferingHints: optional(SplunkBufferingHints),
  SecretsManagerConfiguration: optional(SecretsManagerConfiguration),
});

export const SplunkDestinationDescription = structure('SplunkDestinationDescription', {
  HECEndpoint: optional(HECEndpoint),
  HECEndpointType: optional(HECEndpointType),
  HECToken: optional(HECToken),
  HECAcknowledgmentTimeoutInSeconds: optional(HECAcknowledgmentTimeoutInSeconds),
  RetryOptions: optional(SplunkRetryOptions),
  S3BackupMode: optional(SplunkS3BackupMode),
  S3DestinationDescription: optional(S3DestinationDescription),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  BufferingHints: optional(SplunkBufferingHints),
  SecretsManagerConfiguration: optional(SecretsManagerConfiguration),
});

export const SplunkDestinationUpdate = structure('SplunkDestinationUpdate', {
  HECEndpoint: optional(HECEndpoint),
  HECEndpointType: optional(HECEndpointType),
  HECToken: optional(HECToken),
  HECAcknowledgmentTimeoutInSeconds: optional(HECAcknowledgmentTimeoutInSeconds),
  RetryOptions: optional(SplunkRetryOptions),
  S3BackupMode: optional(SplunkS3BackupMode),
  S3Update: optional(S3DestinationUpdate),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  BufferingHints: optional(SplunkBufferingHints),
  SecretsManagerConfiguration: optional(SecretsManagerConfiguration),
});
