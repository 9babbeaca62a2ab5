/** GetShardIterator: each type with its rules. */
import * as assert from 'node:assert/strict';
import { expectFailure, type Case } from '../case.ts';
import type { Input, Output } from '../client.ts';
import { pause } from '../streams.ts';
import { readAll } from './records.ts';

const SHARD = 'shardId-000000000000';
const MUST_SPECIFY =
  'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
  '(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. ';

const refused = (
  name: string,
  input: (streamName: string) => Input,
  message: (streamName: string, account: string) => string | RegExp,
): Case => ({
  name: `GetShardIterator: ${name}`,
  covers: ['op:GetShardIterator', 'error:GetShardIterator/InvalidArgumentException', 'behaviour:5'],
  run: async ({ client, streams }) => {
    const StreamName = await streams.shared();
    const failure = await client.failure('GetShardIterator', {
      StreamName,
      ShardId: SHARD,
      ...input(StreamName),
    });
    expectFailure(failure, 'InvalidArgumentException', message(StreamName, await streams.account()));
  },
});

export function iteratorCases(): Case[] {
  return [
    refused(
      'AT_SEQUENCE_NUMBER without a number',
      () => ({ ShardIteratorType: 'AT_SEQUENCE_NUMBER' }),
      () => `${MUST_SPECIFY}Request specified AT_SEQUENCE_NUMBER and no StartingSequenceNumber.`,
    ),
    refused(
      'AFTER_SEQUENCE_NUMBER without a number',
      () => ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' }),
      () => `${MUST_SPECIFY}Request specified AFTER_SEQUENCE_NUMBER and no StartingSequenceNumber.`,
    ),
    refused(
      'LATEST with a number',
      () => ({ ShardIteratorType: 'LATEST', StartingSequenceNumber: '1' }),
      () => `${MUST_SPECIFY}Request specified LATEST and also a StartingSequenceNumber.`,
    ),
    refused(
      'TRIM_HORIZON with a number',
      () => ({ ShardIteratorType: 'TRIM_HORIZON', StartingSequenceNumber: '1' }),
      () => `${MUST_SPECIFY}Request specified TRIM_HORIZON and also a StartingSequenceNumber.`,
    ),
    refused(
      'AT_TIMESTAMP without a time',
      () => ({ ShardIteratorType: 'AT_TIMESTAMP' }),
      () =>
        'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
    ),
    refused(
      'AT_TIMESTAMP in the future',
      () => ({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(Date.now() + 3_600_000) }),
      () =>
        /^The timestampInMillis parameter cannot be greater than the currentTimestampInMillis\. timestampInMillis: \d+, currentTimestampInMillis: \d+$/,
    ),
    refused(
      'a number that is none',
      () => ({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: '9'.repeat(60) }),
      (stream, account) =>
        `StartingSequenceNumber ${'9'.repeat(60)} used in GetShardIterator on shard ${SHARD} in stream ${stream} under account ${account} is invalid.`,
    ),
    {
      name: 'GetShardIterator: a number of another shard',
      covers: ['op:GetShardIterator', 'error:GetShardIterator/InvalidArgumentException', 'behaviour:5'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.shared();
        const { SequenceNumber } = await client.patient('PutRecord', {
          StreamName,
          PartitionKey: 'k',
          Data: Buffer.from('d'),
          ExplicitHashKey: String(2n ** 128n - 1n),
        });
        expectFailure(
          await client.failure('GetShardIterator', {
            StreamName,
            ShardId: SHARD,
            ShardIteratorType: 'AT_SEQUENCE_NUMBER',
            StartingSequenceNumber: SequenceNumber,
          }),
          'InvalidArgumentException',
          `Invalid StartingSequenceNumber. It encodes shardId-000000000001, while it was used in a call to a shard with ${SHARD}`,
        );
      },
    },
    {
      name: 'GetShardIterator: a shard that does not exist',
      covers: ['op:GetShardIterator', 'error:GetShardIterator/ResourceNotFoundException', 'behaviour:9'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.shared();
        const account = await streams.account();
        expectFailure(
          await client.failure('GetShardIterator', {
            StreamName,
            ShardId: 'shardId-000000000099',
            ShardIteratorType: 'LATEST',
          }),
          'ResourceNotFoundException',
          `Shard shardId-000000000099 in stream ${StreamName} under account ${account} does not exist`,
        );
        expectFailure(
          await client.failure('GetShardIterator', {
            StreamName,
            ShardId: 'nothing',
            ShardIteratorType: 'LATEST',
          }),
          'ResourceNotFoundException',
          `Could not find shard nothing in stream ${StreamName} under account ${account}.`,
        );
      },
    },
    ...['0', 'shardId-0', 'anything-0'].map((ShardId): Case => ({
      name: `GetShardIterator: ShardId ${ShardId} is understood`,
      covers: ['op:GetShardIterator', 'behaviour:5'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.shared();
        await client.patient('GetShardIterator', { StreamName, ShardId, ShardIteratorType: 'LATEST' });
      },
    })),
    {
      name: 'GetShardIterator: each type begins where it says',
      covers: ['op:GetShardIterator', 'op:GetRecords', 'behaviour:5'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 1 });
        const put = (PartitionKey: string): Promise<Output> =>
          client.patient('PutRecord', { StreamName, PartitionKey, Data: Buffer.from('d') });
        const first = await put('a');
        await put('b');
        await pause(20);
        const latest = await streams.iterator(StreamName, SHARD, { ShardIteratorType: 'LATEST' });
        await put('c');
        const keys = async (iterator: string): Promise<string> =>
          (await readAll(client, iterator, 3)).map((record) => record['PartitionKey']).join('');
        assert.equal(await keys(latest), 'c');
        const StartingSequenceNumber = first['SequenceNumber'];
        const at = (changes: Input): Promise<string> =>
          streams.iterator(StreamName, SHARD, changes).then(keys);
        assert.equal(await at({}), 'abc');
        assert.equal(await at({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber }), 'abc');
        assert.equal(await at({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber }), 'bc');
        const [, , third] = await readAll(client, await streams.iterator(StreamName, SHARD), 3);
        const Timestamp = Number(third?.['ApproximateArrivalTimestamp']);
        assert.equal(await at({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp }), 'c');
        assert.equal(await at({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(0) }), 'abc');
      },
    },
    {
      name: 'GetShardIterator: a Timestamp in CBOR is in milliseconds',
      covers: ['op:GetShardIterator', 'behaviour:21'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.shared();
        const output = await client.call(
          'GetShardIterator',
          {
            StreamName,
            ShardId: SHARD,
            ShardIteratorType: 'AT_TIMESTAMP',
            Timestamp: new Date(Date.now() - 60_000),
          },
          'cbor',
        );
        assert.equal(typeof output['ShardIterator'], 'string');
      },
    },
    {
      name: 'GetShardIterator: more calls than a shard takes',
      covers: ['op:GetShardIterator', 'error:GetShardIterator/ProvisionedThroughputExceededException'],
      run: async ({ client, streams, skip }) => {
        const StreamName = await streams.make({ ShardCount: 1 });
        const answers = await Promise.all(
          Array.from({ length: 30 }, () =>
            client.once('GetShardIterator', { StreamName, ShardId: SHARD, ShardIteratorType: 'LATEST' }),
          ),
        );
        const exceeded = answers.filter((answer) => answer !== undefined);
        if (exceeded.length === 0) skip('no shard limit is enforced here');
        for (const failure of exceeded)
          expectFailure(failure, 'ProvisionedThroughputExceededException', /^Rate exceeded for shard /);
      },
    },
    {
      name: 'Shard iterators: used twice, the same records',
      covers: ['op:GetRecords', 'behaviour:3'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 1 });
        await client.patient('PutRecord', { StreamName, PartitionKey: 'k', Data: Buffer.from('d') });
        const iterator = await streams.iterator(StreamName, SHARD);
        const [one] = await readAll(client, iterator, 1);
        const [two] = await readAll(client, iterator, 1);
        assert.deepEqual(two, one);
      },
    },
  ];
}
