/** Millrace with a delivery stream that writes GZIP objects to a folder: fsync before each answer, signatures checked. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openFolderObjectStore } from '../../src/objects/folder/folder-object-store.ts';
import { createRealHost } from '../../src/host/real/host.ts';
import { signedRequest } from '../load/signed-request.ts';
import { call } from '../servers/api.ts';
import { makeDataDirectory, startMillrace } from '../servers/millrace.ts';
import { FILE_MEGABYTES, FILE_SECONDS, type Peer, type RunningPeer } from './peer.ts';

const DeliveryStreamName = 'bench';
const BUCKET = 'bench';

const PLAIN = { BufferingHints: { SizeInMBs: FILE_MEGABYTES, IntervalInSeconds: FILE_SECONDS } };

/** A partition for each `tenant` of a record. AWS takes no size hint below 64 MB here. */
const PARTITIONED = {
  BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 10 },
  Prefix: 'tenant=!{partitionKeyFromQuery:tenant}/',
  ErrorOutputPrefix: 'errors/',
  DynamicPartitioningConfiguration: { Enabled: true },
  ProcessingConfiguration: {
    Enabled: true,
    Processors: [
      {
        Type: 'MetadataExtraction',
        Parameters: [
          { ParameterName: 'MetadataExtractionQuery', ParameterValue: '{tenant: .tenant}' },
          { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
        ],
      },
    ],
  },
};

export const MILLRACE: Peer = {
  name: 'Millrace',
  promise: 'durable, fsync',
  share: 1,
  start: () => startWith(PLAIN),
};

export function startPartitioned(): Promise<RunningPeer> {
  return startWith(PARTITIONED);
}

async function startWith(settings: Readonly<Record<string, unknown>>): Promise<RunningPeer> {
  await using opened = new AsyncDisposableStack();
  const directory = opened.use(await makeDataDirectory());
  const objects = path.join(directory.data, 'objects');
  const host = createRealHost();
  await host.disk.makeDirectory(objects);
  await (await openFolderObjectStore({ ...host, directory: objects })).createBucket(BUCKET);
  await host.http.close();
  const server = opened.use(await startMillrace(directory));
  const { port, pid } = server;
  await call(
    port,
    'CreateDeliveryStream',
    {
      DeliveryStreamName,
      ExtendedS3DestinationConfiguration: {
        RoleARN: 'arn:aws:iam::123456789012:role/firehose',
        BucketARN: `arn:aws:s3:::${BUCKET}`,
        CompressionFormat: 'GZIP',
        ...settings,
      },
    },
    'firehose',
  );
  while (!(await isActive(port))) await sleep(20);
  const life = opened.move();
  return {
    port,
    pid,
    output: path.join(objects, BUCKET),
    isWhole: () => true,
    request: (records) => {
      const Records = records.map((record) => ({ Data: Buffer.from(`${record}\n`) }));
      return signedRequest(port, 'PutRecordBatch', { DeliveryStreamName, Records }, 'json', 'firehose');
    },
    check: ({ body }) =>
      /"FailedPutCount":0[,}]/.test(body.toString('latin1')) ? undefined : body.toString('latin1', 0, 200),
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

async function isActive(port: number): Promise<boolean> {
  const answer = await call(port, 'DescribeDeliveryStream', { DeliveryStreamName }, 'firehose');
  return JSON.stringify(answer).includes('"DeliveryStreamStatus":"ACTIVE"');
}
