/** A program of the AWS SDK for JavaScript v3: the same cases over four transports, reported as TAP. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  InvalidArgumentException,
  KinesisClient,
  type KinesisClientConfig,
  ListShardsCommand,
  ListStreamsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  type Shard,
  SplitShardCommand,
  SubscribeToShardCommand,
  ValidationException,
  waitUntilStreamExists,
  waitUntilStreamNotExists,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';

const PLAIN_URL = process.env['PLAIN_URL']!;
const TLS_URL = process.env['TLS_URL']!;
const MIDDLE_OF_HASHES = (2n ** 127n).toString();

let cases = 0;

async function check(name: string, body: () => Promise<void>): Promise<void> {
  cases++;
  try {
    await body();
  } catch (error) {
    process.stdout.write(`not ok ${cases} - ${name}\n`);
    throw error;
  }
  process.stdout.write(`ok ${cases} - ${name}\n`);
}

async function runTransport(label: string, config: KinesisClientConfig): Promise<void> {
  const client = new KinesisClient({ ...config, region: 'us-east-1' });
  const StreamName = `js-${label.replaceAll(/[^a-z0-9]+/gi, '-')}-${process.env['RUN_ID']}`;
  const wait = { client, maxWaitTime: 30, minDelay: 0.2, maxDelay: 0.5 };

  await check(`${label}: creates a stream and lists it`, async () => {
    await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await waitUntilStreamExists(wait, { StreamName });
    const { StreamNames } = await client.send(new ListStreamsCommand({}));
    assert.ok(StreamNames?.includes(StreamName));
  });

  await check(`${label}: puts and gets records, byte for byte`, async () => {
    const Data = Uint8Array.from({ length: 256 }, (_, index) => index);
    const put = await client.send(new PutRecordCommand({ StreamName, PartitionKey: 'bytes', Data }));
    const Records = Array.from({ length: 500 }, (_, index) => ({
      PartitionKey: `key-${index}`,
      Data: Buffer.from(`record ${index} äöü 漢字`),
    }));
    const many = await client.send(new PutRecordsCommand({ StreamName, Records }));
    assert.equal(many.FailedRecordCount, 0);
    const [shard] = await shardsOf(client, StreamName);
    const read = await readShard(client, StreamName, shard!);
    assert.deepEqual(
      read.map(({ SequenceNumber }) => SequenceNumber),
      [put.SequenceNumber, ...many.Records!.map(({ SequenceNumber }) => SequenceNumber)],
    );
    assert.deepEqual(read[0]!.Data, Data);
    assert.equal(Buffer.from(read[500]!.Data!).toString(), 'record 499 äöü 漢字');
    assert.ok(Math.abs(read[0]!.ApproximateArrivalTimestamp!.getTime() - Date.now()) < 60_000);
  });

  await check(`${label}: errors are the typed exceptions of the model`, async () => {
    const missing = new PutRecordCommand({
      StreamName: 'js-missing',
      PartitionKey: 'k',
      Data: new Uint8Array(1),
    });
    await assert.rejects(client.send(missing), (error: unknown) => {
      assert.ok(error instanceof ResourceNotFoundException);
      assert.match(error.message, /^Stream js-missing under account \d{12} not found\.$/);
      assert.match(error.$metadata.requestId ?? '', /^[0-9a-f-]{36}$/);
      return true;
    });
    await assert.rejects(
      client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 })),
      ResourceInUseException,
    );
    await assert.rejects(
      client.send(new GetRecordsCommand({ ShardIterator: 'no iterator' })),
      InvalidArgumentException,
    );
    await assert.rejects(
      client.send(new PutRecordCommand({ StreamName, PartitionKey: '', Data: new Uint8Array(1) })),
      (error: unknown) =>
        error instanceof ValidationException || (error as Error).name === 'ValidationException',
    );
  });

  await check(`${label}: a wrong secret is refused`, async () => {
    const accessKeyId = process.env['AWS_ACCESS_KEY_ID']!;
    const credentials = { accessKeyId, secretAccessKey: 'not the secret' };
    const stranger = new KinesisClient({ ...config, region: 'us-east-1', credentials, maxAttempts: 1 });
    await assert.rejects(stranger.send(new ListStreamsCommand({})), { name: 'InvalidSignatureException' });
    stranger.destroy();
  });

  await check(`${label}: SubscribeToShard pushes what is put while it is open`, async () => {
    const { StreamARN } = await describe(client, StreamName);
    const registered = await client.send(
      new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'pushed-to' }),
    );
    const { ConsumerARN } = registered.Consumer!;
    const [shard] = await shardsOf(client, StreamName);
    const subscribe = new SubscribeToShardCommand({
      ConsumerARN,
      ShardId: shard!.ShardId,
      StartingPosition: { Type: 'LATEST' },
    });
    const { EventStream } = await retry(ResourceInUseException, () => client.send(subscribe));
    const sent = Buffer.from('pushed');
    const pushed = (async () => {
      for await (const { SubscribeToShardEvent: event } of EventStream!) {
        if (event!.Records!.length > 0) return event!;
      }
      throw new Error('The subscription ended without a record.');
    })();
    const startedMs = performance.now();
    await client.send(new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: sent }));
    const event = await pushed;
    assert.ok(performance.now() - startedMs < 2_000, 'the record was not pushed at once');
    assert.deepEqual(Buffer.from(event.Records![0]!.Data!), sent);
    assert.ok(event.ContinuationSequenceNumber);
  });

  await check(`${label}: splits and merges shards, and reads parents to their end`, async () => {
    const [parent] = await shardsOf(client, StreamName);
    const ShardToSplit = parent!.ShardId;
    await client.send(
      new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey: MIDDLE_OF_HASHES }),
    );
    await waitUntilStreamActive(client, StreamName);
    const children = (await shardsOf(client, StreamName)).filter(
      ({ ParentShardId }) => ParentShardId === ShardToSplit,
    );
    assert.equal(children.length, 2);
    const { ChildShards } = await lastPage(client, StreamName, parent!);
    assert.deepEqual(
      ChildShards?.map(({ ShardId }) => ShardId).sort(),
      children.map(({ ShardId }) => ShardId).sort(),
    );
    const [low, high] = children;
    await client.send(
      new MergeShardsCommand({ StreamName, ShardToMerge: low!.ShardId, AdjacentShardToMerge: high!.ShardId }),
    );
    await waitUntilStreamActive(client, StreamName);
    const shards = await shardsOf(client, StreamName);
    assert.equal(shards.length, 4);
    const merged = shards.find(({ AdjacentParentShardId }) => AdjacentParentShardId !== undefined)!;
    assert.deepEqual(
      [merged.ParentShardId, merged.AdjacentParentShardId].sort(),
      [low!.ShardId, high!.ShardId].sort(),
    );
  });

  await check(`${label}: deletes the stream with its consumer`, async () => {
    await client.send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true }));
    await waitUntilStreamNotExists(wait, { StreamName });
  });
  client.destroy();
}

async function describe(client: KinesisClient, StreamName: string) {
  const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
  return StreamDescriptionSummary!;
}

async function waitUntilStreamActive(client: KinesisClient, StreamName: string): Promise<void> {
  while ((await describe(client, StreamName)).StreamStatus !== 'ACTIVE') await sleep(100);
}

async function shardsOf(client: KinesisClient, StreamName: string): Promise<readonly Shard[]> {
  return (await client.send(new ListShardsCommand({ StreamName }))).Shards!;
}

async function firstIterator(client: KinesisClient, StreamName: string, shard: Shard): Promise<string> {
  const input = { StreamName, ShardId: shard.ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
  return (await client.send(new GetShardIteratorCommand(input))).ShardIterator!;
}

/** Everything from the trim horizon to the tail. */
async function readShard(client: KinesisClient, StreamName: string, shard: Shard) {
  const records = [];
  let ShardIterator: string | undefined = await firstIterator(client, StreamName, shard);
  while (ShardIterator !== undefined) {
    const page: GetRecordsCommandOutput = await client.send(new GetRecordsCommand({ ShardIterator }));
    records.push(...page.Records!);
    ShardIterator = page.MillisBehindLatest === 0 ? undefined : page.NextShardIterator;
  }
  return records;
}

/** The page of a closed shard after which there is no iterator. */
async function lastPage(client: KinesisClient, StreamName: string, shard: Shard) {
  let ShardIterator = await firstIterator(client, StreamName, shard);
  for (;;) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator }));
    if (page.NextShardIterator === undefined) return page;
    ShardIterator = page.NextShardIterator;
    await sleep(250);
  }
}

/** A consumer is CREATING at first, and answers so. */
async function retry<T>(expected: typeof ResourceInUseException, body: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await body();
    } catch (error) {
      if (!(error instanceof expected) || tries === 20) throw error;
      await sleep(250);
    }
  }
}

await runTransport('HTTP/2 plain', { endpoint: PLAIN_URL });
await runTransport('HTTP/2 over TLS', { endpoint: TLS_URL });
await runTransport('HTTP/1.1 plain', { endpoint: PLAIN_URL, requestHandler: new NodeHttpHandler() });
await runTransport('HTTP/1.1 over TLS', { endpoint: TLS_URL, requestHandler: new NodeHttpHandler() });
process.stdout.write(`1..${cases}\n`);
// An HTTP/2 session that lingers is not what this program is about.
process.exit(0);
