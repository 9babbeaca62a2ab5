/** The Kinesis Producer Library: a native daemon that speaks TLS only, and packs many user records into one Kinesis record. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createStream, kinesisClient, readShard, shardsOf } from '../driver.ts';
import { javaInstallation } from '../installations.ts';
import type { Suite, SuiteRun } from '../suite.ts';
import { readAggregated, type UserRecord } from './aggregation.ts';

const producer = javaInstallation(import.meta.dirname);

const COUNT = 300;

export const kpl: Suite = {
  name: 'kpl',
  what: 'KPL 1.1.1 over TLS, trusting our authority; its aggregated records are decoded again',
  installations: [producer],
  timeoutMs: 180_000,
  crashesServer: false,
  run: runProducer,
};

type Acknowledged = { readonly shardId: string; readonly sequenceNumber: string; readonly key: string };
type Stored = UserRecord & { readonly shardId: string; readonly sequenceNumber: string };

async function runProducer(run: SuiteRun): Promise<void> {
  const stream = `kpl-${run.id}`;
  const client = kinesisClient(run.endpoint);
  await createStream(client, stream, 2);
  let acknowledged: readonly Acknowledged[] = [];
  await run.check(`the KPL gets ${COUNT + 1} user records acknowledged`, async () => {
    const { port } = new URL(run.endpoint.tlsUrl);
    const output = await run.output({
      name: 'producer',
      command: 'java',
      args: [
        ...producer.javaArgs(),
        'Producer',
        stream,
        port,
        run.endpoint.caFile,
        run.workFolder,
        String(COUNT),
      ],
      environment: run.environment(),
    });
    acknowledged = output
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('shardId-'))
      .map((line) => {
        const [shardId, sequenceNumber, key] = line.split(' ');
        return { shardId: shardId!, sequenceNumber: sequenceNumber!, key: key! };
      });
    assert.equal(acknowledged.length, COUNT + 1);
  });

  const stored: Stored[] = [];
  const shards = await shardsOf(client, stream);
  let kinesisRecords = 0;
  await run.check('what is stored is aggregated, and decodes to every user record', async () => {
    for (const { ShardId } of shards) {
      for (const record of await readShard(client, stream, ShardId!)) {
        kinesisRecords++;
        const alone = {
          partitionKey: record.PartitionKey!,
          explicitHashKey: undefined,
          data: Buffer.from(record.Data!),
        };
        const at = { shardId: ShardId!, sequenceNumber: record.SequenceNumber! };
        stored.push(...(readAggregated(record.Data!) ?? [alone]).map((user) => ({ ...user, ...at })));
      }
    }
    assert.ok(kinesisRecords <= 20, `${COUNT} user records took ${kinesisRecords} Kinesis records`);
    const expected = new Map<string, string>([['warm-up', 'warm-up']]);
    for (let index = 0; index < COUNT; index++) expected.set(`key-${index}`, `größe ${index}`);
    assert.deepEqual(
      new Map(stored.map(({ partitionKey, data }) => [partitionKey, data.toString()] as const).sort(byKey)),
      new Map([...expected].sort(byKey)),
    );
    assert.equal(stored.length, expected.size);
  });

  await run.check('each was acknowledged with the shard and sequence number it is stored at', async () => {
    const places = new Map(stored.map((user) => [user.partitionKey, user]));
    for (const { key, shardId, sequenceNumber } of acknowledged) {
      const place = places.get(key)!;
      assert.deepEqual([shardId, sequenceNumber], [place.shardId, place.sequenceNumber]);
    }
  });

  await run.check('each is in the shard that its own partition key hashes to', async () => {
    for (const { partitionKey, shardId } of stored) {
      const hash = BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`);
      const { StartingHashKey, EndingHashKey } = shards.find(
        (shard) => shard.ShardId === shardId,
      )!.HashKeyRange!;
      assert.ok(
        hash >= BigInt(StartingHashKey!) && hash <= BigInt(EndingHashKey!),
        `${partitionKey} in ${shardId}`,
      );
    }
  });
  client.destroy();
}

function byKey(left: readonly [string, string], right: readonly [string, string]): number {
  return left[0] < right[0] ? -1 : 1;
}
