/** PutRecord, PutRecords and GetRecords: what goes in comes out, once, in order, from the shard of its key. */
import { createHash } from 'node:crypto';
import * as assert from 'node:assert/strict';
import { expectFailure, type Bench, type Case } from '../case.ts';
import type { Client, Input, Output } from '../client.ts';

const MAX_HASH = 2n ** 128n;

/** Reads a shard from an iterator until `count` records came or it is at its tip. */
export async function readAll(client: Client, iterator: string, count = Infinity): Promise<Output[]> {
  const records: Output[] = [];
  let next: string | undefined = iterator;
  for (let calls = 0; next !== undefined && records.length < count && calls < 200; calls++) {
    const output: Output = await client.patient('GetRecords', { ShardIterator: next });
    records.push(...(output['Records'] as Output[]));
    next = output['NextShardIterator'] as string | undefined;
    if (output['MillisBehindLatest'] === 0 && output['Records'].length === 0) break;
  }
  return records;
}

function hashOf(partitionKey: string): bigint {
  return BigInt(`0x${createHash('md5').update(partitionKey, 'utf8').digest('hex')}`);
}

/** Of two even shards, the one whose range holds the hash key. */
function shardOfTwo(hash: bigint): string {
  return hash < MAX_HASH / 2n ? 'shardId-000000000000' : 'shardId-000000000001';
}

async function put(bench: Bench, changes: Input = {}): Promise<Output> {
  const StreamName = await bench.streams.shared();
  return bench.client.patient('PutRecord', {
    StreamName,
    PartitionKey: 'key',
    Data: Buffer.from('data'),
    ...changes,
  });
}

const iteratorAt = (bench: Bench, stream: string, record: Output): Promise<string> =>
  bench.streams.iterator(stream, String(record['ShardId']), {
    ShardIteratorType: 'AT_SEQUENCE_NUMBER',
    StartingSequenceNumber: record['SequenceNumber'],
  });

