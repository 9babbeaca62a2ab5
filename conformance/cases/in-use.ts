/** A stream that is being created is not to be changed yet. */
import { expectFailure, type Case } from '../case.ts';
import type { Input } from '../client.ts';

const TRIES_MAX = 20;

/** What each operation is given; the stream's name or ARN is added. */
const CHANGES: { readonly [operation: string]: Input } = {
  DecreaseStreamRetentionPeriod: { RetentionPeriodHours: 24 },
  DisableEnhancedMonitoring: { ShardLevelMetrics: ['ALL'] },
  EnableEnhancedMonitoring: { ShardLevelMetrics: ['ALL'] },
  IncreaseStreamRetentionPeriod: { RetentionPeriodHours: 48 },
  // "Stream is not in Active/Updating status", as the KCL reads this answer (ShardDetector in amazon-kinesis-client).
  ListShards: {},
  MergeShards: { ShardToMerge: 'shardId-000000000000', AdjacentShardToMerge: 'shardId-000000000001' },
  SplitShard: { ShardToSplit: 'shardId-000000000000', NewStartingHashKey: '1000' },
  StartStreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
  StopStreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
  UpdateMaxRecordSize: { MaxRecordSizeInKiB: 2048 },
  UpdateShardCount: { TargetShardCount: 4, ScalingType: 'UNIFORM_SCALING' },
  UpdateStreamMode: { StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
  UpdateStreamRecordDistributionStrategy: { RecordDistributionStrategy: 'AUTO' },
};
const BY_ARN = new Set(['UpdateMaxRecordSize', 'UpdateStreamMode', 'UpdateStreamRecordDistributionStrategy']);

export function inUseCases(): Case[] {
  return Object.entries(CHANGES).map(([operation, change]) => ({
    name: `${operation}: of a stream that is being created`,
    covers: [`op:${operation}`, `error:${operation}/ResourceInUseException`, 'behaviour:9'],
    run: async ({ client, streams }) => {
      const account = await streams.account();
      // The stream may be ACTIVE before the change arrives: then it is tried again with another.
      for (let tries = 1; tries <= TRIES_MAX; tries++) {
        const name = streams.freshName();
        await streams.create({ StreamName: name, ShardCount: 2 });
        const target: Input = BY_ARN.has(operation)
          ? { StreamARN: await streams.arn(name) }
          : { StreamName: name };
        const failure = await client.outcome(operation, { ...target, ...change });
        if (failure === undefined || failure.code !== 'ResourceInUseException') {
          if (tries < TRIES_MAX) continue;
          throw new Error(
            `${TRIES_MAX} streams were never seen CREATING; last answer: ${failure?.code ?? 'success'}`,
          );
        }
        expectFailure(
          failure,
          'ResourceInUseException',
          `Stream ${name} under account ${account} not ACTIVE, instead in state CREATING`,
        );
        return;
      }
      throw new Error(`${TRIES_MAX} streams were ACTIVE before the change arrived`);
    },
  }));
}
