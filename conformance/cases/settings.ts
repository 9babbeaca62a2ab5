/** What can be set on a stream: retention, policy, encryption, monitoring, mode, sizes; and on the account. */
import * as assert from 'node:assert/strict';
import { expectFailure, type Case } from '../case.ts';
import type { Output } from '../client.ts';

const METRICS = [
  'IncomingBytes',
  'IncomingRecords',
  'IteratorAgeMilliseconds',
  'OutgoingBytes',
  'OutgoingRecords',
  'ReadProvisionedThroughputExceeded',
  'WriteProvisionedThroughputExceeded',
];

export function settingCases(): Case[] {
  return [
    {
      name: 'Retention: longer by one operation, shorter by the other',
      covers: ['op:IncreaseStreamRetentionPeriod', 'op:DecreaseStreamRetentionPeriod', 'behaviour:13'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make();
        await client.call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 8760 });
        assert.equal((await streams.active(StreamName))['RetentionPeriodHours'], 8760);
        await client.call('DecreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 24 });
        assert.equal((await streams.active(StreamName))['RetentionPeriodHours'], 24);
      },
    },
    ...(
      [
        [
          'IncreaseStreamRetentionPeriod',
          23,
          'Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.',
        ],
        [
          'DecreaseStreamRetentionPeriod',
          23,
          'Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.',
        ],
        ['IncreaseStreamRetentionPeriod', 8761, /^Maximum allowed retention period is 8760 hours/],
        [
          'DecreaseStreamRetentionPeriod',
          48,
          /^Requested retention period \(48 hours\) for stream \S+ can not be longer than existing retention period \(24 hours\)\. Use IncreaseRetentionPeriod API\.$/,
        ],
      ] as const
    ).map(([operation, RetentionPeriodHours, message]): Case => ({
      name: `${operation}: to ${RetentionPeriodHours} hours`,
      covers: [`op:${operation}`, `error:${operation}/InvalidArgumentException`, 'behaviour:13'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.shared();
        expectFailure(
          await client.failure(operation, { StreamName, RetentionPeriodHours }),
          'InvalidArgumentException',
          message,
        );
      },
    })),
    {
      name: 'IncreaseStreamRetentionPeriod: to less than it is',
      covers: [
        'op:IncreaseStreamRetentionPeriod',
        'error:IncreaseStreamRetentionPeriod/InvalidArgumentException',
        'behaviour:13',
      ],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make();
        await client.call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 48 });
        await streams.active(StreamName);
        expectFailure(
          await client.failure('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 25 }),
          'InvalidArgumentException',
          `Requested retention period (25 hours) for stream ${StreamName} can not be shorter than existing retention period (48 hours). Use DecreaseRetentionPeriod API.`,
        );
      },
    },
    {
      name: 'PutResourcePolicy: a policy that is none',
      covers: ['op:PutResourcePolicy', 'error:PutResourcePolicy/InvalidArgumentException'],
      run: async ({ client, streams }) => {
        const ResourceARN = await streams.arn(await streams.shared());
        expectFailure(
          await client.failure('PutResourcePolicy', { ResourceARN, Policy: 'no policy' }),
          'InvalidArgumentException',
        );
      },
    },
    {
      name: 'DeleteResourcePolicy: when there is none',
      covers: [
        'op:DeleteResourcePolicy',
        'error:DeleteResourcePolicy/ResourceNotFoundException',
        'behaviour:18',
      ],
      run: async ({ client, streams }) => {
        const ResourceARN = await streams.arn(await streams.make());
        const failure = await client.outcome('DeleteResourcePolicy', { ResourceARN });
        if (failure !== undefined) expectFailure(failure, 'ResourceNotFoundException');
      },
    },
    {
      name: 'Encryption: UPDATING, then on; echoed where records go in and out; off again',
      covers: [
        'op:StartStreamEncryption',
        'op:StopStreamEncryption',
        'op:PutRecord',
        'op:PutRecords',
        'op:GetRecords',
        'behaviour:20',
      ],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make();
        const record = { PartitionKey: 'k', Data: Buffer.from('d') };
        await client.patient('PutRecord', { StreamName, ...record });
        await client.call('StartStreamEncryption', {
          StreamName,
          EncryptionType: 'KMS',
          KeyId: 'alias/aws/kinesis',
        });
        const summary = await streams.active(StreamName);
        assert.equal(summary['EncryptionType'], 'KMS');
        assert.equal(summary['KeyId'], 'alias/aws/kinesis');
        assert.equal((await client.patient('PutRecord', { StreamName, ...record }))['EncryptionType'], 'KMS');
        assert.equal(
          (await client.patient('PutRecords', { StreamName, Records: [record] }))['EncryptionType'],
          'KMS',
        );
        const { Records } = await client.patient('GetRecords', {
          ShardIterator: await streams.iterator(StreamName, 'shardId-000000000000'),
        });
        assert.deepEqual(
          Records.map((one: Output) => one['EncryptionType'] ?? 'NONE'),
          ['NONE', 'KMS', 'KMS'],
        );
        await client.call('StopStreamEncryption', {
          StreamName,
          EncryptionType: 'KMS',
          KeyId: 'alias/aws/kinesis',
        });
        assert.equal((await streams.active(StreamName))['EncryptionType'], 'NONE');
        assert.equal(
          (await client.patient('PutRecord', { StreamName, ...record }))['EncryptionType'],
          undefined,
        );
      },
    },
    ...['StartStreamEncryption', 'StopStreamEncryption'].map((operation): Case => ({
      name: `${operation}: with EncryptionType NONE`,
      covers: [`op:${operation}`, `error:${operation}/InvalidArgumentException`],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make();
        const failure = await client.failure(operation, {
          StreamName,
          EncryptionType: 'NONE',
          KeyId: 'alias/aws/kinesis',
        });
        assert.ok(['InvalidArgumentException', 'ValidationException'].includes(failure.code), failure.code);
      },
    })),
    {
      name: 'StartStreamEncryption: more than 25 changes a day',
      covers: [
        'op:StartStreamEncryption',
        'error:StartStreamEncryption/LimitExceededException',
        'behaviour:20',
      ],
      run: async ({ client, streams, skip }) => {
        const StreamName = await streams.make();
        for (let n = 0; n < 26; n++) {
          const failure = await client.outcome('StartStreamEncryption', {
            StreamName,
            EncryptionType: 'KMS',
            KeyId: `alias/key-${n}`,
          });
          if (failure !== undefined) {
            expectFailure(failure, 'LimitExceededException');
            assert.ok(n >= 20, `refused after ${n} changes`);
            return;
          }
          await streams.active(StreamName);
        }
        skip('the number of key changes is not limited here');
      },
    },
    {
      name: 'UpdateShardCount: more than 10 changes a day',
      covers: ['op:UpdateShardCount', 'error:UpdateShardCount/LimitExceededException', 'behaviour:14'],
      run: async ({ client, streams, skip }) => {
        const StreamName = await streams.make({ ShardCount: 1 });
        for (let n = 0; n < 11; n++) {
          const TargetShardCount = n % 2 === 0 ? 2 : 1;
          const failure = await client.outcome('UpdateShardCount', {
            StreamName,
            TargetShardCount,
            ScalingType: 'UNIFORM_SCALING',
          });
          if (failure !== undefined) {
            expectFailure(failure, 'LimitExceededException');
            assert.equal(n, 10);
            return;
          }
          await streams.active(StreamName);
        }
        skip('the number of changes is not limited here');
      },
    },
    {
      name: 'Enhanced monitoring: levels are kept, ALL is all seven',
      covers: ['op:EnableEnhancedMonitoring', 'op:DisableEnhancedMonitoring'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make();
        const on = await client.call('EnableEnhancedMonitoring', {
          StreamName,
          ShardLevelMetrics: ['IncomingBytes'],
        });
        assert.deepEqual(
          [on['CurrentShardLevelMetrics'], on['DesiredShardLevelMetrics']],
          [[], ['IncomingBytes']],
        );
        await streams.active(StreamName);
        const all = await client.call('EnableEnhancedMonitoring', { StreamName, ShardLevelMetrics: ['ALL'] });
        assert.deepEqual(all['CurrentShardLevelMetrics'], ['IncomingBytes']);
        assert.deepEqual((all['DesiredShardLevelMetrics'] as string[]).toSorted(), METRICS);
        await streams.active(StreamName);
        const off = await client.call('DisableEnhancedMonitoring', {
          StreamName,
          ShardLevelMetrics: ['IncomingBytes'],
        });
        assert.deepEqual((off['DesiredShardLevelMetrics'] as string[]).toSorted(), METRICS.slice(1));
        const summary = await streams.active(StreamName);
        assert.deepEqual(
          (summary['EnhancedMonitoring'][0].ShardLevelMetrics as string[]).toSorted(),
          METRICS.slice(1),
        );
      },
    },
    {
      name: 'UpdateStreamMode: to on demand and back',
      covers: ['op:UpdateStreamMode', 'behaviour:14'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 2 });
        const StreamARN = await streams.arn(StreamName);
        for (const StreamMode of ['ON_DEMAND', 'PROVISIONED']) {
          await client.call('UpdateStreamMode', { StreamARN, StreamModeDetails: { StreamMode } });
          assert.deepEqual((await streams.active(StreamName))['StreamModeDetails'], { StreamMode });
        }
      },
    },
    {
      name: 'UpdateStreamMode: more than twice a day',
      covers: ['op:UpdateStreamMode', 'error:UpdateStreamMode/LimitExceededException'],
      run: async ({ client, streams, skip }) => {
        const StreamName = await streams.make({ ShardCount: 1 });
        const StreamARN = await streams.arn(StreamName);
        for (const StreamMode of ['ON_DEMAND', 'PROVISIONED', 'ON_DEMAND']) {
          const failure = await client.outcome('UpdateStreamMode', {
            StreamARN,
            StreamModeDetails: { StreamMode },
          });
          if (failure !== undefined) return expectFailure(failure, 'LimitExceededException');
          await streams.active(StreamName);
        }
        skip('the number of changes is not limited here');
      },
    },
    {
      name: 'UpdateMaxRecordSize: kept',
      covers: ['op:UpdateMaxRecordSize'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make();
        assert.equal((await streams.active(StreamName))['MaxRecordSizeInKiB'], 1024);
        await client.call('UpdateMaxRecordSize', {
          StreamARN: await streams.arn(StreamName),
          MaxRecordSizeInKiB: 10240,
        });
        assert.equal((await streams.active(StreamName))['MaxRecordSizeInKiB'], 10240);
      },
    },
    {
      name: 'UpdateStreamRecordDistributionStrategy: AUTO needs no partition key',
      covers: ['op:UpdateStreamRecordDistributionStrategy', 'op:PutRecord', 'op:PutRecords'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
        const StreamARN = await streams.arn(StreamName);
        const Data = Buffer.from('d');
        assert.equal((await streams.active(StreamName))['RecordDistributionStrategy'], 'USER_PARTITION_KEY');
        const failure = await client.failure('PutRecord', { StreamName, Data });
        assert.ok(['InvalidArgumentException', 'ValidationException'].includes(failure.code), failure.code);
        await client.call('UpdateStreamRecordDistributionStrategy', {
          StreamARN,
          RecordDistributionStrategy: 'AUTO',
        });
        const summary = await streams.active(StreamName);
        assert.equal(summary['RecordDistributionStrategy'], 'AUTO');
        await client.patient('PutRecord', { StreamName, Data });
        assert.equal(
          (await client.patient('PutRecords', { StreamName, Records: [{ Data }, { Data }] }))[
            'FailedRecordCount'
          ],
          0,
        );
      },
    },
    {
      name: 'UpdateStreamRecordDistributionStrategy: AUTO on a provisioned stream',
      covers: [
        'op:UpdateStreamRecordDistributionStrategy',
        'op:CreateStream',
        'error:CreateStream/InvalidArgumentException',
        'error:UpdateStreamRecordDistributionStrategy/InvalidArgumentException',
      ],
      run: async ({ client, streams }) => {
        const RecordDistributionStrategy = 'AUTO';
        const StreamARN = await streams.arn(await streams.shared());
        expectFailure(
          await client.failure('UpdateStreamRecordDistributionStrategy', {
            StreamARN,
            RecordDistributionStrategy,
          }),
          'InvalidArgumentException',
        );
        const StreamName = streams.freshName();
        expectFailure(
          await client.failure('CreateStream', { StreamName, ShardCount: 1, RecordDistributionStrategy }),
          'InvalidArgumentException',
        );
        assert.equal('RecordDistributionStrategy' in (await streams.active(await streams.shared())), false);
      },
    },
    {
      name: 'UpdateStreamWarmThroughput: of a stream on demand',
      covers: ['op:UpdateStreamWarmThroughput'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
        const failure = await client.outcome('UpdateStreamWarmThroughput', {
          StreamName,
          WarmThroughputMiBps: 8,
        });
        // AWS asks for the account's commitment first, where it has that setting.
        if (failure !== undefined) {
          assert.ok(
            ['ValidationException', 'InvalidArgumentException', 'LimitExceededException'].includes(
              failure.code,
            ),
            failure.code,
          );
          return;
        }
        const summary = await streams.active(StreamName);
        assert.equal(summary['WarmThroughput'].TargetMiBps, 8);
      },
    },
    {
      name: 'UpdateStreamWarmThroughput: of a provisioned stream',
      covers: ['op:UpdateStreamWarmThroughput', 'error:UpdateStreamWarmThroughput/ValidationException'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 1 });
        const failure = await client.failure('UpdateStreamWarmThroughput', {
          StreamName,
          WarmThroughputMiBps: 8,
        });
        assert.ok(['ValidationException', 'InvalidArgumentException'].includes(failure.code), failure.code);
      },
    },
    {
      name: 'Account settings: shown and changed',
      covers: ['op:DescribeAccountSettings', 'op:UpdateAccountSettings'],
      run: async ({ client }) => {
        const status = async (): Promise<string> =>
          (await client.call('DescribeAccountSettings'))['MinimumThroughputBillingCommitment'].Status;
        assert.match(await status(), /^(EN|DIS)ABLED/);
        const same = {
          MinimumThroughputBillingCommitment: {
            Status: (await status()) === 'DISABLED' ? 'DISABLED' : 'ENABLED',
          },
        };
        const failure = await client.outcome('UpdateAccountSettings', same);
        if (failure !== undefined)
          assert.ok(['ValidationException', 'InvalidArgumentException'].includes(failure.code), failure.code);
      },
    },
  ];
}