export function recordCases(): Case[] {
  return [
    {
      name: 'PutRecord: a record is read back as it was put',
      covers: ['op:PutRecord', 'op:GetRecords', 'behaviour:10'],
      run: async (bench) => {
        const stream = await bench.streams.shared();
        const Data = Buffer.from([0, 1, 2, 254, 255]);
        const before = Date.now();
        const answer = await put(bench, { PartitionKey: 'héllo – wörld', Data });
        assert.deepEqual(Object.keys(answer).toSorted(), ['SequenceNumber', 'ShardId']);
        assert.equal(answer['ShardId'], shardOfTwo(hashOf('héllo – wörld')));
        const [record] = await readAll(bench.client, await iteratorAt(bench, stream, answer), 1);
        assert.deepEqual(Object.keys(record ?? {}).toSorted(), [
          'ApproximateArrivalTimestamp',
          'Data',
          'PartitionKey',
          'SequenceNumber',
        ]);
        assert.equal(record?.['Data'], Data.toString('base64'));
        assert.equal(record?.['PartitionKey'], 'héllo – wörld');
        assert.equal(record?.['SequenceNumber'], answer['SequenceNumber']);
        const arrived = Number(record?.['ApproximateArrivalTimestamp']) * 1000;
        assert.ok(Math.abs(arrived - before) < 60_000, `arrived at ${arrived}, put at ${before}`);
      },
    },
    {
      name: 'PutRecord: an empty record',
      covers: ['op:PutRecord', 'op:GetRecords'],
      run: async (bench) => {
        const stream = await bench.streams.shared();
        const answer = await put(bench, { Data: Buffer.alloc(0) });
        const [record] = await readAll(bench.client, await iteratorAt(bench, stream, answer), 1);
        assert.equal(record?.['Data'], '');
      },
    },
    {
      name: 'PutRecord: ExplicitHashKey overrides the key',
      covers: ['op:PutRecord', 'behaviour:10'],
      run: async (bench) => {
        for (const hash of [0n, MAX_HASH / 2n - 1n, MAX_HASH / 2n, MAX_HASH - 1n]) {
          const answer = await put(bench, { ExplicitHashKey: String(hash) });
          assert.equal(answer['ShardId'], shardOfTwo(hash), `hash key ${hash}`);
        }
      },
    },
    {
      name: 'PutRecord: ExplicitHashKey beyond 2^128-1',
      covers: ['op:PutRecord', 'error:PutRecord/InvalidArgumentException'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.shared();
        const ExplicitHashKey = String(MAX_HASH);
        const failure = await client.failure('PutRecord', {
          StreamName,
          PartitionKey: 'k',
          Data: Buffer.from('d'),
          ExplicitHashKey,
        });
        expectFailure(
          failure,
          'InvalidArgumentException',
          `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${ExplicitHashKey}`,
        );
      },
    },
    {
      name: 'PutRecords: ExplicitHashKey beyond 2^128-1 refuses all',
      covers: ['op:PutRecords', 'error:PutRecords/InvalidArgumentException'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.shared();
        const ExplicitHashKey = String(MAX_HASH);
        const failure = await client.failure('PutRecords', {
          StreamName,
          Records: [
            { PartitionKey: 'a', Data: Buffer.from('a') },
            { PartitionKey: 'b', Data: Buffer.from('b'), ExplicitHashKey },
          ],
        });
        expectFailure(
          failure,
          'InvalidArgumentException',
          `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${ExplicitHashKey}`,
        );
      },
    },
    {
      name: 'PutRecords: answers in the order of the request, each with its shard',
      covers: ['op:PutRecords', 'op:GetRecords', 'behaviour:11', 'behaviour:1'],
      run: async ({ client, streams }) => {
        const stream = await streams.make({ ShardCount: 2 });
        const keys = Array.from({ length: 100 }, (_, n) => `key-${n}`);
        const output = await client.call('PutRecords', {
          StreamName: stream,
          Records: keys.map((PartitionKey) => ({ PartitionKey, Data: Buffer.from(PartitionKey) })),
        });
        assert.equal(output['FailedRecordCount'], 0);
        const answers = output['Records'] as Output[];
        assert.equal(answers.length, keys.length);
        const wanted = new Map<string, string[]>();
        for (const [n, key] of keys.entries()) {
          assert.equal(answers[n]?.['ShardId'], shardOfTwo(hashOf(key)), key);
          const shard = String(answers[n]?.['ShardId']);
          wanted.set(shard, [...(wanted.get(shard) ?? []), key]);
        }
        for (const [shard, wantedKeys] of wanted) {
          const records = await readAll(client, await streams.iterator(stream, shard), wantedKeys.length);
          assert.deepEqual(
            records.map((record) => record['PartitionKey']),
            wantedKeys,
          );
          const numbers = records.map((record) => BigInt(record['SequenceNumber'] as string));
          assert.deepEqual(
            numbers,
            numbers.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
          );
          assert.equal(new Set(numbers).size, numbers.length);
        }
      },
    },
    {
      name: 'PutRecords: over 500 records are a broken constraint, 500 are taken',
      covers: ['op:PutRecords', 'behaviour:6'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 1 });
        const Records = Array.from({ length: 500 }, (_, n) => ({
          PartitionKey: `k${n}`,
          Data: Buffer.from('d'),
        }));
        const output = await client.call('PutRecords', { StreamName, Records });
        assert.equal(output['FailedRecordCount'], 0);
        expectFailure(
          await client.failure('PutRecords', { StreamName, Records: [...Records, Records[0]] }),
          'ValidationException',
          /^1 validation error detected: Value '\[.*\]' at 'records' failed to satisfy constraint: Member must have length less than or equal to 500$/s,
        );
      },
    },
    {
      name: 'PutRecord: beyond the size of the stream',
      covers: ['op:PutRecord', 'error:PutRecord/InvalidArgumentException', 'op:UpdateMaxRecordSize'],
      run: async ({ client, streams }) => {
        const stream = await streams.make({ ShardCount: 1 });
        const record = { StreamName: stream, PartitionKey: 'k', Data: Buffer.alloc(1024 * 1024 + 1) };
        const failure = await client.failure('PutRecord', record);
        assert.ok(['InvalidArgumentException', 'ValidationException'].includes(failure.code), failure.code);
        await client.call('UpdateMaxRecordSize', {
          StreamARN: await streams.arn(stream),
          MaxRecordSizeInKiB: 2048,
        });
        assert.equal((await streams.active(stream))['MaxRecordSizeInKiB'], 2048);
        await client.patient('PutRecord', record);
      },
    },
    {
      name: 'GetRecords: at most 10 MiB a call',
      covers: ['op:GetRecords', 'behaviour:12'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 1 });
        const sizes = Array.from({ length: 12 }, () => 1_000_000);
        for (const size of sizes)
          await client.patient('PutRecord', { StreamName, PartitionKey: 'k', Data: Buffer.alloc(size, 7) });
        const output = await client.patient('GetRecords', {
          ShardIterator: await streams.iterator(StreamName, 'shardId-000000000000'),
        });
        const count = (output['Records'] as Output[]).length;
        assert.ok(count >= 1 && count <= 10, `${count} records of 1 MB came in one answer`);
        assert.ok(Number(output['MillisBehindLatest']) > 0);
      },
    },
    {
      name: 'GetRecords: Limit, and reading on from NextShardIterator',
      covers: ['op:GetRecords', 'behaviour:4'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 1 });
        const Records = Array.from({ length: 10 }, (_, n) => ({
          PartitionKey: `k${n}`,
          Data: Buffer.from('d'),
        }));
        await client.call('PutRecords', { StreamName, Records });
        let ShardIterator = await streams.iterator(StreamName, 'shardId-000000000000');
        const seen: string[] = [];
        for (const wanted of [3, 3, 3, 1, 0]) {
          const output = await client.patient('GetRecords', { ShardIterator, Limit: 3 });
          const records = output['Records'] as Output[];
          assert.equal(records.length, wanted);
          seen.push(...records.map((record) => String(record['PartitionKey'])));
          assert.notEqual(output['NextShardIterator'], ShardIterator);
          ShardIterator = output['NextShardIterator'] as string;
        }
        assert.deepEqual(
          seen,
          Records.map((record) => record.PartitionKey),
        );
      },
    },
    {
      name: 'GetRecords: an empty shard',
      covers: ['op:GetRecords', 'behaviour:4'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 1 });
        const output = await client.patient('GetRecords', {
          ShardIterator: await streams.iterator(StreamName, 'shardId-000000000000'),
        });
        assert.deepEqual(Object.keys(output).toSorted(), [
          'MillisBehindLatest',
          'NextShardIterator',
          'Records',
        ]);
        assert.deepEqual(output['Records'], []);
        assert.equal(output['MillisBehindLatest'], 0);
      },
    },
    ...['', 'AAAA', '"quoted"', 'x'.repeat(300), Buffer.alloc(152, 1).toString('base64')]
      .filter(Boolean)
      .map((ShardIterator): Case => ({
        name: `GetRecords: the iterator ${ShardIterator.slice(0, 12)}… is none`,
        covers: ['op:GetRecords', 'error:GetRecords/InvalidArgumentException', 'behaviour:3'],
        run: async ({ client }) => {
          expectFailure(
            await client.failure('GetRecords', { ShardIterator }),
            'InvalidArgumentException',
            'Invalid ShardIterator.',
          );
        },
      })),
    {
      name: 'GetRecords: an altered iterator',
      covers: ['op:GetRecords', 'error:GetRecords/InvalidArgumentException', 'behaviour:3'],
      run: async ({ client, streams }) => {
        const iterator = await streams.iterator(await streams.shared(), 'shardId-000000000000');
        assert.ok(iterator.length <= 512, `${iterator.length} characters`);
        assert.equal(Buffer.from(iterator, 'base64').toString('base64'), iterator);
        const bytes = Buffer.from(iterator, 'base64');
        for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
          const altered = Buffer.from(bytes);
          altered[at] = (altered[at] ?? 0) ^ 1;
          const failure = await client.failure('GetRecords', { ShardIterator: altered.toString('base64') });
          expectFailure(failure, 'InvalidArgumentException', 'Invalid ShardIterator.');
        }
      },
    },
    {
      name: 'GetRecords: of a stream deleted meanwhile',
      covers: ['op:GetRecords', 'error:GetRecords/ResourceNotFoundException', 'behaviour:9'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 1 });
        const ShardIterator = await streams.iterator(StreamName, 'shardId-000000000000');
        await client.call('DeleteStream', { StreamName });
        await streams.gone(StreamName);
        const account = await streams.account();
        expectFailure(
          await client.failure('GetRecords', { ShardIterator }),
          'ResourceNotFoundException',
          `Shard shardId-000000000000 in stream ${StreamName} under account ${account} does not exist`,
        );
      },
    },
    {
      name: 'SequenceNumberForOrdering: of an earlier record is taken, garbage refused',
      covers: ['op:PutRecord', 'error:PutRecord/InvalidArgumentException', 'behaviour:2'],
      run: async (bench) => {
        const { client, streams } = bench;
        const stream = await streams.shared();
        const account = await streams.account();
        const first = await put(bench);
        const second = await put(bench, { SequenceNumberForOrdering: first['SequenceNumber'] });
        assert.ok(BigInt(second['SequenceNumber']) > BigInt(first['SequenceNumber']));
        const SequenceNumberForOrdering = '9'.repeat(60);
        expectFailure(
          await client.failure('PutRecord', {
            StreamName: stream,
            PartitionKey: 'key',
            Data: Buffer.from('d'),
            SequenceNumberForOrdering,
          }),
          'InvalidArgumentException',
          `ExclusiveMinimumSequenceNumber ${SequenceNumberForOrdering} used in PutRecord on stream ${stream} under account ${account} is invalid.`,
        );
      },
    },
    {
      name: 'PutRecord: StreamName and StreamARN together, as the KPL sends them',
      covers: ['op:PutRecord', 'op:PutRecords'],
      run: async (bench) => {
        const StreamARN = await bench.streams.arn(await bench.streams.shared());
        await put(bench, { StreamARN });
        await bench.client.patient('PutRecord', { StreamARN, PartitionKey: 'k', Data: Buffer.from('d') });
      },
    },
    {
      name: 'PutRecord: neither StreamName nor StreamARN',
      covers: ['op:PutRecord', 'error:PutRecord/InvalidArgumentException'],
      run: async ({ client }) => {
        const failure = await client.failure('PutRecord', { PartitionKey: 'k', Data: Buffer.from('d') });
        assert.ok(['InvalidArgumentException', 'ValidationException'].includes(failure.code), failure.code);
      },
    },
    ...(['PutRecord', 'PutRecords', 'GetRecords', 'GetShardIterator'] as const).map((operation): Case => ({
      name: `${operation}: DryRun does nothing and says so`,
      covers: [`op:${operation}`, `error:${operation}/DryRunOperationException`],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 1 });
        const ShardIterator = await streams.iterator(StreamName, 'shardId-000000000000');
        const record = { PartitionKey: 'k', Data: Buffer.from('d') };
        const inputs = {
          PutRecord: { StreamName, ...record },
          PutRecords: { StreamName, Records: [record] },
          GetRecords: { ShardIterator },
          GetShardIterator: { StreamName, ShardId: 'shardId-000000000000', ShardIteratorType: 'LATEST' },
        };
        expectFailure(
          await client.failure(operation, { ...inputs[operation], DryRun: true }),
          'DryRunOperationException',
        );
        const { Records } = await client.patient('GetRecords', { ShardIterator });
        assert.deepEqual(Records, []);
      },
    })),
  ];
}
