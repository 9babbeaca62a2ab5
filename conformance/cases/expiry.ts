/** Iterators and tokens expire after five minutes: cases that wait as long, run with `--slow`. */
import { expectFailure, type Bench, type Case } from '../case.ts';
import { pause } from '../streams.ts';

const EXPIRED_AFTER_MS = 305_000;

async function expire({ slow, skip }: Bench): Promise<void> {
  if (!slow) skip('waits for over five minutes: run with --slow');
  await pause(EXPIRED_AFTER_MS);
}

export function expiryCases(): Case[] {
  return [
    {
      name: 'GetRecords: an iterator older than five minutes',
      covers: ['op:GetRecords', 'error:GetRecords/ExpiredIteratorException', 'behaviour:3'],
      run: async (bench) => {
        const ShardIterator = await bench.streams.iterator(
          await bench.streams.shared(),
          'shardId-000000000000',
        );
        await expire(bench);
        expectFailure(
          await bench.client.failure('GetRecords', { ShardIterator }),
          'ExpiredIteratorException',
          /^Iterator expired\. The iterator was created at time \w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4} while right now it is \w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4} which is further in the future than the tolerated delay of 300000 milliseconds\.$/,
        );
      },
    },
    {
      name: 'ListShards: a token older than five minutes',
      covers: ['op:ListShards', 'error:ListShards/ExpiredNextTokenException', 'behaviour:17'],
      run: async (bench) => {
        const StreamName = await bench.streams.shared();
        const { NextToken } = await bench.client.call('ListShards', { StreamName, MaxResults: 1 });
        await expire(bench);
        expectFailure(await bench.client.failure('ListShards', { NextToken }), 'ExpiredNextTokenException');
      },
    },
    {
      name: 'ListStreams: a token older than five minutes',
      covers: ['op:ListStreams', 'error:ListStreams/ExpiredNextTokenException'],
      run: async (bench) => {
        await bench.streams.make();
        await bench.streams.make();
        const { NextToken } = await bench.client.call('ListStreams', { Limit: 1 });
        await expire(bench);
        expectFailure(await bench.client.failure('ListStreams', { NextToken }), 'ExpiredNextTokenException');
      },
    },
    {
      name: 'ListStreamConsumers: a token older than five minutes',
      covers: ['op:ListStreamConsumers', 'error:ListStreamConsumers/ExpiredNextTokenException'],
      run: async (bench) => {
        const stream = await bench.streams.make();
        await bench.streams.consumer(stream, 'one');
        await bench.streams.consumer(stream, 'two');
        const StreamARN = await bench.streams.arn(stream);
        const { NextToken } = await bench.client.call('ListStreamConsumers', { StreamARN, MaxResults: 1 });
        await expire(bench);
        expectFailure(
          await bench.client.failure('ListStreamConsumers', { StreamARN, NextToken }),
          'ExpiredNextTokenException',
        );
      },
    },
  ];
}
