/**
 * What delivery streams under full load do to a PutRecord of a data stream: a client that puts at a steady rate, alone, and beside another
 * that fills a delivery stream over one connection as fast as it is answered. The same puts without compression or conversion tell what the puts cost by
 * themselves; what comes on top of them with GZIP and with Parquet is what the workers cost.
 */
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Connection } from '../load/connection.ts';
import type { FloodTask } from '../load/flood.ts';
import type { Histogram } from '../load/histogram.ts';
import { runPaced } from '../load/paced.ts';
import { signedRequest } from '../load/signed-request.ts';
import { cpuMicroseconds } from '../process-usage.ts';
import { createStream } from '../servers/api.ts';
import { makeDataDirectory, startMillrace } from '../servers/millrace.ts';
import { createRealHost } from '../../src/host/real/host.ts';
import { openFolderObjectStore } from '../../src/objects/folder/folder-object-store.ts';
import { large, median, short, type Outcome, type Settings, type Workload } from './workload.ts';

const PUTS_PER_SECOND = 200;
const RATIO_MAX = 3;
const RECORDS = 500;
const WARM_UP_SECONDS = 2;
const SETTLE_MS = 3000;
const ROLE = 'arn:aws:iam::123456789012:role/firehose';

const CONVERSION = {
  Enabled: true,
  InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
  OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } },
  SchemaConfiguration: { RoleARN: ROLE, DatabaseName: 'lake', TableName: 'clicks', Region: 'us-east-1' },
};

const DELIVERIES = [
  { name: 'plain', title: 'the same puts, neither compressed nor converted', more: {} },
  { name: 'gzip', title: 'GZIP', more: { CompressionFormat: 'GZIP' } },
  { name: 'parquet', title: 'Parquet conversion', more: { DataFormatConversionConfiguration: CONVERSION } },
] as const;

async function callService(
  port: number,
  service: 'firehose' | 'glue',
  operation: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const connection = await Connection.open(port);
  try {
    const { status, body } = await connection.ask(signedRequest(port, operation, input, 'json', service));
    if (status !== 200) throw new Error(`${operation} was answered ${status}: ${body}`);
    return body.length === 0 ? {} : (JSON.parse(body.toString()) as Record<string, unknown>);
  } finally {
    connection.close();
  }
}

async function createTable(port: number): Promise<void> {
  const columns = { id: 'bigint', at: 'string', user: 'string', page: 'string', ms: 'double', ok: 'boolean' };
  const Columns = Object.entries(columns).map(([Name, Type]) => ({ Name, Type }));
  await callService(port, 'glue', 'CreateDatabase', { DatabaseInput: { Name: 'lake' } });
  await callService(port, 'glue', 'CreateTable', {
    DatabaseName: 'lake',
    TableInput: { Name: 'clicks', StorageDescriptor: { Columns } },
  });
}

async function createDeliveryStream(port: number, name: string, more: object): Promise<void> {
  await callService(port, 'firehose', 'CreateDeliveryStream', {
    DeliveryStreamName: name,
    ExtendedS3DestinationConfiguration: {
      ...{ RoleARN: ROLE, BucketARN: 'arn:aws:s3:::lake', Prefix: `${name}/` },
      BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 1 },
      ...more,
    },
  });
  for (;;) {
    const answer = await callService(port, 'firehose', 'DescribeDeliveryStream', {
      DeliveryStreamName: name,
    });
    const described = answer['DeliveryStreamDescription'] as { DeliveryStreamStatus: string };
    if (described.DeliveryStreamStatus === 'ACTIVE') return;
    await sleep(20);
  }
}

/** JSON of about 150 bytes with the columns of the table. */
function putRecordBatch(port: number, name: string): Uint8Array {
  const Records = Array.from({ length: RECORDS }, (_, row) => {
    const mixed = Math.imul(row + 1, 2_654_435_761) >>> 0;
    const line = {
      ...{ id: mixed, at: new Date(1_795_000_000_000 + row * 37).toISOString() },
      ...{ user: `user-${(mixed % 50_000).toString(36)}`, page: `/shop/${mixed % 900}/item?ref=mail` },
      ...{ ms: (mixed % 100_000) / 100, ok: mixed % 20 !== 0 },
    };
    return { Data: Buffer.from(`${JSON.stringify(line)}\n`) };
  });
  return signedRequest(
    port,
    'PutRecordBatch',
    { DeliveryStreamName: name, Records },
    ...(['json', 'firehose'] as const),
  );
}

