/**
 * A server with a DirectPut delivery stream is killed again and again while records are put and objects written. In the end every acknowledged record is in
 * exactly one object: a delivery that was cut off is made again under its own key, and what was done is not done again.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { Client } from '../../conformance/client.ts';
import { createRealHost } from '../../src/host/real/host.ts';
import type { Dice } from '../../src/host/host.ts';
import { openFolderObjectStore } from '../../src/objects/folder/folder-object-store.ts';
import { isGone } from './answers.ts';
import { Fault } from './fault.ts';
import { startLife, type Life } from './life.ts';
import { DELIVERY_PLACES } from './places.ts';
import { ServerClock } from './server-clock.ts';

const STREAM = 'clicks';
const BUCKET = 'lake';
/** Of the server's clock, which runs fast. */
const INTERVAL_SECONDS = 4;
const LOAD_MS_MAX = 4_000;
const WRITERS = 3;
const DELIVERED_MS_MAX = 30_000;
/** Small, so that records are read back from segments, too. */
const SIZES = {
  companyAppends: 1,
  journalFileBytesMin: 64 * 1024,
  journalFileBytesMax: 256 * 1024,
  segmentBytesMax: 128 * 1024,
};

export type DeliveryResult = {
  readonly kills: ReadonlyMap<string, number>;
  readonly acknowledged: number;
  readonly delivered: number;
  readonly objects: number;
};

export async function runDeliveryCrash(options: {
  readonly kills: number;
  readonly dice: Dice;
  readonly directory: string;
  readonly places?: readonly string[];
}): Promise<DeliveryResult> {
  const { kills, dice, directory, places = DELIVERY_PLACES } = options;
  const data = path.join(directory, 'data');
  const store = await openFolderObjectStore({ ...createRealHost(), directory: path.join(data, 'objects') });
  await store.createBucket(BUCKET);
  const clock = new ServerClock();
  const killed = new Map<string, number>();
  const reached = new Map<string, number>();
  const acknowledged = new Set<string>();

  for (let kill = 0; kill < kills; kill++) {
    const name = places[kill % places.length]!;
    const failpoint = { name, at: 1 + dice.integer(Math.min(40, reached.get(name) ?? 1)) };
    const life = startLife(data, clock, { failpoint, sizes: SIZES });
    const client = await life.client;
    if (client !== undefined) await load(life, client.with({ service: 'firehose' }), kill, acknowledged);
    life.kill();
    await life.ended;
    if (life.complaints.length > 0) throw new Fault(`the server complains: ${life.complaints.join('\n')}`);
    for (const [place, count] of life.reached) reached.set(place, Math.max(reached.get(place) ?? 0, count));
    const at = life.killedAt() ?? 'random';
    killed.set(at, (killed.get(at) ?? 0) + 1);
  }
  const last = startLife(data, clock, { failpoint: undefined, sizes: SIZES });
  try {
    if ((await last.client) === undefined) throw new Fault('it does not start');
    const found = await delivered(path.join(data, 'objects', BUCKET), acknowledged);
    return { kills: killed, acknowledged: acknowledged.size, ...found };
  } finally {
    last.kill();
    await last.ended;
  }
}

/** Puts until the server is gone, or its time is up. */
async function load(
  life: Life,
  client: Client,
  lifeNumber: number,
  acknowledged: Set<string>,
): Promise<void> {
  const endMs = Date.now() + LOAD_MS_MAX;
  try {
    await makeStream(client);
    const writers = Array.from({ length: WRITERS }, async (_, writer) => {
      for (let batch = 0; Date.now() < endMs && !life.hasEnded(); batch++) {
        const ids = Array.from({ length: 40 }, (_item, index) => `${lifeNumber}.${writer}.${batch}.${index}`);
        await put(client, ids);
        for (const id of ids) acknowledged.add(id);
      }
    });
    for (const { reason } of (await Promise.allSettled(writers)).filter((one) => one.status === 'rejected')) {
      if (!isGone(reason)) throw reason;
    }
  } catch (error) {
    if (!isGone(error)) throw error;
  } finally {
    client.close();
  }
}

async function makeStream(client: Client): Promise<void> {
  const { DeliveryStreamNames: names } = await client.call('ListDeliveryStreams');
  if (!(names as string[]).includes(STREAM)) {
    await client.call('CreateDeliveryStream', {
      DeliveryStreamName: STREAM,
      ExtendedS3DestinationConfiguration: {
        RoleARN: 'arn:aws:iam::000000000000:role/firehose',
        BucketARN: `arn:aws:s3:::${BUCKET}`,
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: INTERVAL_SECONDS },
        CompressionFormat: 'GZIP',
      },
    });
  }
  for (;;) {
    const { DeliveryStreamDescription: described } = await client.call('DescribeDeliveryStream', {
      DeliveryStreamName: STREAM,
    });
    if ((described as { DeliveryStreamStatus: string }).DeliveryStreamStatus === 'ACTIVE') return;
    await sleep(10);
  }
}

async function put(client: Client, ids: readonly string[]): Promise<void> {
  const Records = ids.map((id) => ({
    Data: Buffer.from(`${id.padEnd(200, ' .')}\n`).toString('base64'),
  }));
  const answer = await client.call('PutRecordBatch', { DeliveryStreamName: STREAM, Records });
  if (answer['FailedPutCount'] !== 0) throw new Fault(`records were refused: ${JSON.stringify(answer)}`);
}

/** Waits until nothing acknowledged is missing. */
async function delivered(
  bucket: string,
  acknowledged: ReadonlySet<string>,
): Promise<{ readonly delivered: number; readonly objects: number }> {
  for (const endMs = Date.now() + DELIVERED_MS_MAX; ;) {
    const objects = new Map<string, string>();
    let count = 0;
    for (const file of readdirSync(bucket, { recursive: true, encoding: 'utf8' })) {
      const whole = path.join(bucket, file);
      if (!statSync(whole).isFile()) continue;
      count++;
      for (const line of gunzipSync(readFileSync(whole)).toString().trimEnd().split('\n')) {
        const id = line.slice(0, line.indexOf(' '));
        const before = objects.get(id);
        if (before !== undefined) throw new Fault(`record ${id} is in ${before} and in ${file}`);
        objects.set(id, file);
      }
    }
    const missing = [...acknowledged].filter((id) => !objects.has(id));
    if (missing.length === 0) return { delivered: objects.size, objects: count };
    if (Date.now() > endMs) {
      throw new Fault(`${missing.length} acknowledged records are in no object, such as ${missing[0]}`);
    }
    await sleep(100);
  }
}
