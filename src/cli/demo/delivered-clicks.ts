/** The clicks of the demo as compressed objects: a delivery stream reads their stream, and its objects are shown as they land. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, type ApiClient } from '../client/api-client.ts';
import { waitUntilCreated } from '../firehose/firehose-api.ts';
import { describeSummary } from '../stream/stream-api.ts';
import { size } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';

export const BUCKET = 'clicks-lake';
const DELIVERY_STREAM = 'clicks-to-lake';
export const INTERVAL_SECONDS = 5;
const LOOK_EVERY_MS = 1_000;
/** Of the clicks, whose keys begin with the year, and of what is computed from them. Within each, keys are in the order of time. */
const PREFIXES = ['2', 'scores/'];

export type Clients = {
  readonly kinesis: ApiClient;
  readonly firehose: ApiClient;
  readonly own: ApiClient;
};

/** Makes the bucket and the delivery stream, unless they are there from a demo before. */
export async function deliverStream(
  { kinesis, firehose, own }: Clients,
  stream: string,
  signal: AbortSignal,
): Promise<void> {
  await unlessThere(own.call('CreateBucket', { Bucket: BUCKET }, signal));
  const { StreamARN } = await describeSummary(kinesis, stream, signal);
  const RoleARN = `arn:aws:iam::${StreamARN.split(':')[4]}:role/demo`;
  await unlessThere(
    firehose.call(
      'CreateDeliveryStream',
      {
        DeliveryStreamName: DELIVERY_STREAM,
        DeliveryStreamType: 'KinesisStreamAsSource',
        KinesisStreamSourceConfiguration: { KinesisStreamARN: StreamARN, RoleARN },
        ExtendedS3DestinationConfiguration: {
          RoleARN,
          BucketARN: `arn:aws:s3:::${BUCKET}`,
          CompressionFormat: 'GZIP',
          BufferingHints: { SizeInMBs: 1, IntervalInSeconds: INTERVAL_SECONDS },
          ProcessingConfiguration: {
            Enabled: true,
            Processors: [
              {
                Type: 'AppendDelimiterToRecord',
                Parameters: [{ ParameterName: 'Delimiter', ParameterValue: String.raw`\n` }],
              },
            ],
          },
        },
      },
      signal,
    ),
  );
  await waitUntilCreated(firehose, DELIVERY_STREAM, signal);
}

/** Ends only when the signal does. */
export async function watchObjects(
  { own }: Pick<Clients, 'own'>,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const seen = new Map<string, string | undefined>();
  for (const prefix of PREFIXES) seen.set(prefix, await newestKey(own, prefix, signal));
  for (;;) {
    for (const prefix of PREFIXES) {
      const { Objects } = await listAfter(own, prefix, seen.get(prefix), signal);
      for (const { Key, Size, LastModified } of Objects) {
        const time = new Date(LastModified * 1000).toISOString().slice(11, 23);
        await terminal.print(`${time}  delivered, compressed (${size(Size)}): ${BUCKET}/${Key}\n`);
        seen.set(prefix, Key);
      }
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

type ListedObjects = {
  readonly Objects: readonly {
    readonly Key: string;
    readonly Size: number;
    readonly LastModified: number;
  }[];
};

function listAfter(
  own: ApiClient,
  prefix: string,
  after: string | undefined,
  signal: AbortSignal,
): Promise<ListedObjects> {
  return own.call<ListedObjects>(
    'ListObjects',
    { Bucket: BUCKET, Prefix: prefix, StartAfter: after },
    signal,
  );
}

/** Keys begin with their time, so that those of a demo before come first. */
async function newestKey(own: ApiClient, prefix: string, signal: AbortSignal): Promise<string | undefined> {
  for (let last: string | undefined; ;) {
    const { Objects } = await listAfter(own, prefix, last, signal);
    if (Objects.length === 0) return last;
    last = Objects.at(-1)!.Key;
  }
}

/** What is there from a demo before is used again. */
export async function unlessThere(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    const isThere = error instanceof ApiError && /^(BucketAlready|ResourceInUseException)/.test(error.code);
    if (!isThere) throw error;
  }
}
