/** Sequence numbers as clients take them apart: 56 digits, of the layout that AWS has had since 2013. */
import * as assert from 'node:assert/strict';
import type { Case } from '../case.ts';
import type { Output } from '../client.ts';
import { readAll } from './records.ts';

/** version 2: '2' shardCreateSecs(9) shardIx mod 16 (1) seqIx(16) '00' seqTimeSecs(9) shardIx(8) '2'. */
const LAYOUT = /^2([0-9a-f]{9})([0-9a-f])([0-7][0-9a-f]{15})00([0-9a-f]{9})([0-9a-f]{8})2$/;

function fields(sequenceNumber: string): { createdSecs: number; shard: number; index: bigint; secs: number } {
  const match = LAYOUT.exec(BigInt(sequenceNumber).toString(16));
  assert.ok(match !== null, `${sequenceNumber} has another layout`);
  const [, created = '', nibble = '', index = '', secs = '', shard = ''] = match;
  assert.equal(Number.parseInt(nibble, 16), Number.parseInt(shard, 16) % 16);
  return {
    createdSecs: Number.parseInt(created, 16),
    shard: Number.parseInt(shard, 16),
    index: BigInt(`0x${index}`),
    secs: Number.parseInt(secs, 16),
  };
}

export function sequenceNumberCases(): Case[] {
  return [
    {
      name: 'Sequence numbers: layout of shards and records',
      covers: ['op:DescribeStream', 'behaviour:1'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 2 });
        const { StreamDescription } = await client.call('DescribeStream', { StreamName });
        const nowSecs = Date.now() / 1000;
        for (const [n, shard] of (StreamDescription.Shards as Output[]).entries()) {
          const start = fields(shard['SequenceNumberRange'].StartingSequenceNumber);
          assert.equal(start.shard, n);
          assert.equal(start.index, 0n);
          assert.ok(Math.abs(start.createdSecs - nowSecs) < 300, `created in second ${start.createdSecs}`);
          assert.equal(shard['SequenceNumberRange'].EndingSequenceNumber, undefined);
        }
        const { SequenceNumber, ShardId } = await client.patient('PutRecord', {
          StreamName,
          PartitionKey: 'k',
          Data: Buffer.from('d'),
        });
        assert.equal(SequenceNumber.length, 56);
        const record = fields(SequenceNumber);
        assert.equal(`shardId-${String(record.shard).padStart(12, '0')}`, ShardId);
        assert.ok(record.index > 0n);
        assert.ok(Math.abs(record.secs - nowSecs) < 300, `put in second ${record.secs}`);
      },
    },
    {
      name: "Sequence numbers: a closed shard's end is above its records, its children above that",
      covers: ['op:SplitShard', 'behaviour:1', 'behaviour:10'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ ShardCount: 1 });
        const put = (): Promise<Output> =>
          client.patient('PutRecord', { StreamName, PartitionKey: 'k', Data: Buffer.from('d') });
        const before = await put();
        await client.call('SplitShard', {
          StreamName,
          ShardToSplit: 'shardId-000000000000',
          NewStartingHashKey: String(2n ** 127n),
        });
        await streams.active(StreamName);
        const after = await put();
        const { Shards } = await client.call('ListShards', { StreamName });
        const end = Shards[0].SequenceNumberRange.EndingSequenceNumber as string;
        assert.equal(fields(end).index, 0x7fff_ffff_ffff_ffffn);
        assert.ok(BigInt(before['SequenceNumber']) < BigInt(end));
        for (const child of Shards.slice(1) as Output[])
          assert.ok(
            BigInt(child['SequenceNumberRange'].StartingSequenceNumber) > BigInt(end),
            'a child begins below its parent',
          );
        assert.ok(BigInt(after['SequenceNumber']) > BigInt(end));
        const [record] = await readAll(
          client,
          await streams.iterator(StreamName, String(after['ShardId'])),
          1,
        );
        assert.equal(record?.['SequenceNumber'], after['SequenceNumber']);
      },
    },
  ];
}
