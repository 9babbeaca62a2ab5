/** Every operation of the service `Kinesis_20131202`. */
import { AddTagsToStream } from './operations/add-tags-to-stream.ts';
import {
  CreateChannel,
  DeleteChannel,
  DescribeChannel,
  ListChannels,
  UpdateChannel,
} from './operations/channels.ts';
import { CreateStream } from './operations/create-stream.ts';
import { DecreaseStreamRetentionPeriod } from './operations/decrease-stream-retention-period.ts';
import { DeleteResourcePolicy } from './operations/delete-resource-policy.ts';
import { DeleteStream } from './operations/delete-stream.ts';
import { DeregisterStreamConsumer } from './operations/deregister-stream-consumer.ts';
import { DescribeAccountSettings } from './operations/describe-account-settings.ts';
import { DescribeLimits } from './operations/describe-limits.ts';
import { DescribeStreamConsumer } from './operations/describe-stream-consumer.ts';
import { DescribeStreamSummary } from './operations/describe-stream-summary.ts';
import { DescribeStream } from './operations/describe-stream.ts';
import { DisableEnhancedMonitoring } from './operations/disable-enhanced-monitoring.ts';
import { EnableEnhancedMonitoring } from './operations/enable-enhanced-monitoring.ts';
import { GetRecords } from './operations/get-records.ts';
import { GetResourcePolicy } from './operations/get-resource-policy.ts';
import { GetShardIterator } from './operations/get-shard-iterator.ts';
import { IncreaseStreamRetentionPeriod } from './operations/increase-stream-retention-period.ts';
import { ListShards } from './operations/list-shards.ts';
import { ListStreamConsumers } from './operations/list-stream-consumers.ts';
import { ListStreams } from './operations/list-streams.ts';
import { ListTagsForResource } from './operations/list-tags-for-resource.ts';
import { ListTagsForStream } from './operations/list-tags-for-stream.ts';
import { MergeShards } from './operations/merge-shards.ts';
import { PutRecord } from './operations/put-record.ts';
import { PutRecords } from './operations/put-records.ts';
import { PutResourcePolicy } from './operations/put-resource-policy.ts';
import { RegisterStreamConsumer } from './operations/register-stream-consumer.ts';
import { RemoveTagsFromStream } from './operations/remove-tags-from-stream.ts';
import { SplitShard } from './operations/split-shard.ts';
import { StartStreamEncryption } from './operations/start-stream-encryption.ts';
import { StopStreamEncryption } from './operations/stop-stream-encryption.ts';
import { SubscribeToShard } from './operations/subscribe-to-shard.ts';
import { TagResource } from './operations/tag-resource.ts';
import { UntagResource } from './operations/untag-resource.ts';
import { UpdateAccountSettings } from './operations/update-account-settings.ts';
import { UpdateMaxRecordSize } from './operations/update-max-record-size.ts';
import { UpdateShardCount } from './operations/update-shard-count.ts';
import { UpdateStreamMode } from './operations/update-stream-mode.ts';
import { UpdateStreamRecordDistributionStrategy } from './operations/update-stream-record-distribution-strategy.ts';
import { UpdateStreamWarmThroughput } from './operations/update-stream-warm-throughput.ts';

export const operations = {
  AddTagsToStream,
  CreateChannel,
  CreateStream,
  DecreaseStreamRetentionPeriod,
  DeleteChannel,
  DeleteResourcePolicy,
  DeleteStream,
  DeregisterStreamConsumer,
  DescribeAccountSettings,
  DescribeChannel,
  DescribeLimits,
  DescribeStreamConsumer,
  DescribeStreamSummary,
  DescribeStream,
  DisableEnhancedMonitoring,
  EnableEnhancedMonitoring,
  GetRecords,
  GetResourcePolicy,
  GetShardIterator,
  IncreaseStreamRetentionPeriod,
  ListChannels,
  ListShards,
  ListStreamConsumers,
  ListStreams,
  ListTagsForResource,
  ListTagsForStream,
  MergeShards,
  PutRecord,
  PutRecords,
  PutResourcePolicy,
  RegisterStreamConsumer,
  RemoveTagsFromStream,
  SplitShard,
  StartStreamEncryption,
  StopStreamEncryption,
  SubscribeToShard,
  TagResource,
  UntagResource,
  UpdateAccountSettings,
  UpdateChannel,
  UpdateMaxRecordSize,
  UpdateShardCount,
  UpdateStreamMode,
  UpdateStreamRecordDistributionStrategy,
  UpdateStreamWarmThroughput,
} as const;
