/** Streams, consumers, iterators and records that exist in a world, and the values that name them: what an input may hit. */
import type { Dictionary } from './make/tree.ts';
import { ACCOUNT, REGION, type World } from './world.ts';

type Json = Readonly<Record<string, unknown>>;

const STREAMS = ['base', 'other'];

/** Makes the streams afresh; `settle` of a target calls it again. */
export async function populate(world: World): Promise<Dictionary> {
  await removeAll(world);
  for (const StreamName of STREAMS) {
    await world.call('CreateStream', { StreamName, ShardCount: 2 });
    await passTime(world);
  }
  const StreamARN = `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/base`;
  await world.call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'reader' });
  await passTime(world);
  const records = Array.from({ length: 20 }, (_, at) => ({
    PartitionKey: `k${at}`,
    Data: Buffer.from(`record ${at}`).toString('base64'),
  }));
  const put = (await world.call('PutRecords', { StreamName: 'base', Records: records })) as {
    Records: readonly { SequenceNumber: string; ShardId: string }[];
  };
  const iterators: string[] = [];
  for (const ShardIteratorType of ['TRIM_HORIZON', 'LATEST']) {
    for (const ShardId of ['shardId-000000000000', 'shardId-000000000001']) {
      const { ShardIterator } = await world.call('GetShardIterator', {
        StreamName: 'base',
        ShardId,
        ShardIteratorType,
      });
      iterators.push(String(ShardIterator));
    }
  }
  const tokens: string[] = [];
  const shards = await world.call('ListShards', { StreamName: 'base', MaxResults: 1 });
  const streams = await world.call('ListStreams', { Limit: 1 });
  for (const { NextToken } of [shards, streams]) if (NextToken !== undefined) tokens.push(String(NextToken));
  const { Consumers } = (await world.call('ListStreamConsumers', { StreamARN })) as {
    Consumers: readonly Json[];
  };
  const consumer = String(Consumers[0]!['ConsumerARN']);
  const numbers = put.Records.map(({ SequenceNumber }) => SequenceNumber);
  return dictionaryOf({ StreamARN, consumer, iterators, tokens, numbers });
}

function dictionaryOf(known: {
  readonly StreamARN: string;
  readonly consumer: string;
  readonly iterators: readonly string[];
  readonly tokens: readonly string[];
  readonly numbers: readonly string[];
}): Dictionary {
  const { StreamARN, consumer, iterators, tokens, numbers } = known;
  const names = [...STREAMS, 'gone', 'new1', 'new2', 'new3'];
  const arns = [
    StreamARN,
    `${StreamARN}x`,
    StreamARN.replace(ACCOUNT, '111122223333'),
    StreamARN.replace(REGION, 'eu-west-1'),
    consumer,
  ];
  const shards = [
    'shardId-000000000000',
    'shardId-000000000001',
    'shardId-000000000002',
    'shardId-000000000009',
    '0',
  ];
  const hashes = [
    '0',
    '1',
    String(2n ** 127n),
    String(2n ** 128n - 1n),
    String(2n ** 128n),
    '170141183460469231731687303715884105727',
    '00',
  ];
  const sequences = [
    ...numbers.slice(0, 4),
    '0',
    '1',
    String(2n ** 200n),
    '49'.padEnd(56, '0'),
    `${numbers[0]}0`,
    numbers[0]!.slice(1),
  ];
  return {
    StreamName: names,
    StreamNames: names,
    ExclusiveStartStreamName: names,
    StreamARN: arns,
    ResourceARN: arns,
    ConsumerARN: [consumer, `${consumer}1`, StreamARN],
    ConsumerName: ['reader', 'c1', 'c2'],
    ShardId: shards,
    ShardToSplit: shards,
    ShardToMerge: shards,
    AdjacentShardToMerge: shards,
    ExclusiveStartShardId: shards,
    NewStartingHashKey: hashes,
    ExplicitHashKey: hashes,
    ShardIterator: iterators,
    NextToken: [...tokens, iterators[0]!, ''],
    ShardCount: [1, 2, 3, 4, 5, 0, 61],
    TargetShardCount: [1, 2, 3, 4, 5, 8, 0],
    StartingSequenceNumber: sequences,
    SequenceNumber: sequences,
    SequenceNumberForOrdering: sequences,
    KeyId: ['alias/aws/kinesis', 'key', 'arn:aws:kms:us-east-1:000000000000:key/1'],
    Policy: ['{}', '{"Version":"2012-10-17","Statement":[]}', '[', ''],
    StreamId: ['', 'id'],
    PartitionKey: ['k', 'k1', 'k2', ''],
    RetentionPeriodHours: [24, 25, 48, 8760, 8761, 23],
  };
}

async function removeAll(world: World): Promise<void> {
  for (;;) {
    const { StreamNames } = (await world.call('ListStreams', {})) as { StreamNames: readonly string[] };
    if (StreamNames.length === 0) return;
    for (const StreamName of StreamNames) {
      // A stream that is still changing refuses; it is asked again.
      await world.call('DeleteStream', { StreamName, EnforceConsumerDeletion: true }).catch(() => {});
    }
    await passTime(world);
  }
}

/** Enough for every change of state to come to its end. */
export async function passTime(world: World): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await turns();
    await world.clock.advance(1);
  }
  await turns();
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise<void>((resolve) => void setImmediate(resolve));
}
