/** The other side of a suite: what puts records in for consumers, or reads back what producers sent. The JavaScript SDK, which has a suite of its own. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
  type Shard,
  type _Record as Record,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import type { Endpoint } from './suite.ts';

export function kinesisClient(endpoint: Endpoint): KinesisClient {
  const { accessKeyId, secretAccessKey } = endpoint;
  return new KinesisClient({
    endpoint: endpoint.plainUrl,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
  });
}

export async function createStream(client: KinesisClient, name: string, shards: number): Promise<void> {
  await client.send(new CreateStreamCommand({ StreamName: name, ShardCount: shards }));
  await untilActive(client, name);
}

async function untilActive(client: KinesisClient, name: string): Promise<void> {
  for (;;) {
    const answer = await client.send(new DescribeStreamSummaryCommand({ StreamName: name }));
    if (answer.StreamDescriptionSummary?.StreamStatus === 'ACTIVE') return;
    await sleep(100);
  }
}

export async function shardsOf(client: KinesisClient, name: string): Promise<readonly Shard[]> {
  const answer = await client.send(new ListShardsCommand({ StreamName: name }));
  return answer.Shards ?? [];
}

/** Every text is also its own partition key, so that texts which differ spread over the shards. */
export async function putTexts(client: KinesisClient, name: string, texts: readonly string[]): Promise<void> {
  const Records = texts.map((text) => ({ PartitionKey: text, Data: Buffer.from(text) }));
  const answer = await client.send(new PutRecordsCommand({ StreamName: name, Records }));
  assert.equal(answer.FailedRecordCount, 0);
}

/** Cuts the shard's hash range in half. */
export async function splitInHalf(client: KinesisClient, name: string, shard: Shard): Promise<void> {
  const { StartingHashKey, EndingHashKey } = shard.HashKeyRange!;
  const middle = (BigInt(StartingHashKey!) + BigInt(EndingHashKey!) + 1n) / 2n;
  await client.send(
    new SplitShardCommand({
      StreamName: name,
      ShardToSplit: shard.ShardId,
      NewStartingHashKey: String(middle),
    }),
  );
  await untilActive(client, name);
}

/** From the trim horizon to the tail of one shard. */
export async function readShard(
  client: KinesisClient,
  name: string,
  shardId: string,
): Promise<readonly Record[]> {
  const start = { StreamName: name, ShardId: shardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
  const records: Record[] = [];
  let ShardIterator = (await client.send(new GetShardIteratorCommand(start))).ShardIterator;
  while (ShardIterator !== undefined) {
    const page: GetRecordsCommandOutput = await client.send(new GetRecordsCommand({ ShardIterator }));
    records.push(...(page.Records ?? []));
    ShardIterator = page.MillisBehindLatest === 0 ? undefined : page.NextShardIterator;
  }
  return records;
}
