/**
 * The shapes that several operations share, as the model of `Kinesis_20131202` declares them.
 * Members newer than that model are those of the newest `@aws-sdk/client-kinesis`.
 */
import {
  blob,
  boolean,
  enumeration,
  eventStream,
  integer,
  list,
  long,
  map,
  optional,
  packedList,
  required,
  string,
  structure,
  timestamp,
} from '../wire/shape/shape.ts';

export const BooleanObject = boolean();

export const ShardId = string({ min: 1, max: 128, pattern: '[a-zA-Z0-9_.-]+' });

export const ShardIdList = list(ShardId);

export const HashKey = string({ pattern: '0|([1-9]\\d{0,38})' });

export const HashKeyRange = structure('HashKeyRange', {
  StartingHashKey: required(HashKey),
  EndingHashKey: required(HashKey),
});

export const ChildShard = structure('ChildShard', {
  ShardId: required(ShardId),
  ParentShards: required(ShardIdList),
  HashKeyRange: required(HashKeyRange),
});

export const ChildShardList = list(ChildShard);

export const ConsumerName = string({ min: 1, max: 128, pattern: '[a-zA-Z0-9_.-]+' });

export const ConsumerARN = string({
  min: 1,
  max: 2048,
  pattern: '^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+',
});

export const ConsumerStatus = enumeration('CREATING', 'DELETING', 'ACTIVE');

export const Timestamp = timestamp();

export const Consumer = structure('Consumer', {
  ConsumerName: required(ConsumerName),
  ConsumerARN: required(ConsumerARN),
  ConsumerStatus: required(ConsumerStatus),
  ConsumerCreationTimestamp: required(Timestamp),
});

export const ConsumerCountObject = integer({ min: 0, max: 1000000 });

export const StreamARN = string({ min: 1, max: 2048, pattern: 'arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+' });

export const ConsumerDescription = structure('ConsumerDescription', {
  ConsumerName: required(ConsumerName),
  ConsumerARN: required(ConsumerARN),
  ConsumerStatus: required(ConsumerStatus),
  ConsumerCreationTimestamp: required(Timestamp),
  StreamARN: required(StreamARN),
});

export const ConsumerList = list(Consumer);

export const Data = blob({ min: 0, max: 10485760 });

export const DescribeStreamInputLimit = integer({ min: 1, max: 10000 });

export const EncryptionType = enumeration('NONE', 'KMS');

export const MetricsName = enumeration(
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
  'ALL',
);

export const MetricsNameList = list(MetricsName, { min: 1, max: 7 });

export const EnhancedMetrics = structure('EnhancedMetrics', {
  ShardLevelMetrics: optional(MetricsNameList),
});

export const EnhancedMonitoringList = list(EnhancedMetrics);

export const ErrorCode = string();

export const ErrorMessage = string();

export const GetRecordsInputLimit = integer({ min: 1, max: 10000 });

export const KeyId = string({ min: 1, max: 2048 });

export const ListShardsInputLimit = integer({ min: 1, max: 10000 });

export const ListStreamConsumersInputLimit = integer({ min: 1, max: 10000 });

export const ListStreamsInputLimit = integer({ min: 1, max: 10000 });

export const ListTagsForStreamInputLimit = integer({ min: 1, max: 50 });

export const MaxRecordSizeInKiB = integer({ min: 1024, max: 10240 });

export const MillisBehindLatest = long({ min: 0 });

export const MinimumThroughputBillingCommitmentInputStatus = enumeration('ENABLED', 'DISABLED');

export const MinimumThroughputBillingCommitmentInput = structure('MinimumThroughputBillingCommitmentInput', {
  Status: required(MinimumThroughputBillingCommitmentInputStatus),
});

export const MinimumThroughputBillingCommitmentOutputStatus = enumeration(
  'ENABLED',
  'DISABLED',
  'ENABLED_UNTIL_EARLIEST_ALLOWED_END',
);

export const MinimumThroughputBillingCommitmentOutput = structure(
  'MinimumThroughputBillingCommitmentOutput',
  {
    Status: required(MinimumThroughputBillingCommitmentOutputStatus),
    StartedAt: optional(Timestamp),
    EndedAt: optional(Timestamp),
    EarliestAllowedEndAt: optional(Timestamp),
  },
);

export const NaturalIntegerObject = integer({ min: 0 });

export const NextToken = string({ min: 1, max: 1048576 });

export const OnDemandStreamCountLimitObject = integer({ min: 0, max: 1000000 });

export const OnDemandStreamCountObject = integer({ min: 0, max: 1000000 });

export const PartitionKey = string({ min: 1, max: 256 });

export const Policy = string();

export const PositiveIntegerObject = integer({ min: 1 });

export const PutRecordsRequestEntry = structure('PutRecordsRequestEntry', {
  Data: required(Data),
  ExplicitHashKey: optional(HashKey),
  PartitionKey: optional(PartitionKey),
});

export const PutRecordsRequestEntryList = packedList(PutRecordsRequestEntry, { min: 1, max: 500 });

export const SequenceNumber = string({ pattern: '0|([1-9]\\d{0,128})' });

export const PutRecordsResultEntry = structure('PutRecordsResultEntry', {
  SequenceNumber: optional(SequenceNumber),
  ShardId: optional(ShardId),
  ErrorCode: optional(ErrorCode),
  ErrorMessage: optional(ErrorMessage),
});

export const PutRecordsResultEntryList = packedList(PutRecordsResultEntry, { min: 1, max: 500 });

export const Record = structure('Record', {
  SequenceNumber: required(SequenceNumber),
  ApproximateArrivalTimestamp: optional(Timestamp),
  Data: required(Data),
  // Absent of a record put without one: distribution AUTO.
  PartitionKey: optional(PartitionKey),
  EncryptionType: optional(EncryptionType),
});

