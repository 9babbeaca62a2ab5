/** Snapshots in the shapes of AWS's answers. */
import type { TypeOf } from '../../wire/shape/shape.ts';
import { endingSequenceNumber, startingSequenceNumber } from '../records/sequence-number.ts';
import type * as shapes from '../shapes.ts';
import { shardId } from './stream-rows.ts';
import type { Consumer, Shard, Stream } from './stream.ts';

export function describeShard(shard: Shard): TypeOf<typeof shapes.Shard> {
  const ending = endingSequenceNumber(shard);
  return {
    ShardId: shard.id,
    ...(shard.parentIndex === undefined ? {} : { ParentShardId: shardId(shard.parentIndex) }),
    ...(shard.adjacentParentIndex === undefined
      ? {}
      : { AdjacentParentShardId: shardId(shard.adjacentParentIndex) }),
    HashKeyRange: { StartingHashKey: shard.startingHashKey, EndingHashKey: shard.endingHashKey },
    SequenceNumberRange: {
      StartingSequenceNumber: startingSequenceNumber(shard),
      ...(ending === undefined ? {} : { EndingSequenceNumber: ending }),
    },
  };
}

/** The members that DescribeStream and DescribeStreamSummary share. */
export function describeCommon(stream: Stream) {
  return {
    StreamName: stream.name,
    StreamARN: stream.arn,
    StreamStatus: stream.status,
    StreamModeDetails: { StreamMode: stream.mode },
    RetentionPeriodHours: stream.retentionHours,
    StreamCreationTimestamp: creationTimestamp(stream),
    EnhancedMonitoring: [{ ShardLevelMetrics: stream.monitoring as MetricsNames }],
    EncryptionType: stream.encryptionType,
    ...(stream.encryptionType === 'KMS' && stream.kmsKeyId !== undefined ? { KeyId: stream.kmsKeyId } : {}),
  };
}

/** In whole seconds, as AWS gives it, so that a client can give it back as StreamCreationTimestamp. */
export function creationTimestamp(stream: Pick<Stream, 'createdMs'>): number {
  return Math.floor(stream.createdMs / 1000) * 1000;
}

export function describeConsumer(consumer: Consumer): TypeOf<typeof shapes.Consumer> {
  return {
    ConsumerName: consumer.name,
    ConsumerARN: consumer.arn,
    ConsumerStatus: consumer.status,
    ConsumerCreationTimestamp: creationTimestamp(consumer),
  };
}

/** MiB a second that the stream takes in: one for each open shard. */
export function warmThroughput(stream: Stream): TypeOf<typeof shapes.WarmThroughputObject> {
  return {
    TargetMiBps: stream.warmThroughputMibps ?? stream.openShards.length,
    CurrentMiBps: stream.openShards.length,
  };
}

export type MetricsNames = TypeOf<typeof shapes.MetricsNameList>;
