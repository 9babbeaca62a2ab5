/** Redshift: objects in S3, then COPY. */
import { enumeration, integer, optional, required, string, structure } from '../../wire/shape/shape.ts';
import { CloudWatchLoggingOptions, RoleARN, SecretsManagerConfiguration } from './names.ts';
import { ProcessingConfiguration } from './processing.ts';
import { S3DestinationConfiguration, S3DestinationDescription, S3DestinationUpdate } from './s3.ts';

export const ClusterJDBCURL = string({
  min: 1,
  max: 512,
  pattern:
    'jdbc:(redshift|postgresql)://((?!-)[A-Za-z0-9-]{1,63}(?<!-)\\.)+(redshift(-serverless)?)\\.([a-zA-Z0-9\\.\\-]+):\\d{1,5}/[a-zA-Z0-9_$-]+',
});

export const DataTableName = string({ min: 1, max: 512, pattern: '.*' });

export const DataTableColumns = string({ min: 0, max: 10240, pattern: '.*' });

export const CopyOptions = string({ min: 0, max: 10240, pattern: '.*' });

export const CopyCommand = structure('CopyCommand', {
  DataTableName: required(DataTableName),
  DataTableColumns: optional(DataTableColumns),
  CopyOptions: optional(CopyOptions),
});

export const Password = string({ min: 6, max: 512, pattern: '.*' });

export const Username = string({ min: 1, max: 512, pattern: '.*' });

export const RedshiftRetryDurationInSeconds = integer({ min: 0, max: 7200 });

export const RedshiftRetryOptions = structure('RedshiftRetryOptions', {
  DurationInSeconds: optional(RedshiftRetryDurationInSeconds),
});

export const RedshiftS3BackupMode = enumeration('Disabled', 'Enabled');

export const RedshiftDestinationConfiguration = structure('RedshiftDestinationConfiguration', {
  RoleARN: required(RoleARN),
  ClusterJDBCURL: required(ClusterJDBCURL),
  CopyCommand: required(CopyCommand),
  Username: optional(Username),
  Password: optional(Password),
  RetryOptions: optional(RedshiftRetryOptions),
  S3Configuration: required(S3DestinationConfiguration),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  S3BackupMode: optional(RedshiftS3BackupMode),
  S3BackupConfiguration: optional(S3DestinationConfiguration),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  SecretsManagerConfiguration: optional(SecretsManagerConfiguration),
});

export const RedshiftDestinationDescription = structure('RedshiftDestinationDescription', {
  RoleARN: required(RoleARN),
  ClusterJDBCURL: required(ClusterJDBCURL),
  CopyCommand: required(CopyCommand),
  Username: optional(Username),
  RetryOptions: optional(RedshiftRetryOptions),
  S3DestinationDescription: required(S3DestinationDescription),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  S3BackupMode: optional(RedshiftS3BackupMode),
  S3BackupDescription: optional(S3DestinationDescription),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  SecretsManagerConfiguration: optional(SecretsManagerConfiguration),
});

export const RedshiftDestinationUpdate = structure('RedshiftDestinationUpdate', {
  RoleARN: optional(RoleARN),
  ClusterJDBCURL: optional(ClusterJDBCURL),
  CopyCommand: optional(CopyCommand),
  Username: optional(Username),
  Password: optional(Password),
  RetryOptions: optional(RedshiftRetryOptions),
  S3Update: optional(S3DestinationUpdate),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  S3BackupMode: optional(RedshiftS3BackupMode),
  S3BackupUpdate: optional(S3DestinationUpdate),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  SecretsManagerConfiguration: optional(SecretsManagerConfiguration),
});
