/** A well-formed input of every operation, on resources that do not exist: where a constraint is then broken, one at a time. */
import type { Input } from './client.ts';

const ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/conformance-none';
const CONSUMER_ARN = `${ARN}/consumer/none:1700000000`;
const stream: Input = { StreamName: 'conformance-none' };
const arn: Input = { StreamARN: ARN };
const resource: Input = { ResourceARN: ARN };
const consumer: Input = { ...arn, ConsumerName: 'none' };
const data = Buffer.from('conformance');
const encryption: Input = { ...stream, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' };

export const INPUTS: { readonly [operation: string]: Input } = {
  AddTagsToStream: { ...stream, Tags: { key: 'value' } },
  CreateStream: { ...stream, ShardCount: 1, StreamModeDetails: { StreamMode: 'PROVISIONED' } },
  DecreaseStreamRetentionPeriod: { ...stream, RetentionPeriodHours: 24 },
  DeleteResourcePolicy: resource,
  DeleteStream: stream,
  DeregisterStreamConsumer: consumer,
  DescribeAccountSettings: {},
  DescribeLimits: {},
  DescribeStream: stream,
  DescribeStreamConsumer: consumer,
  DescribeStreamSummary: stream,
  DisableEnhancedMonitoring: { ...stream, ShardLevelMetrics: ['ALL'] },
  EnableEnhancedMonitoring: { ...stream, ShardLevelMetrics: ['ALL'] },
  GetRecords: { ShardIterator: 'none' },
  GetResourcePolicy: resource,
  GetShardIterator: { ...stream, ShardId: 'shardId-000000000000', ShardIteratorType: 'LATEST' },
  IncreaseStreamRetentionPeriod: { ...stream, RetentionPeriodHours: 48 },
  ListShards: { ...stream, ShardFilter: { Type: 'AT_LATEST' } },
  ListStreamConsumers: arn,
  ListStreams: {},
  ListTagsForResource: resource,
  ListTagsForStream: stream,
  MergeShards: {
    ...stream,
    ShardToMerge: 'shardId-000000000000',
    AdjacentShardToMerge: 'shardId-000000000001',
  },
  PutRecord: { ...stream, PartitionKey: 'key', Data: data },
  PutRecords: { ...stream, Records: [{ PartitionKey: 'key', Data: data }] },
  PutResourcePolicy: { ...resource, Policy: '{}' },
  RegisterStreamConsumer: { ...consumer, Tags: { key: 'value' } },
  RemoveTagsFromStream: { ...stream, TagKeys: ['key'] },
  SplitShard: {
    ...stream,
    ShardToSplit: 'shardId-000000000000',
    NewStartingHashKey: '170141183460469231731687303715884105728',
  },
  StartStreamEncryption: encryption,
  StopStreamEncryption: encryption,
  SubscribeToShard: {
    ConsumerARN: CONSUMER_ARN,
    ShardId: 'shardId-000000000000',
    StartingPosition: { Type: 'LATEST' },
  },
  TagResource: { ...resource, Tags: { key: 'value' } },
  UntagResource: { ...resource, TagKeys: ['key'] },
  UpdateAccountSettings: { MinimumThroughputBillingCommitment: { Status: 'DISABLED' } },
  UpdateMaxRecordSize: { ...arn, MaxRecordSizeInKiB: 1024 },
  UpdateShardCount: { ...stream, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' },
  UpdateStreamMode: { ...arn, StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
  UpdateStreamRecordDistributionStrategy: { ...arn, RecordDistributionStrategy: 'AUTO' },
  UpdateStreamWarmThroughput: { ...stream, WarmThroughputMiBps: 4 },
};
