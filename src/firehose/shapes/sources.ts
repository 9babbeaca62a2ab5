/** Sources: records put directly, Kinesis streams, and MSK and databases, which are decoded but refused. */
import {
  enumeration,
  integer,
  list,
  optional,
  required,
  string,
  structure,
  timestamp,
} from '../../wire/shape/shape.ts';
import {
  FailureDescription,
  NonEmptyStringWithoutWhitespace,
  RoleARN,
  SecretsManagerConfiguration,
  Timestamp,
} from './names.ts';

export const Connectivity = enumeration('PUBLIC', 'PRIVATE');

export const AuthenticationConfiguration = structure('AuthenticationConfiguration', {
  RoleARN: required(RoleARN),
  Connectivity: required(Connectivity),
});

export const DatabaseColumnName = string({ min: 1, max: 194, pattern: '[\\u0001-\\uFFFF]*' });

export const DatabaseColumnIncludeOrExcludeList = list(DatabaseColumnName);

export const DatabaseColumnList = structure('DatabaseColumnList', {
  Include: optional(DatabaseColumnIncludeOrExcludeList),
  Exclude: optional(DatabaseColumnIncludeOrExcludeList),
});

export const DatabaseEndpoint = string({ min: 1, max: 255, pattern: '^(?!\\s*$).+' });

export const DatabaseName = string({ min: 1, max: 64, pattern: '[\\u0001-\\uFFFF]*' });

export const DatabaseIncludeOrExcludeList = list(DatabaseName);

export const DatabaseList = structure('DatabaseList', {
  Include: optional(DatabaseIncludeOrExcludeList),
  Exclude: optional(DatabaseIncludeOrExcludeList),
});

export const DatabasePort = integer({ min: 0, max: 65535 });

export const DatabaseTableName = string({ min: 1, max: 129, pattern: '[\\u0001-\\uFFFF]*' });

export const SnapshotRequestedBy = enumeration('USER', 'FIREHOSE');

export const SnapshotStatus = enumeration('IN_PROGRESS', 'COMPLETE', 'SUSPENDED');

export const DatabaseSnapshotInfo = structure('DatabaseSnapshotInfo', {
  Id: required(NonEmptyStringWithoutWhitespace),
  Table: required(DatabaseTableName),
  RequestTimestamp: required(Timestamp),
  RequestedBy: required(SnapshotRequestedBy),
  Status: required(SnapshotStatus),
  FailureDescription: optional(FailureDescription),
});

export const DatabaseSnapshotInfoList = list(DatabaseSnapshotInfo);

export const DatabaseSourceAuthenticationConfiguration = structure(
  'DatabaseSourceAuthenticationConfiguration',
  {
    SecretsManagerConfiguration: required(SecretsManagerConfiguration),
  },
);

export const DatabaseType = enumeration('MySQL', 'PostgreSQL');

export const SSLMode = enumeration('Disabled', 'Enabled');

export const DatabaseTableIncludeOrExcludeList = list(DatabaseTableName);

export const DatabaseTableList = structure('DatabaseTableList', {
  Include: optional(DatabaseTableIncludeOrExcludeList),
  Exclude: optional(DatabaseTableIncludeOrExcludeList),
});

export const DatabaseSurrogateKeyList = list(NonEmptyStringWithoutWhitespace);

export const VpcEndpointServiceName = string({
  min: 47,
  max: 255,
  pattern: '([a-zA-Z0-9\\-\\_]+\\.){2,3}vpce\\.[a-zA-Z0-9\\-]*\\.vpce-svc\\-[a-zA-Z0-9\\-]{17}$',
});

export const DatabaseSourceVPCConfiguration = structure('DatabaseSourceVPCConfiguration', {
  VpcEndpointServiceName: required(VpcEndpointServiceName),
});

