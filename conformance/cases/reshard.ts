/** Split, merge and UpdateShardCount: lineage, hash ranges, and the road of a reader from a parent to its children. */
import * as assert from 'node:assert/strict';
import { expectFailure, type Bench, type Case } from '../case.ts';
import type { Input, Output } from '../client.ts';
import { pause } from '../streams.ts';

const ID = (n: number): string => `shardId-${String(n).padStart(12, '0')}`;
const HALF = 2n ** 127n;
const LAST = 2n ** 128n - 1n;

const range = (start: bigint, end: bigint): Output => ({
  StartingHashKey: String(start),
  EndingHashKey: String(end),
});

async function shards({ client }: Bench, StreamName: string, changes: Input = {}): Promise<Output[]> {
  return (await client.call('ListShards', { StreamName, ...changes }))['Shards'] as Output[];
}

async function split(bench: Bench, StreamName: string, shard: number, hash: bigint): Promise<void> {
  await bench.client.call('SplitShard', {
    StreamName,
    ShardToSplit: ID(shard),
    NewStartingHashKey: String(hash),
  });
  await bench.streams.active(StreamName);
}

async function merge(bench: Bench, StreamName: string, one: number, other: number): Promise<void> {
  await bench.client.call('MergeShards', {
    StreamName,
    ShardToMerge: ID(one),
    AdjacentShardToMerge: ID(other),
  });
  await bench.streams.active(StreamName);
}

