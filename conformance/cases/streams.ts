/** Making, showing, listing and deleting streams. */
import * as assert from 'node:assert/strict';
import { expectFailure, type Case } from '../case.ts';
import type { Output } from '../client.ts';

export function streamCases(): Case[] {
  return [
    {
      name: 'CreateStream: CREATING, then ACTIVE with even shards',
      covers: ['op:CreateStream', 'op:DescribeStream', 'op:DescribeStreamSummary', 'behaviour:10'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 3 });
        const { StreamDescription: stream } = await client.call('DescribeStream', { StreamName });
        assert.equal(stream.StreamARN, await streams.arn(StreamName));
        assert.equal(stream.StreamStatus, 'ACTIVE');
        assert.equal(stream.RetentionPeriodHours, 24);
        assert.equal(stream.HasMoreShards, false);
        assert.equal(stream.EncryptionType, 'NONE');
        assert.deepEqual(stream.EnhancedMonitoring, [{ ShardLevelMetrics: [] }]);
        assert.deepEqual(stream.StreamModeDetails, { StreamMode: 'PROVISIONED' });
        assert.ok(Math.abs(stream.StreamCreationTimestamp - Date.now() / 1000) < 300);
        const width = 2n ** 128n / 3n;
        assert.deepEqual(
          (stream.Shards as Output[]).map((shard) => [shard['ShardId'], shard['HashKeyRange']]),
          [0n, 1n, 2n].map((n) => [
            `shardId-00000000000${n}`,
            {
              StartingHashKey: String(n * width),
              EndingHashKey: String(n === 2n ? 2n ** 128n - 1n : (n + 1n) * width - 1n),
            },
          ]),
        );
        const summary = await streams.active(StreamName);
        assert.equal(summary['OpenShardCount'], 3);
        assert.equal(summary['ConsumerCount'], 0);
      },
    },
    {
      name: 'CreateStream: a name that is taken',
      covers: ['op:CreateStream', 'error:CreateStream/ResourceInUseException', 'behaviour:9'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.shared();
        expectFailure(
          await client.failure('CreateStream', { StreamName, ShardCount: 1 }),
          'ResourceInUseException',
          `Stream ${StreamName} under account ${await streams.account()} already exists.`,
        );
      },
    },
    {
      name: 'CreateStream: provisioned without a ShardCount',
      covers: ['op:CreateStream', 'error:CreateStream/ValidationException'],
      run: async ({ client, streams }) => {
        const failure = await client.failure('CreateStream', {
          StreamName: streams.freshName(),
          StreamModeDetails: { StreamMode: 'PROVISIONED' },
        });
        expectFailure(failure, 'ValidationException');
      },
    },
    {
      name: 'CreateStream: more shards than the account may have',
      covers: ['op:CreateStream', 'error:CreateStream/LimitExceededException', 'behaviour:9'],
      run: async ({ client, streams, skip }) => {
        const limits = await client.call('DescribeLimits');
        const StreamName = streams.freshName();
        const ShardCount = Number(limits['ShardLimit']) + 1;
        if (ShardCount > 100_000) skip('no shard limit is enforced here');
        expectFailure(
          await client.failure('CreateStream', { StreamName, ShardCount }),
          'LimitExceededException',
          new RegExp(
            `^This request would exceed the shard limit for the account ${await streams.account()} in ${client.options.region}\\. ` +
              `Current shard count for the account: \\d+\\. Limit: ${limits['ShardLimit']}\\. Number of additional shards that would have ` +
              `resulted from this request: ${ShardCount}\\. Refer to `,
          ),
        );
      },
    },
    {
      name: 'CreateStream: on demand starts with 4 shards',
      covers: ['op:CreateStream', 'behaviour:14'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
        const summary = await streams.active(StreamName);
        assert.equal(summary['OpenShardCount'], 4);
        assert.deepEqual(summary['StreamModeDetails'], { StreamMode: 'ON_DEMAND' });
        expectFailure(
          await client.failure('UpdateShardCount', {
            StreamName,
            TargetShardCount: 8,
            ScalingType: 'UNIFORM_SCALING',
          }),
          'ValidationException',
          `Request is invalid. Stream ${StreamName} under account ${await streams.account()} is in On-Demand mode.`,
        );
      },
    },
    {
      name: 'CreateStream: tags, record size and distribution from the start',
      covers: ['op:CreateStream', 'op:ListTagsForStream', 'behaviour:19'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({
          ShardCount: 1,
          Tags: { b: '2', a: '1' },
          MaxRecordSizeInKiB: 2048,
          RecordDistributionStrategy: 'USER_PARTITION_KEY',
        });
        const summary = await streams.active(StreamName);
        assert.equal(summary['MaxRecordSizeInKiB'], 2048);
        const { Tags, HasMoreTags } = await client.call('ListTagsForStream', { StreamName });
        assert.deepEqual(Tags, [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ]);
        assert.equal(HasMoreTags, false);
      },
    },
    {
      name: 'DeleteStream: DELETING, then gone; a stream of the same name is another',
      covers: ['op:DeleteStream', 'op:CreateStream', 'op:GetRecords'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 1 });
        await streams.active(StreamName);
        await client.patient('PutRecord', { StreamName, PartitionKey: 'k', Data: Buffer.from('d') });
        const answer = await client.call('DeleteStream', { StreamName });
        assert.deepEqual(answer, {});
        await streams.gone(StreamName);
        await streams.create({ StreamName, ShardCount: 1 });
        await streams.active(StreamName);
        const { Records } = await client.patient('GetRecords', {
          ShardIterator: await streams.iterator(StreamName, 'shardId-000000000000'),
        });
        assert.deepEqual(Records, []);
      },
    },
    {
      name: 'DeleteStream: with consumers only by EnforceConsumerDeletion',
      covers: ['op:DeleteStream', 'error:DeleteStream/ResourceInUseException'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 1 });
        await streams.consumer(StreamName);
        expectFailure(await client.failure('DeleteStream', { StreamName }), 'ResourceInUseException');
        await client.call('DeleteStream', { StreamName, EnforceConsumerDeletion: true });
        await streams.gone(StreamName);
      },
    },
    {
      name: 'DescribeStream: shards page by page',
      covers: ['op:DescribeStream'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 5 });
        const seen: string[] = [];
        let ExclusiveStartShardId: string | undefined;
        for (const more of [true, true, false]) {
          const { StreamDescription } = await client.call('DescribeStream', {
            StreamName,
            Limit: 2,
            ExclusiveStartShardId,
          });
          assert.equal(StreamDescription.HasMoreShards, more);
          seen.push(...(StreamDescription.Shards as Output[]).map((shard) => String(shard['ShardId'])));
          ExclusiveStartShardId = seen.at(-1);
        }
        assert.deepEqual(
          seen,
          [0, 1, 2, 3, 4].map((n) => `shardId-00000000000${n}`),
        );
      },
    },
    {
      name: 'ListStreams: by name, page by page, with summaries',
      covers: ['op:ListStreams'],
      run: async ({ client, streams }) => {
        const mine = [await streams.make(), await streams.make(), await streams.make()].toSorted();
        const seen: string[] = [];
        const summaries: Output[] = [];
        let NextToken: string | undefined;
        do {
          const output: Output = await client.call('ListStreams', { Limit: 2, NextToken });
          seen.push(...(output['StreamNames'] as string[]));
          summaries.push(...(output['StreamSummaries'] as Output[]));
          NextToken = output['NextToken'] as string | undefined;
          assert.equal(output['HasMoreStreams'], NextToken !== undefined);
        } while (NextToken !== undefined);
        assert.deepEqual(seen, seen.toSorted());
        assert.deepEqual(
          seen.filter((name) => mine.includes(name)),
          mine,
        );
        assert.deepEqual(
          summaries.map((summary) => summary['StreamName']),
          seen,
        );
        const summary = summaries.find((one) => one['StreamName'] === mine[0]);
        assert.deepEqual(Object.keys(summary ?? {}).toSorted(), [
          'StreamARN',
          'StreamCreationTimestamp',
          'StreamModeDetails',
          'StreamName',
          'StreamStatus',
        ]);
        const after = await client.call('ListStreams', { ExclusiveStartStreamName: mine[0], Limit: 1 });
        assert.ok(String(after['StreamNames'][0]) > String(mine[0]));
      },
    },
    {
      name: 'ListStreams: a token that is none',
      covers: ['op:ListStreams', 'error:ListStreams/InvalidArgumentException'],
      run: async ({ client }) =>
        expectFailure(await client.failure('ListStreams', { NextToken: 'none' }), 'InvalidArgumentException'),
    },
    {
      name: 'DescribeLimits: counts and limits',
      covers: ['op:DescribeLimits'],
      run: async ({ client, streams }) => {
        await streams.shared();
        const limits = await client.call('DescribeLimits');
        for (const name of [
          'ShardLimit',
          'OpenShardCount',
          'OnDemandStreamCount',
          'OnDemandStreamCountLimit',
        ])
          assert.ok(Number.isInteger(limits[name]), name);
        assert.ok(limits['OpenShardCount'] >= 2);
      },
    },
    {
      name: 'Accounts and regions: streams of one are not seen from another',
      covers: ['op:ListStreams', 'op:DescribeStreamSummary'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.shared();
        const elsewhere = client.with({
          region: client.options.region === 'eu-west-3' ? 'eu-west-2' : 'eu-west-3',
        });
        try {
          expectFailure(
            await elsewhere.failure('DescribeStreamSummary', { StreamName }),
            'ResourceNotFoundException',
          );
        } finally {
          elsewhere.close();
        }
      },
    },
  ];
}
