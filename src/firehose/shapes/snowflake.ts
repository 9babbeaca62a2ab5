/** Snowflake. Decoded, so that what the model forbids is answered in AWS's words; creating one is refused. */
import { enumeration, integer, optional, required, string, structure } from '../../wire/shape/shape.ts';
import { BooleanObject, CloudWatchLoggingOptions, RoleARN, SecretsManagerConfiguration } from './names.ts';
import { ProcessingConfiguration } from './processing.ts';
import { S3DestinationConfiguration, S3DestinationDescription, S3DestinationUpdate } from './s3.ts';

export const SnowflakeAccountUrl = string({ min: 24, max: 2048, pattern: '.+?\\.snowflakecomputing\\.com' });

export const SnowflakeBufferingSizeInMBs = integer({ min: 1, max: 128 });

export const SnowflakeBufferingIntervalInSeconds = integer({ min: 0, max: 900 });

export const SnowflakeBufferingHints = structure('SnowflakeBufferingHints', {
  SizeInMBs: optional(SnowflakeBufferingSizeInMBs),
  IntervalInSeconds: optional(SnowflakeBufferingIntervalInSeconds),
});

export const SnowflakeContentColumnName = string({ min: 1, max: 255 });

export const SnowflakeDataLoadingOption = enumeration(
  'JSON_MAPPING',
  'VARIANT_CONTENT_MAPPING',
  'VARIANT_CONTENT_AND_METADATA_MAPPING',
);

export const SnowflakeDatabase = string({ min: 1, max: 255 });

export const SnowflakePrivateKey = string({
  min: 256,
  max: 4096,
  pattern: '^(?:[A-Za-z0-9+\\/]{4})*(?:[A-Za-z0-9+\\/]{2}==|[A-Za-z0-9+\\/]{3}=)?$',
});

export const SnowflakeKeyPassphrase = string({ min: 7, max: 255 });

export const SnowflakeUser = string({ min: 1, max: 255 });

export const SnowflakeSchema = string({ min: 1, max: 255 });

export const SnowflakeTable = string({ min: 1, max: 255 });

export const SnowflakeRole = string({ min: 1, max: 255 });

export const SnowflakeRoleConfiguration = structure('SnowflakeRoleConfiguration', {
  Enabled: optional(BooleanObject),
  SnowflakeRole: optional(SnowflakeRole),
});

export const SnowflakeMetaDataColumnName = string({ min: 1, max: 255 });

export const SnowflakePrivateLinkVpceId = string({
  min: 47,
  max: 255,
  pattern: '([a-zA-Z0-9\\-\\_]+\\.){2,3}vpce\\.[a-zA-Z0-9\\-]*\\.vpce-svc\\-[a-zA-Z0-9\\-]{17}$',
});

export const SnowflakeVpcConfiguration = structure('SnowflakeVpcConfiguration', {
  PrivateLinkVpceId: required(SnowflakePrivateLinkVpceId),
});

export const SnowflakeRetryDurationInSeconds = integer({ min: 0, max: 7200 });

export const SnowflakeRetryOptions = structure('SnowflakeRetryOptions', {
  DurationInSeconds: optional(SnowflakeRetryDurationInSeconds),
});

export const SnowflakeS3BackupMode = enumeration('FailedDataOnly', 'AllData');

export const SnowflakeDestinationConfiguration = structure('SnowflakeDestinationConfiguration', {
  AccountUrl: required(SnowflakeAccountUrl),
  PrivateKey: optional(SnowflakePrivateKey),
  KeyPassphrase: optional(SnowflakeKeyPassphrase),
  User: optional(SnowflakeUser),
  Database: required(SnowflakeDatabase),
  Schema: required(SnowflakeSchema),
  Table: required(SnowflakeTable),
  SnowflakeRoleConfiguration: optional(SnowflakeRoleConfiguration),
  DataLoadingOption: optional(SnowflakeDataLoadingOption),
  MetaDataColumnName: optional(SnowflakeMetaDataColumnName),
  ContentColumnName: optional(SnowflakeContentColumnName),
  SnowflakeVpcConfiguration: optional(SnowflakeVpcConfiguration),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  RoleARN: required(RoleARN),
  RetryOptions: optional(SnowflakeRetryOptions),
  S3BackupMode: optional(SnowflakeS3BackupMode),
  S3Configuration: required(S3DestinationConfiguration),
  SecretsManagerConfiguration: optional(SecretsManagerConfiguration),
  BufferingHints: optional(SnowflakeBufferingHints),
});

export const SnowflakeDestinationDescription = structure('SnowflakeDestinationDescription', {
  AccountUrl: optional(SnowflakeAccountUrl),
  User: optional(SnowflakeUser),
  Database: optional(SnowflakeDatabase),
  Schema: optional(SnowflakeSchema),
  Table: optional(SnowflakeTable),
  SnowflakeRoleConfiguration: optional(SnowflakeRoleConfiguration),
  DataLoadingOption: optional(SnowflakeDataLoadingOption),
  MetaDataColumnName: optional(SnowflakeMetaDataColumnName),
  ContentColumnName: optional(SnowflakeContentColumnName),
  SnowflakeVpcConfiguration: optional(SnowflakeVpcConfiguration),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  RoleARN: optional(RoleARN),
  RetryOptions: optional(SnowflakeRetryOptions),
  S3BackupMode: optional(SnowflakeS3BackupMode),
  S3DestinationDescription: optional(S3DestinationDescription),
  SecretsManagerConfiguration: optional(SecretsManagerConfiguration),
  BufferingHints: optional(SnowflakeBufferingHints),
});

export const SnowflakeDestinationUpdate = structure('SnowflakeDestinationUpdate', {
  AccountUrl: optional(SnowflakeAccountUrl),
  PrivateKey: optional(SnowflakePrivateKey),
  KeyPassphrase: optional(SnowflakeKeyPassphrase),
  User: optional(SnowflakeUser),
  Database: optional(SnowflakeDatabase),
  Schema: optional(SnowflakeSchema),
  Table: optional(SnowflakeTable),
  SnowflakeRoleConfiguration: optional(SnowflakeRoleConfiguration),
  DataLoadingOption: optional(SnowflakeDataLoadingOption),
  MetaDataColumnName: optional(SnowflakeMetaDataColumnName),
  ContentColumnName: optional(SnowflakeContentColumnName),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  RoleARN: optional(RoleARN),
  RetryOptions: optional(SnowflakeRetryOptions),
  S3BackupMode: optional(SnowflakeS3BackupMode),
  S3Update: optional(S3DestinationUpdate),
  SecretsManagerConfiguration: optional(SecretsManagerConfiguration),
  BufferingHints: optional(SnowflakeBufferingHints),
});