export function reshardCases(): Case[] {
  return [
    {
      name: 'SplitShard: two children share the range, the parent is closed and stays',
      covers: ['op:SplitShard', 'op:ListShards', 'behaviour:10'],
      run: async (bench) => {
        const stream = await bench.streams.make({ ShardCount: 1 });
        await split(bench, stream, 0, HALF);
        const [parent, low, high] = await shards(bench, stream);
        assert.match(String(parent?.['SequenceNumberRange'].EndingSequenceNumber), /^\d{56}$/);
        assert.deepEqual(
          [low, high].map((child) => [
            child?.['ShardId'],
            child?.['ParentShardId'],
            child?.['AdjacentParentShardId'],
            child?.['HashKeyRange'],
          ]),
          [
            [ID(1), ID(0), undefined, range(0n, HALF - 1n)],
            [ID(2), ID(0), undefined, range(HALF, LAST)],
          ],
        );
        assert.equal((await bench.streams.active(stream))['OpenShardCount'], 2);
      },
    },
    {
      name: 'MergeShards: one child with both parents',
      covers: ['op:MergeShards', 'op:ListShards', 'behaviour:10'],
      run: async (bench) => {
        const stream = await bench.streams.make({ ShardCount: 2 });
        await merge(bench, stream, 0, 1);
        const child = (await shards(bench, stream))[2];
        assert.deepEqual(
          [
            child?.['ShardId'],
            child?.['ParentShardId'],
            child?.['AdjacentParentShardId'],
            child?.['HashKeyRange'],
          ],
          [ID(2), ID(0), ID(1), range(0n, LAST)],
        );
      },
    },
    ...[0n, 1n, LAST].map((hash): Case => ({
      name: `SplitShard: NewStartingHashKey ${hash} leaves nothing for a child`,
      covers: ['op:SplitShard', 'error:SplitShard/InvalidArgumentException', 'behaviour:10'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 1 });
        expectFailure(
          await client.failure('SplitShard', {
            StreamName,
            ShardToSplit: ID(0),
            NewStartingHashKey: String(hash),
          }),
          'InvalidArgumentException',
          `NewStartingHashKey ${hash} used in SplitShard() on shard ${ID(0)} in stream ${StreamName} under account ${await streams.account()} ` +
            `is not both greater than one plus the shard's StartingHashKey 0 and less than the shard's EndingHashKey ${LAST}.`,
        );
      },
    })),
    {
      name: 'SplitShard, MergeShards: a shard that does not exist',
      covers: [
        'error:SplitShard/ResourceNotFoundException',
        'error:MergeShards/ResourceNotFoundException',
        'behaviour:9',
      ],
      run: async ({ client, streams }) => {
        const StreamName = await streams.shared();
        const message = `Could not find shard ${ID(9)} in stream ${StreamName} under account ${await streams.account()}.`;
        expectFailure(
          await client.failure('SplitShard', { StreamName, ShardToSplit: ID(9), NewStartingHashKey: '5' }),
          'ResourceNotFoundException',
          message,
        );
        expectFailure(
          await client.failure('MergeShards', {
            StreamName,
            ShardToMerge: ID(9),
            AdjacentShardToMerge: ID(1),
          }),
          'ResourceNotFoundException',
          message,
        );
      },
    },
    {
      name: 'MergeShards: shards that are not adjacent, or in the wrong order',
      covers: ['op:MergeShards', 'error:MergeShards/InvalidArgumentException', 'behaviour:10'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 3 });
        for (const [one, other] of [
          [0, 2],
          [1, 0],
        ] as const) {
          expectFailure(
            await client.failure('MergeShards', {
              StreamName,
              ShardToMerge: ID(one),
              AdjacentShardToMerge: ID(other),
            }),
            'InvalidArgumentException',
            `Shards ${ID(one)} and ${ID(other)} in stream ${StreamName} under account ${await streams.account()} are not an adjacent pair of shards eligible for merging`,
          );
        }
      },
    },
    {
      name: 'A closed shard: read to its end, which names its children',
      covers: ['op:GetRecords', 'op:SplitShard', 'behaviour:4'],
      run: async (bench) => {
        const { client, streams } = bench;
        const StreamName = await streams.make({ ShardCount: 1 });
        const put = (PartitionKey: string): Promise<Output> =>
          client.patient('PutRecord', { StreamName, PartitionKey, Data: Buffer.from('d') });
        await put('a');
        const latest = await streams.iterator(StreamName, ID(0), { ShardIteratorType: 'LATEST' });
        await put('b');
        await split(bench, StreamName, 0, HALF);
        await put('c');
        let output: Output = await client.patient('GetRecords', {
          ShardIterator: await streams.iterator(StreamName, ID(0)),
        });
        const seen = output['Records'].map((record: Output) => record['PartitionKey']);
        for (let calls = 0; output['NextShardIterator'] !== undefined && calls < 10; calls++) {
          output = await client.patient('GetRecords', { ShardIterator: output['NextShardIterator'] });
          seen.push(...output['Records'].map((record: Output) => record['PartitionKey']));
        }
        assert.deepEqual(seen, ['a', 'b']);
        assert.ok(!('NextShardIterator' in output));
        assert.deepEqual(output['ChildShards'], [
          { ShardId: ID(1), ParentShards: [ID(0)], HashKeyRange: range(0n, HALF - 1n) },
          { ShardId: ID(2), ParentShards: [ID(0)], HashKeyRange: range(HALF, LAST) },
        ]);
        const rest = await client.patient('GetRecords', { ShardIterator: latest });
        assert.deepEqual(
          rest['Records'].map((record: Output) => record['PartitionKey']),
          ['b'],
        );
      },
    },
    {
      name: 'SplitShard, MergeShards: a closed shard cannot be changed again',
      covers: [
        'op:SplitShard',
        'op:MergeShards',
        'error:SplitShard/InvalidArgumentException',
        'error:MergeShards/InvalidArgumentException',
      ],
      run: async (bench) => {
        const StreamName = await bench.streams.make({ ShardCount: 2 });
        await split(bench, StreamName, 0, 1000n);
        for (const [operation, input] of [
          ['SplitShard', { ShardToSplit: ID(0), NewStartingHashKey: '500' }],
          ['MergeShards', { ShardToMerge: ID(0), AdjacentShardToMerge: ID(1) }],
        ] as const) {
          const failure = await bench.client.failure(operation, { StreamName, ...input });
          assert.ok(
            ['InvalidArgumentException', 'ResourceNotFoundException'].includes(failure.code),
            `${operation} answered ${failure.code}`,
          );
        }
      },
    },
    {
      name: 'UpdateShardCount: doubles and halves evenly',
      covers: ['op:UpdateShardCount', 'behaviour:14'],
      run: async (bench) => {
        const { client, streams } = bench;
        const StreamName = await streams.make({ ShardCount: 2 });
        for (const [from, to] of [
          [2, 4],
          [4, 3],
          [3, 2],
        ] as const) {
          const answer = await client.call('UpdateShardCount', {
            StreamName,
            TargetShardCount: to,
            ScalingType: 'UNIFORM_SCALING',
          });
          assert.equal(answer['StreamName'], StreamName);
          assert.equal(answer['CurrentShardCount'], from);
          assert.equal(answer['TargetShardCount'], to);
          assert.equal((await streams.active(StreamName))['OpenShardCount'], to);
          const open = (await shards(bench, StreamName)).filter(
            (shard) => shard['SequenceNumberRange'].EndingSequenceNumber === undefined,
          );
          const ranges = open
            .map(
              (shard) =>
                [
                  BigInt(shard['HashKeyRange'].StartingHashKey),
                  BigInt(shard['HashKeyRange'].EndingHashKey),
                ] as const,
            )
            .toSorted(([a], [b]) => (a < b ? -1 : 1));
          let next = 0n;
          for (const [start, end] of ranges) {
            assert.equal(start, next);
            const width = end - start + 1n;
            const even = 2n ** 128n / BigInt(to);
            assert.ok(width - even < 1000n && even - width < 1000n, `a shard of ${to} is ${width} wide`);
            next = end + 1n;
          }
          assert.equal(next, 2n ** 128n);
        }
      },
    },
    {
      name: 'UpdateShardCount: at most double, at least half',
      covers: [
        'op:UpdateShardCount',
        'error:UpdateShardCount/InvalidArgumentException',
        'error:UpdateShardCount/LimitExceededException',
        'behaviour:14',
      ],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 4 });
        for (const TargetShardCount of [9, 1]) {
          const failure = await client.failure('UpdateShardCount', {
            StreamName,
            TargetShardCount,
            ScalingType: 'UNIFORM_SCALING',
          });
          assert.ok(
            ['InvalidArgumentException', 'LimitExceededException'].includes(failure.code),
            `${TargetShardCount}: ${failure.code}`,
          );
        }
      },
    },
    {
      name: 'ListShards: every filter',
      covers: ['op:ListShards', 'behaviour:17'],
      run: async (bench) => {
        const stream = await bench.streams.make({ ShardCount: 2 });
        const before = Date.now();
        await pause(1100);
        await split(bench, stream, 0, 1000n);
        await pause(1100);
        const of = async (ShardFilter: Input): Promise<string[]> =>
          (await shards(bench, stream, { ShardFilter })).map((shard) => String(shard['ShardId']));
        assert.deepEqual(await of({ Type: 'AT_LATEST' }), [1, 2, 3].map(ID));
        assert.deepEqual(await of({ Type: 'AT_TRIM_HORIZON' }), [0, 1].map(ID));
        assert.deepEqual(await of({ Type: 'FROM_TRIM_HORIZON' }), [0, 1, 2, 3].map(ID));
        assert.deepEqual(await of({ Type: 'AFTER_SHARD_ID', ShardId: ID(1) }), [2, 3].map(ID));
        assert.deepEqual(
          await of({ Type: 'AT_TIMESTAMP', Timestamp: new Date(before + 500) }),
          [0, 1].map(ID),
        );
        assert.deepEqual(
          await of({ Type: 'FROM_TIMESTAMP', Timestamp: new Date(before + 500) }),
          [0, 1, 2, 3].map(ID),
        );
        assert.deepEqual(await of({ Type: 'AT_TIMESTAMP', Timestamp: new Date() }), [1, 2, 3].map(ID));
        assert.deepEqual(await of({ Type: 'FROM_TIMESTAMP', Timestamp: new Date() }), [1, 2, 3].map(ID));
      },
    },
    ...(
      [
        ['AFTER_SHARD_ID without a ShardId', { ShardFilter: { Type: 'AFTER_SHARD_ID' } }],
        ['AT_TIMESTAMP without a Timestamp', { ShardFilter: { Type: 'AT_TIMESTAMP' } }],
        ['FROM_TIMESTAMP without a Timestamp', { ShardFilter: { Type: 'FROM_TIMESTAMP' } }],
        ['a token that is none', { StreamName: undefined, NextToken: 'none' }],
      ] as const
    ).map(([name, input]): Case => ({
      name: `ListShards: ${name}`,
      covers: ['op:ListShards', 'error:ListShards/InvalidArgumentException', 'behaviour:17'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.shared();
        expectFailure(
          await client.failure('ListShards', { StreamName, ...input }),
          'InvalidArgumentException',
        );
      },
    })),
    {
      name: 'ListShards: page by page, and a token goes alone',
      covers: ['op:ListShards', 'error:ListShards/InvalidArgumentException', 'behaviour:17'],
      run: async (bench) => {
        const { client, streams } = bench;
        const StreamName = await streams.make({ ShardCount: 5 });
        const first = await client.call('ListShards', { StreamName, MaxResults: 2 });
        assert.equal(first['Shards'].length, 2);
        const second = await client.call('ListShards', { NextToken: first['NextToken'], MaxResults: 2 });
        const third = await client.call('ListShards', { NextToken: second['NextToken'], MaxResults: 2 });
        assert.deepEqual(
          [...second['Shards'], ...third['Shards']].map((shard: Output) => shard['ShardId']),
          [2, 3, 4].map(ID),
        );
        assert.ok(!('NextToken' in third));
        assert.deepEqual(
          (await shards(bench, StreamName, { ExclusiveStartShardId: ID(3) })).map(
            (shard) => shard['ShardId'],
          ),
          [ID(4)],
        );
        expectFailure(
          await client.failure('ListShards', { StreamName, NextToken: first['NextToken'] }),
          'InvalidArgumentException',
          'NextToken and StreamName cannot be provided together.',
        );
        expectFailure(
          await client.failure('ListShards', {}),
          'InvalidArgumentException',
          'Either NextToken or StreamName should be provided.',
        );
      },
    },
  ];
}
