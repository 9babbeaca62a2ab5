/** The service `Kinesis_20131202`: every operation with its handler. One that is missing does not compile. */
import type { Clock, Dice } from '../host/host.ts';
import type { Limits } from '../config/limits.ts';
import type { RecordLog } from '../log/log.ts';
import type { Call, Service } from '../wire/shape/operation.ts';
import type { ChangeParts } from './directory/change-stream.ts';
import { createControlLimits, type ControlLimits } from './limits/control-limits.ts';
import type { DataPlane } from './data-plane.ts';
import { operations } from './operations.ts';
import { addTagsToStream } from './operations/add-tags-to-stream.ts';
import { channelsNotOffered } from './operations/channels.ts';
import { createStream } from './operations/create-stream.ts';
import { decreaseStreamRetentionPeriod } from './operations/decrease-stream-retention-period.ts';
import { deleteResourcePolicy } from './operations/delete-resource-policy.ts';
import { deleteStream } from './operations/delete-stream.ts';
import { deregisterStreamConsumer } from './operations/deregister-stream-consumer.ts';
import { describeAccountSettings } from './operations/describe-account-settings.ts';
import { describeLimits } from './operations/describe-limits.ts';
import { describeStreamConsumer } from './operations/describe-stream-consumer.ts';
import { describeStreamSummary } from './operations/describe-stream-summary.ts';
import { describeStream } from './operations/describe-stream.ts';
import { disableEnhancedMonitoring } from './operations/disable-enhanced-monitoring.ts';
import { enableEnhancedMonitoring } from './operations/enable-enhanced-monitoring.ts';
import { getResourcePolicy } from './operations/get-resource-policy.ts';
import { increaseStreamRetentionPeriod } from './operations/increase-stream-retention-period.ts';
import { listShards } from './operations/list-shards.ts';
import { listStreamConsumers } from './operations/list-stream-consumers.ts';
import { listStreams } from './operations/list-streams.ts';
import { listTagsForResource } from './operations/list-tags-for-resource.ts';
import { listTagsForStream } from './operations/list-tags-for-stream.ts';
import { mergeShards } from './operations/merge-shards.ts';
import { putResourcePolicy } from './operations/put-resource-policy.ts';
import { registerStreamConsumer } from './operations/register-stream-consumer.ts';
import { removeTagsFromStream } from './operations/remove-tags-from-stream.ts';
import { splitShard } from './operations/split-shard.ts';
import { startStreamEncryption } from './operations/start-stream-encryption.ts';
import { stopStreamEncryption } from './operations/stop-stream-encryption.ts';
import { tagResource } from './operations/tag-resource.ts';
import { untagResource } from './operations/untag-resource.ts';
import { updateAccountSettings } from './operations/update-account-settings.ts';
import { updateMaxRecordSize } from './operations/update-max-record-size.ts';
import { updateShardCount } from './operations/update-shard-count.ts';
import { updateStreamMode } from './operations/update-stream-mode.ts';
import { updateStreamRecordDistributionStrategy } from './operations/update-stream-record-distribution-strategy.ts';
import { updateStreamWarmThroughput } from './operations/update-stream-warm-throughput.ts';
import type { Tokens } from './reading/tokens.ts';
import type { Traffic } from './writing/traffic.ts';

export type KinesisService = Service<typeof operations>;

export type ServiceParts = ChangeParts & {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly limits: Limits;
  /** How long CREATING, UPDATING and DELETING last. */
  readonly stateDurationMs: number;
  readonly log: RecordLog;
  readonly traffic: Traffic;
  readonly tokens: Tokens;
  readonly data: DataPlane['handlers'];
};

export function kinesisService(parts: ServiceParts): KinesisService {
  const calls = createControlLimits(parts);
  const handlers: KinesisService['handlers'] = {
    ...parts.data,
    AddTagsToStream: addTagsToStream(parts),
    CreateChannel: channelsNotOffered,
    CreateStream: createStream(parts),
    DecreaseStreamRetentionPeriod: decreaseStreamRetentionPeriod(parts),
    DeleteChannel: channelsNotOffered,
    DeleteResourcePolicy: deleteResourcePolicy(parts),
    DeleteStream: deleteStream(parts),
    DeregisterStreamConsumer: deregisterStreamConsumer(parts),
    DescribeAccountSettings: describeAccountSettings(parts),
    DescribeChannel: channelsNotOffered,
    DescribeLimits: describeLimits(parts),
    DescribeStreamConsumer: describeStreamConsumer(parts),
    DescribeStreamSummary: describeStreamSummary(parts),
    DescribeStream: describeStream(parts),
    DisableEnhancedMonitoring: disableEnhancedMonitoring(parts),
    EnableEnhancedMonitoring: enableEnhancedMonitoring(parts),
    GetResourcePolicy: getResourcePolicy(parts),
    IncreaseStreamRetentionPeriod: increaseStreamRetentionPeriod(parts),
    ListChannels: channelsNotOffered,
    ListShards: listShards(parts),
    ListStreamConsumers: listStreamConsumers(parts),
    ListStreams: listStreams(parts),
    ListTagsForResource: listTagsForResource(parts),
    ListTagsForStream: listTagsForStream(parts),
    MergeShards: mergeShards(parts),
    PutResourcePolicy: putResourcePolicy(parts),
    RegisterStreamConsumer: registerStreamConsumer(parts),
    RemoveTagsFromStream: removeTagsFromStream(parts),
    SplitShard: splitShard(parts),
    StartStreamEncryption: startStreamEncryption(parts),
    StopStreamEncryption: stopStreamEncryption(parts),
    TagResource: tagResource(parts),
    UntagResource: untagResource(parts),
    UpdateAccountSettings: updateAccountSettings(parts),
    UpdateChannel: channelsNotOffered,
    UpdateMaxRecordSize: updateMaxRecordSize(parts),
    UpdateShardCount: updateShardCount(parts),
    UpdateStreamMode: updateStreamMode(parts),
    UpdateStreamRecordDistributionStrategy: updateStreamRecordDistributionStrategy(parts),
    UpdateStreamWarmThroughput: updateStreamWarmThroughput(parts),
  };
  return {
    targetPrefix: 'Kinesis_20131202',
    signingName: 'kinesis',
    operations,
    handlers: limitCalls(handlers, calls),
  };
}

/** The same handlers, each after the control plane's call rates. */
function limitCalls(handlers: KinesisService['handlers'], calls: ControlLimits): KinesisService['handlers'] {
  const limited = Object.entries(handlers).map(([name, handler]) => {
    const served = handler as (input: object, call: Call) => unknown;
    return [
      name,
      (input: object, call: Call) => {
        calls.admit(name, input, call);
        return served(input, call);
      },
    ];
  });
  return Object.fromEntries(limited) as KinesisService['handlers'];
}
