import type { ApiClient } from '../client/api-client.ts';
import { CLIENT_FLAGS, JSON_FLAG, createAdminClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { printable, table } from '../terminal/table.ts';

type Bucket = { readonly Name: string; readonly CreationDate: number };
type StoredObject = {
  readonly Key: string;
  readonly Size: number;
  readonly ETag: string;
  readonly LastModified: number;
};

export const list: Command = {
  usage: '[BUCKET [PREFIX]]',
  positionals: { min: 0, max: 2 },
  details: 'Lists the buckets, or the objects of a bucket whose keys begin with PREFIX.',
  flags: [JSON_FLAG, ...CLIENT_FLAGS],
  async run({ flags, environment, terminal, signal }) {
    const [bucket, prefix] = flags.positionals;
    const json = flags.values.has('json');
    const client = createAdminClient(flags, environment);
    try {
      if (bucket === undefined) await listBuckets(client, terminal, json, signal);
      else await listObjects(client, terminal, json, { Bucket: bucket, Prefix: prefix }, signal);
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};

async function listBuckets(
  client: ApiClient,
  terminal: Terminal,
  json: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { Buckets: buckets } = await client.call<{ readonly Buckets: readonly Bucket[] }>(
    'ListBuckets',
    {},
    signal,
  );
  const rows = buckets.map(({ Name, CreationDate }) => ({ name: Name, created: timeOf(CreationDate) }));
  if (json) await terminal.print(`${JSON.stringify(rows, undefined, 2)}\n`);
  else if (rows.length === 0) terminal.say('No buckets. Create one with: millrace bucket create NAME\n');
  else
    await terminal.print(
      table(
        ['BUCKET', 'CREATED'],
        rows.map(({ name, created }) => [name, created]),
      ),
    );
}

async function listObjects(
  client: ApiClient,
  terminal: Terminal,
  json: boolean,
  where: { readonly Bucket: string; readonly Prefix: string | undefined },
  signal: AbortSignal,
): Promise<void> {
  let after: string | undefined;
  const all: StoredObject[] = [];
  for (;;) {
    const page = await client.call<{
      readonly Objects: readonly StoredObject[];
      readonly IsTruncated: boolean;
    }>('ListObjects', { ...where, StartAfter: after }, signal);
    all.push(...page.Objects);
    after = page.Objects.at(-1)?.Key;
    if (!page.IsTruncated || after === undefined) break;
  }
  const rows = all.map(({ Key, Size, ETag, LastModified }) => ({
    key: Key,
    bytes: Size,
    etag: ETag,
    modified: timeOf(LastModified),
  }));
  if (json) await terminal.print(`${JSON.stringify(rows, undefined, 2)}\n`);
  else if (rows.length === 0) terminal.say('No objects.\n');
  else {
    await terminal.print(
      table(
        ['MODIFIED', 'BYTES', 'KEY'],
        rows.map(({ key, bytes, modified }) => [modified, bytes, printable(key)]),
      ),
    );
  }
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
