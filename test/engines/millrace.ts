/** A Millrace of its own for a suite: the real process on a disk, with a file of endpoints, and a bucket that is a folder. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Client, type Output } from '../../conformance/client.ts';
import { openFolderObjectStore } from '../../src/objects/folder/folder-object-store.ts';
import { createRealHost } from '../../src/host/real/host.ts';
import { startServer, temporaryDirectory } from '../server/server-process.ts';

const ROLE = 'arn:aws:iam::000000000000:role/firehose';

/** What a destination's configuration needs for its bucket. Buffers close after a second. */
export const BACKUP = {
  RoleARN: ROLE,
  BucketARN: 'arn:aws:s3:::lake',
  BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 1 },
} as const;
export const HINTS = BACKUP.BufferingHints;

export async function openMillrace(endpoints: unknown) {
  await using opened = new AsyncDisposableStack();
  const directory = opened.use(await temporaryDirectory());
  const host = createRealHost();
  opened.defer(() => host.http.close());
  const objects = await openFolderObjectStore({ ...host, directory: path.join(directory.path, 'objects') });
  await objects.createBucket('lake');
  const file = path.join(directory.path, 'endpoints.json');
  await writeFile(file, JSON.stringify(endpoints), { mode: 0o600 });
  const flags = ['--limits', 'none', '--state-duration-ms', '0', '--endpoints', file];
  const server = await startServer(directory.path, flags);
  opened.defer(async () => void (await server.stop('SIGTERM')));
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new Client({
    url: new URL(server.url),
    region: 'us-east-1',
    credentials,
    insecure: true,
    service: 'firehose',
  });
  opened.defer(() => client.close());
  const life = opened.move();

  return {
    objects,
    /** A delivery stream that takes records. */
    async create(name: string, destination: Record<string, unknown>): Promise<void> {
      await client.call('CreateDeliveryStream', { DeliveryStreamName: name, ...destination });
      await until('it is ACTIVE', async () => {
        const answer = await client.call('DescribeDeliveryStream', { DeliveryStreamName: name });
        return (
          (answer['DeliveryStreamDescription'] as Output)['DeliveryStreamStatus'] === 'ACTIVE' || undefined
        );
      });
    },
    async put(name: string, texts: readonly string[]): Promise<void> {
      const Records = texts.map((text) => ({ Data: Buffer.from(text).toString('base64') }));
      const answer = await client.call('PutRecordBatch', { DeliveryStreamName: name, Records });
      if (answer['FailedPutCount'] !== 0) throw new Error(JSON.stringify(answer));
    },
    /** The error records below a prefix, once there are some. */
    errors(prefix: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
      return until(`there are objects below ${prefix}`, async () => {
        const [found] = (await objects.list('lake', prefix, '', 1)).objects;
        if (found === undefined) return undefined;
        const text = Buffer.from((await objects.get('lake', found.key)).body).toString();
        return text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
      });
    },
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

/** Asks until there is an answer. */
export async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const deadlineMs = Date.now() + 30_000; ;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadlineMs) throw new Error(`It took too long until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
