/**
 * The shapes of the five Channel operations, members as the newest `@aws-sdk/client-kinesis` declares them. The model that
 * knows their constraints is not published yet, so there are none.
 */
import {
  boolean,
  enumeration,
  integer,
  list,
  optional,
  required,
  string,
  structure,
} from '../wire/shape/shape.ts';
import { NextToken, StreamARN, TagMap, Timestamp } from './shapes.ts';

const RecordConfiguration = structure('RecordConfiguration', {
  RecordFormatType: required(enumeration('BYTE_ARRAY', 'GSR_JSON', 'JSON', 'STRING')),
  GSRSchemaARN: optional(string()),
});

const ChannelStreamConfiguration = structure('ChannelStreamConfiguration', {
  StreamARN: required(StreamARN),
  RecordConfiguration: required(RecordConfiguration),
});

const S3StorageConfiguration = structure('S3StorageConfiguration', {
  BucketARN: required(string()),
  ExpectedBucketOwner: required(string()),
  CompressionType: required(enumeration('GZIP', 'NONE', 'ZSTD')),
  OutputKeyTemplate: optional(string()),
  StorageClass: optional(enumeration('GLACIER_IR', 'INTELLIGENT_TIERING', 'STANDARD')),
});

const DeadLetterQueueS3Configuration = structure('DeadLetterQueueS3Configuration', {
  BucketARN: required(string()),
  ExpectedBucketOwner: required(string()),
  ErrorOutputPrefix: optional(string()),
});

const S3DestinationConfiguration = structure('S3DestinationConfiguration', {
  StorageConfiguration: required(S3StorageConfiguration),
  DataFreshnessInSeconds: optional(integer()),
  DeadLetterQueueS3Configuration: optional(DeadLetterQueueS3Configuration),
});

const PartitionField = structure('PartitionField', {
  Transform: required(enumeration('TIME_HOUR')),
  SourceName: required(string()),
});

const PartitionSpec = structure('PartitionSpec', {
  PartitionFields: required(list(PartitionField)),
});

const S3TablesConfiguration = structure('S3TablesConfiguration', {
  TableBucketARN: required(string()),
  Namespace: required(string()),
  TableName: required(string()),
  CompressionType: required(enumeration('NONE', 'SNAPPY', 'ZSTD')),
  PartitionSpec: optional(PartitionSpec),
});

const S3TablesDestinationConfiguration = structure('S3TablesDestinationConfiguration', {
  DeadLetterQueueS3Configuration: required(DeadLetterQueueS3Configuration),
  S3TablesConfigurationList: required(list(S3TablesConfiguration)),
  DataFreshnessInSeconds: optional(integer()),
});

const ChannelEncryptionConfiguration = structure('ChannelEncryptionConfiguration', {
  EncryptionType: required(enumeration('KMS')),
  KeyId: required(string()),
});

const CloudWatchLogs = structure('CloudWatchLogs', {
  Enabled: required(boolean()),
  LogGroupName: optional(string()),
  LogStreamName: optional(string()),
});

const ChannelLoggingConfiguration = structure('ChannelLoggingConfiguration', {
  CloudWatchLogs: required(CloudWatchLogs),
});

export const CreateChannelInput = structure('CreateChannelInput', {
  ChannelName: required(string()),
  ServiceExecutionRoleARN: required(string()),
  StreamConfigurationList: required(list(ChannelStreamConfiguration)),
  S3DestinationConfiguration: optional(S3DestinationConfiguration),
  S3TablesDestinationConfiguration: optional(S3TablesDestinationConfiguration),
  EncryptionConfiguration: optional(ChannelEncryptionConfiguration),
  Tags: optional(TagMap),
  LoggingConfiguration: optional(ChannelLoggingConfiguration),
});

const ChannelStatus = enumeration('ACTIVE', 'CREATING', 'DELETING', 'FAILED', 'UPDATING');

const ChannelStreamDescription = structure('ChannelStreamDescription', {
  StreamARN: required(StreamARN),
  StreamCreationTimestamp: required(Timestamp),
  RecordConfiguration: required(RecordConfiguration),
});