async function startFlood(task: FloodTask): Promise<{ stop(): Promise<number> }> {
  const worker = new Worker(path.join(import.meta.dirname, '../load/flood.ts'), { workerData: task });
  await once(worker, 'online');
  const ended = once(worker, 'message').finally(() => worker.terminate());
  ended.catch(() => undefined);
  return {
    async stop() {
      worker.postMessage('stop', []);
      return (await ended)[0] as number;
    },
  };
}

type Measured = { readonly latency: Histogram; readonly records: number; readonly cores: number };

export const PUT_BESIDE_CONVERSION: Workload = {
  name: 'put-beside-conversion',
  title: 'PutRecord beside delivery streams under full load',
  async run({ rounds, seconds }: Settings): Promise<Outcome> {
    await using directory = await makeDataDirectory();
    // Before the server starts, which knows the buckets that were there then.
    const store = await openFolderObjectStore({
      ...createRealHost(),
      directory: path.join(directory.data, 'objects'),
    });
    await store.createBucket('lake');
    await using server = await startMillrace(directory);
    const { port, pid } = server;
    await createStream(port, 'bench', 4);
    await createTable(port);
    const Data = Buffer.alloc(100, 'x');
    const request = signedRequest(port, 'PutRecord', { StreamName: 'bench', PartitionKey: 'a', Data });
    const paced = async (lengthSeconds: number): Promise<Histogram> =>
      runPaced({ port, request, perSecond: PUTS_PER_SECOND, seconds: lengthSeconds });
    for (const { name, more } of DELIVERIES) await createDeliveryStream(port, name, more);

    async function measure(): Promise<Omit<Measured, 'records'>> {
      await paced(WARM_UP_SECONDS);
      const [before, startedAt] = [cpuMicroseconds(pid), performance.now()];
      const latency = await paced(seconds);
      const cores = (cpuMicroseconds(pid) - before) / 1000 / (performance.now() - startedAt);
      return { latency, cores };
    }

    async function measureBeside(name: string): Promise<Measured> {
      const flood = await startFlood({ port, connections: 1, requests: [putRecordBatch(port, name)] });
      const startedAt = performance.now();
      const measured = await measure();
      const answered = await flood.stop();
      const records = (answered * RECORDS * 1000) / (performance.now() - startedAt);
      // What is on its way has to be gone before the next is measured.
      await sleep(SETTLE_MS);
      const { objects } = await store.list('lake', `${name}/`, '', 1000);
      if (objects.length === 0) throw new Error(`nothing was delivered of ${name}`);
      return { ...measured, records };
    }

    // In turns, because a machine that others use is not the same for long.
    const quiet: Measured[] = [];
    const beside: Measured[][] = DELIVERIES.map(() => []);
    for (let round = 0; round < rounds; round++) {
      quiet.push({ ...(await measure()), records: 0 });
      for (const [at, { name }] of DELIVERIES.entries()) beside[at]!.push(await measureBeside(name));
    }
    const ms = (measured: readonly Measured[], share: number): number =>
      median(measured.map(({ latency }) => latency.percentile(share))) / 1000;
    const ratio = (measured: readonly Measured[]): number => ms(measured, 0.99) / ms(quiet, 0.99);
    const row = (title: string, measured: readonly Measured[]): string[] => [
      title,
      ...[0.5, 0.9, 0.99].map((share) => short(ms(measured, share))),
      short(ratio(measured)),
      large(median(measured.map(({ records }) => records))),
      short(median(measured.map(({ cores }) => cores))),
    ];
    return {
      lines: DELIVERIES.map(({ title }, index) => {
        const reached = ratio(beside[index]!);
        return {
          measure: `PutRecord p99 beside ${title}, times its quiet value`,
          ...{ atLeast: `under ${RATIO_MAX}`, aim: `under ${RATIO_MAX}`, reached: short(reached) },
          verdict: reached < RATIO_MAX ? 'aim' : 'missed',
        };
      }),
      tables: [
        {
          title: `PutRecord 100 B, ${PUTS_PER_SECOND} a second; medians of ${rounds} rounds`,
          header: ['beside', 'p50 ms', 'p90 ms', 'p99 ms', 'p99 to quiet', 'records/s put', 'server cores'],
          rows: [row('nothing', quiet), ...DELIVERIES.map(({ title }, at) => row(title, beside[at]!))],
        },
      ],
    };
  },
};
