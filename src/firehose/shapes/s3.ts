/** S3: the extended destination, the older one that serves as everybody's intermediate or backup bucket, and dynamic partitioning. */
import { enumeration, integer, optional, required, string, structure } from '../../wire/shape/shape.ts';
import { DataFormatConversionConfiguration } from './conversion.ts';
import { BooleanObject, CloudWatchLoggingOptions, RoleARN } from './names.ts';
import { ProcessingConfiguration } from './processing.ts';

export const AWSKMSKeyARN = string({
  min: 1,
  max: 512,
  pattern: 'arn:.*:kms:[a-zA-Z0-9\\-]+:\\d{12}:(key|alias)/[a-zA-Z_0-9+=,.@\\-_/]+',
});

export const BucketARN = string({ min: 1, max: 2048, pattern: 'arn:.*:s3:::[\\w\\.\\-]{1,255}' });

export const SizeInMBs = integer({ min: 1, max: 128 });

export const IntervalInSeconds = integer({ min: 0, max: 900 });

export const BufferingHints = structure('BufferingHints', {
  SizeInMBs: optional(SizeInMBs),
  IntervalInSeconds: optional(IntervalInSeconds),
});

// In the order in which AWS's message tells them (measured at AWS by floci's tests of its S3 destination), which is not the model's.
export const CompressionFormat = enumeration('ZIP', 'HADOOP_SNAPPY', 'Snappy', 'GZIP', 'UNCOMPRESSED');

export const CustomTimeZone = string({ min: 0, max: 50, pattern: '^$|[a-zA-Z/_]+' });

export const RetryDurationInSeconds = integer({ min: 0, max: 7200 });

export const RetryOptions = structure('RetryOptions', {
  DurationInSeconds: optional(RetryDurationInSeconds),
});

export const DynamicPartitioningConfiguration = structure('DynamicPartitioningConfiguration', {
  RetryOptions: optional(RetryOptions),
  Enabled: optional(BooleanObject),
});

export const NoEncryptionConfig = enumeration('NoEncryption');

export const KMSEncryptionConfig = structure('KMSEncryptionConfig', {
  AWSKMSKeyARN: required(AWSKMSKeyARN),
});

export const EncryptionConfiguration = structure('EncryptionConfiguration', {
  NoEncryptionConfig: optional(NoEncryptionConfig),
  KMSEncryptionConfig: optional(KMSEncryptionConfig),
});

export const ErrorOutputPrefix = string({ min: 0, max: 1024, pattern: '.*' });

export const Prefix = string({ min: 0, max: 1024, pattern: '.*' });

export const S3BackupMode = enumeration('Disabled', 'Enabled');

export const S3DestinationConfiguration = structure('S3DestinationConfiguration', {
  RoleARN: required(RoleARN),
  BucketARN: required(BucketARN),
  Prefix: optional(Prefix),
  ErrorOutputPrefix: optional(ErrorOutputPrefix),
  BufferingHints: optional(BufferingHints),
  CompressionFormat: optional(CompressionFormat),
  EncryptionConfiguration: optional(EncryptionConfiguration),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
});

// The pattern that the service's message tells, which is not written as the model's (measured at AWS by floci's tests).
export const FileExtension = string({ min: 0, max: 128, pattern: "^(|\\.[0-9a-z!\\-_.*'()]+)$" });

export const ExtendedS3DestinationConfiguration = structure('ExtendedS3DestinationConfiguration', {
  RoleARN: required(RoleARN),
  BucketARN: required(BucketARN),
  Prefix: optional(Prefix),
  ErrorOutputPrefix: optional(ErrorOutputPrefix),
  BufferingHints: optional(BufferingHints),
  CompressionFormat: optional(CompressionFormat),
  EncryptionConfiguration: optional(EncryptionConfiguration),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  S3BackupMode: optional(S3BackupMode),
  S3BackupConfiguration: optional(S3DestinationConfiguration),
  DataFormatConversionConfiguration: optional(DataFormatConversionConfiguration),
  DynamicPartitioningConfiguration: optional(DynamicPartitioningConfiguration),
  FileExtension: optional(FileExtension),
  CustomTimeZone: optional(CustomTimeZone),
});

export const S3DestinationDescription = structure('S3DestinationDescription', {
  RoleARN: required(RoleARN),
  BucketARN: required(BucketARN),
  Prefix: optional(Prefix),
  ErrorOutputPrefix: optional(ErrorOutputPrefix),
  BufferingHints: required(BufferingHints),
  CompressionFormat: required(CompressionFormat),
  EncryptionConfiguration: required(EncryptionConfiguration),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
});

export const ExtendedS3DestinationDescription = structure('ExtendedS3DestinationDescription', {
  RoleARN: required(RoleARN),
  BucketARN: required(BucketARN),
  Prefix: optional(Prefix),
  ErrorOutputPrefix: optional(ErrorOutputPrefix),
  BufferingHints: required(BufferingHints),
  CompressionFormat: required(CompressionFormat),
  EncryptionConfiguration: required(EncryptionConfiguration),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  S3BackupMode: optional(S3BackupMode),
  S3BackupDescription: optional(S3DestinationDescription),
  DataFormatConversionConfiguration: optional(DataFormatConversionConfiguration),
  DynamicPartitioningConfiguration: optional(DynamicPartitioningConfiguration),
  FileExtension: optional(FileExtension),
  CustomTimeZone: optional(CustomTimeZone),
});

export const S3DestinationUpdate = structure('S3DestinationUpdate', {
  RoleARN: optional(RoleARN),
  BucketARN: optional(BucketARN),
  Prefix: optional(Prefix),
  ErrorOutputPrefix: optional(ErrorOutputPrefix),
  BufferingHints: optional(BufferingHints),
  CompressionFormat: optional(CompressionFormat),
  EncryptionConfiguration: optional(EncryptionConfiguration),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
});

export const ExtendedS3DestinationUpdate = structure('ExtendedS3DestinationUpdate', {
  RoleARN: optional(RoleARN),
  BucketARN: optional(BucketARN),
  Prefix: optional(Prefix),
  ErrorOutputPrefix: optional(ErrorOutputPrefix),
  BufferingHints: optional(BufferingHints),
  CompressionFormat: optional(CompressionFormat),
  EncryptionConfiguration: optional(EncryptionConfiguration),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  S3BackupMode: optional(S3BackupMode),
  S3BackupUpdate: optional(S3DestinationUpdate),
  DataFormatConversionConfiguration: optional(DataFormatConversionConfiguration),
  DynamicPartitioningConfiguration: optional(DynamicPartitioningConfiguration),
  FileExtension: optional(FileExtension),
  CustomTimeZone: optional(CustomTimeZone),
});