const S3DestinationDescription = structure('S3DestinationDescription', {
  DataFreshnessInSeconds: required(integer()),
  DeadLetterQueueS3Configuration: required(DeadLetterQueueS3Configuration),
  StorageConfiguration: required(S3StorageConfiguration),
});

const S3TablesDestinationDescription = structure('S3TablesDestinationDescription', {
  DataFreshnessInSeconds: required(integer()),
  DeadLetterQueueS3Configuration: required(DeadLetterQueueS3Configuration),
  S3TablesConfigurationList: required(list(S3TablesConfiguration)),
});

const ChannelDescription = structure('ChannelDescription', {
  ChannelName: required(string()),
  ChannelARN: required(string()),
  ChannelId: required(string()),
  ChannelStatus: required(ChannelStatus),
  ChannelCreationTimestamp: required(Timestamp),
  ServiceExecutionRoleARN: required(string()),
  StreamConfigurationList: required(list(ChannelStreamDescription)),
  LoggingConfiguration: required(ChannelLoggingConfiguration),
  ChannelStatusReason: optional(string()),
  S3DestinationConfiguration: optional(S3DestinationDescription),
  S3TablesDestinationConfiguration: optional(S3TablesDestinationDescription),
  EncryptionConfiguration: optional(ChannelEncryptionConfiguration),
});

export const CreateChannelOutput = structure('CreateChannelOutput', {
  ChannelDescription: required(ChannelDescription),
});

export const DeleteChannelInput = structure('DeleteChannelInput', {
  ChannelARN: required(string()),
});

export const DeleteChannelOutput = structure('DeleteChannelOutput', {});

export const DescribeChannelInput = structure('DescribeChannelInput', {
  ChannelARN: required(string()),
});

export const DescribeChannelOutput = structure('DescribeChannelOutput', {
  ChannelDescription: required(ChannelDescription),
});

const StreamFilter = structure('StreamFilter', {
  StreamARN: required(StreamARN),
  StreamCreationTimestamp: optional(Timestamp),
});

export const ListChannelsInput = structure('ListChannelsInput', {
  StreamFilter: optional(list(StreamFilter)),
  MaxResults: optional(integer()),
  NextToken: optional(NextToken),
});

const ChannelStreamIdentifier = structure('ChannelStreamIdentifier', {
  StreamARN: required(StreamARN),
  StreamCreationTimestamp: required(Timestamp),
});

const ChannelSummary = structure('ChannelSummary', {
  ChannelName: required(string()),
  ChannelARN: required(string()),
  ChannelId: required(string()),
  ChannelStatus: required(ChannelStatus),
  ChannelCreationTimestamp: required(Timestamp),
  ChannelDestinationType: required(enumeration('S3', 'S3_TABLES')),
  Streams: required(list(ChannelStreamIdentifier)),
  ChannelStatusReason: optional(string()),
});

export const ListChannelsOutput = structure('ListChannelsOutput', {
  ChannelSummaries: required(list(ChannelSummary)),
  NextToken: optional(NextToken),
});

const S3DestinationUpdateInput = structure('S3DestinationUpdateInput', {
  DataFreshnessInSeconds: required(integer()),
});

const S3TablesDestinationUpdateInput = structure('S3TablesDestinationUpdateInput', {
  DataFreshnessInSeconds: required(integer()),
});

const CloudWatchLogsUpdateInput = structure('CloudWatchLogsUpdateInput', {
  Enabled: required(boolean()),
  LogGroupName: optional(string()),
  LogStreamName: optional(string()),
});

const ChannelLoggingUpdateInput = structure('ChannelLoggingUpdateInput', {
  CloudWatchLogs: required(CloudWatchLogsUpdateInput),
});

export const UpdateChannelInput = structure('UpdateChannelInput', {
  ChannelARN: required(string()),
  S3DestinationConfiguration: optional(S3DestinationUpdateInput),
  S3TablesDestinationConfiguration: optional(S3TablesDestinationUpdateInput),
  LoggingConfiguration: optional(ChannelLoggingUpdateInput),
});

export const UpdateChannelOutput = structure('UpdateChannelOutput', {
  ChannelDescription: required(ChannelDescription),
});