export const RecordDistributionStrategy = enumeration('AUTO', 'USER_PARTITION_KEY');

export const RecordList = packedList(Record);

export const ResourceARN = string({
  min: 1,
  max: 2048,
  pattern: 'arn:aws.*:kinesis:.*:\\d{12}:.*stream/\\S+',
});

export const RetentionPeriodHours = integer();

export const ScalingType = enumeration('UNIFORM_SCALING');

export const SequenceNumberRange = structure('SequenceNumberRange', {
  StartingSequenceNumber: required(SequenceNumber),
  EndingSequenceNumber: optional(SequenceNumber),
});

export const Shard = structure('Shard', {
  ShardId: required(ShardId),
  ParentShardId: optional(ShardId),
  AdjacentParentShardId: optional(ShardId),
  HashKeyRange: required(HashKeyRange),
  SequenceNumberRange: required(SequenceNumberRange),
});

export const ShardCountObject = integer({ min: 0, max: 1000000 });

export const ShardFilterType = enumeration(
  'AFTER_SHARD_ID',
  'AT_TRIM_HORIZON',
  'FROM_TRIM_HORIZON',
  'AT_LATEST',
  'AT_TIMESTAMP',
  'FROM_TIMESTAMP',
);

export const ShardFilter = structure('ShardFilter', {
  Type: required(ShardFilterType),
  ShardId: optional(ShardId),
  Timestamp: optional(Timestamp),
});

export const ShardIterator = string({ min: 1, max: 512 });

export const ShardIteratorType = enumeration(
  'AT_SEQUENCE_NUMBER',
  'AFTER_SEQUENCE_NUMBER',
  'TRIM_HORIZON',
  'LATEST',
  'AT_TIMESTAMP',
);

export const ShardList = list(Shard);

export const StartingPosition = structure('StartingPosition', {
  Type: required(ShardIteratorType),
  SequenceNumber: optional(SequenceNumber),
  Timestamp: optional(Timestamp),
});

export const StreamName = string({ min: 1, max: 128, pattern: '[a-zA-Z0-9_.-]+' });

export const StreamStatus = enumeration('CREATING', 'DELETING', 'ACTIVE', 'UPDATING');

export const StreamMode = enumeration('PROVISIONED', 'ON_DEMAND');

export const StreamModeDetails = structure('StreamModeDetails', {
  StreamMode: required(StreamMode),
});

export const StreamDescription = structure('StreamDescription', {
  StreamName: required(StreamName),
  StreamARN: required(StreamARN),
  StreamStatus: required(StreamStatus),
  StreamModeDetails: optional(StreamModeDetails),
  Shards: required(ShardList),
  HasMoreShards: required(BooleanObject),
  RetentionPeriodHours: required(RetentionPeriodHours),
  StreamCreationTimestamp: required(Timestamp),
  EnhancedMonitoring: required(EnhancedMonitoringList),
  EncryptionType: optional(EncryptionType),
  KeyId: optional(KeyId),
});

export const StreamId = string({ min: 1, max: 24, pattern: '[a-z0-9]{20}-[a-z0-9]{3}' });

export const WarmThroughputObject = structure('WarmThroughputObject', {
  TargetMiBps: optional(NaturalIntegerObject),
  CurrentMiBps: optional(NaturalIntegerObject),
});

export const StreamDescriptionSummary = structure('StreamDescriptionSummary', {
  StreamName: required(StreamName),
  StreamARN: required(StreamARN),
  StreamId: optional(StreamId),
  StreamStatus: required(StreamStatus),
  StreamModeDetails: optional(StreamModeDetails),
  RetentionPeriodHours: required(RetentionPeriodHours),
  StreamCreationTimestamp: required(Timestamp),
  EnhancedMonitoring: required(EnhancedMonitoringList),
  EncryptionType: optional(EncryptionType),
  KeyId: optional(KeyId),
  OpenShardCount: required(ShardCountObject),
  ConsumerCount: optional(ConsumerCountObject),
  WarmThroughput: optional(WarmThroughputObject),
  MaxRecordSizeInKiB: optional(MaxRecordSizeInKiB),
  ChannelCount: optional(NaturalIntegerObject),
  RecordDistributionStrategy: optional(RecordDistributionStrategy),
});

export const StreamNameList = list(StreamName);

export const StreamSummary = structure('StreamSummary', {
  StreamName: required(StreamName),
  StreamARN: required(StreamARN),
  StreamStatus: required(StreamStatus),
  StreamModeDetails: optional(StreamModeDetails),
  StreamCreationTimestamp: optional(Timestamp),
});

export const StreamSummaryList = list(StreamSummary);

export const SubscribeToShardEvent = structure('SubscribeToShardEvent', {
  Records: required(RecordList),
  ContinuationSequenceNumber: optional(SequenceNumber),
  MillisBehindLatest: required(MillisBehindLatest),
  ChildShards: optional(ChildShardList),
});

export const SubscribeToShardEventStream = eventStream('SubscribeToShardEventStream', {
  SubscribeToShardEvent: optional(SubscribeToShardEvent),
});

export const TagKey = string({ min: 1, max: 128 });

export const TagValue = string({ min: 0, max: 256 });

export const Tag = structure('Tag', {
  Key: required(TagKey),
  Value: optional(TagValue),
});

export const TagKeyList = list(TagKey, { min: 1, max: 50 });

export const TagList = list(Tag, { min: 0, max: 200 });

export const TagMap = map(TagKey, TagValue, { min: 1, max: 200 });