export const DatabaseSourceConfiguration = structure('DatabaseSourceConfiguration', {
  Type: required(DatabaseType),
  Endpoint: required(DatabaseEndpoint),
  Port: required(DatabasePort),
  SSLMode: optional(SSLMode),
  Databases: required(DatabaseList),
  Tables: required(DatabaseTableList),
  Columns: optional(DatabaseColumnList),
  SurrogateKeys: optional(DatabaseSurrogateKeyList),
  SnapshotWatermarkTable: required(DatabaseTableName),
  DatabaseSourceAuthenticationConfiguration: required(DatabaseSourceAuthenticationConfiguration),
  DatabaseSourceVPCConfiguration: required(DatabaseSourceVPCConfiguration),
});

export const DatabaseSourceDescription = structure('DatabaseSourceDescription', {
  Type: optional(DatabaseType),
  Endpoint: optional(DatabaseEndpoint),
  Port: optional(DatabasePort),
  SSLMode: optional(SSLMode),
  Databases: optional(DatabaseList),
  Tables: optional(DatabaseTableList),
  Columns: optional(DatabaseColumnList),
  SurrogateKeys: optional(DatabaseColumnIncludeOrExcludeList),
  SnapshotWatermarkTable: optional(DatabaseTableName),
  SnapshotInfo: optional(DatabaseSnapshotInfoList),
  DatabaseSourceAuthenticationConfiguration: optional(DatabaseSourceAuthenticationConfiguration),
  DatabaseSourceVPCConfiguration: optional(DatabaseSourceVPCConfiguration),
});

export const DeliveryStartTimestamp = timestamp();

export const ThroughputHintInMBs = integer({ min: 1, max: 100 });

export const DirectPutSourceConfiguration = structure('DirectPutSourceConfiguration', {
  ThroughputHintInMBs: required(ThroughputHintInMBs),
});

export const DirectPutSourceDescription = structure('DirectPutSourceDescription', {
  ThroughputHintInMBs: optional(ThroughputHintInMBs),
});

export const KinesisStreamARN = string({
  min: 1,
  max: 512,
  pattern: 'arn:.*:kinesis:[a-zA-Z0-9\\-]+:\\d{12}:stream/[a-zA-Z0-9_.-]+',
});

export const KinesisStreamSourceConfiguration = structure('KinesisStreamSourceConfiguration', {
  KinesisStreamARN: required(KinesisStreamARN),
  RoleARN: required(RoleARN),
});

export const KinesisStreamSourceDescription = structure('KinesisStreamSourceDescription', {
  KinesisStreamARN: optional(KinesisStreamARN),
  RoleARN: optional(RoleARN),
  DeliveryStartTimestamp: optional(DeliveryStartTimestamp),
});

export const MSKClusterARN = string({ min: 1, max: 512, pattern: 'arn:.*' });

export const TopicName = string({ min: 1, max: 255, pattern: '[a-zA-Z0-9\\\\._\\\\-]+' });

export const ReadFromTimestamp = timestamp();

export const MSKSourceConfiguration = structure('MSKSourceConfiguration', {
  MSKClusterARN: required(MSKClusterARN),
  TopicName: required(TopicName),
  AuthenticationConfiguration: required(AuthenticationConfiguration),
  ReadFromTimestamp: optional(ReadFromTimestamp),
});

export const MSKSourceDescription = structure('MSKSourceDescription', {
  MSKClusterARN: optional(MSKClusterARN),
  TopicName: optional(TopicName),
  AuthenticationConfiguration: optional(AuthenticationConfiguration),
  DeliveryStartTimestamp: optional(DeliveryStartTimestamp),
  ReadFromTimestamp: optional(ReadFromTimestamp),
});

export const SourceDescription = structure('SourceDescription', {
  DirectPutSourceDescription: optional(DirectPutSourceDescription),
  KinesisStreamSourceDescription: optional(KinesisStreamSourceDescription),
  MSKSourceDescription: optional(MSKSourceDescription),
  DatabaseSourceDescription: optional(DatabaseSourceDescription),
});
