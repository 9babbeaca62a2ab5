import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ApiError, type ApiClient } from '../client/api-client.ts';
import { CLIENT_FLAGS, createAdminClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';

type GetObjectOutput = {
  readonly Body: string;
  readonly Size: number;
  readonly ETag: string;
  readonly ContentEncoding?: string;
};

export const get: Command = {
  usage: 'BUCKET KEY',
  positionals: { min: 2, max: 2 },
  details: 'Prints an object, byte for byte.',
  flags: [
    { name: 'output', value: 'FILE', help: 'Write it to this file instead.' },
    { name: 'gunzip', help: 'Unpack an object that is compressed with GZIP.' },
    ...CLIENT_FLAGS,
  ],
  async run({ flags, environment, terminal, signal }) {
    const [bucket, key] = flags.positionals;
    const file = flags.values.get('output');
    const client = createAdminClient(flags, environment);
    try {
      const pieces = Readable.from(piecesOf(client, { Bucket: bucket, Key: key }, signal));
      const unpacked = flags.values.has('gunzip') ? [createGunzip()] : [];
      if (file !== undefined) {
        await pipeline([pieces, ...unpacked, createWriteStream(file)], { signal });
        return EXIT.ok;
      }
      await pipeline(
        [
          pieces,
          ...unpacked,
          async (source: AsyncIterable<Uint8Array>) => {
            for await (const piece of source) await terminal.print(piece);
          },
        ],
        { signal },
      );
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};

async function* piecesOf(
  client: ApiClient,
  where: { readonly Bucket: string | undefined; readonly Key: string | undefined },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let etag: string | undefined;
  for (let offset = 0; ;) {
    const output = await client.call<GetObjectOutput>('GetObject', { ...where, Offset: offset }, signal);
    if (etag !== undefined && output.ETag !== etag) {
      throw new ApiError('PreconditionFailed', 'The object was replaced while it was read.', 412);
    }
    etag = output.ETag;
    const piece = Buffer.from(output.Body, 'base64');
    yield piece;
    offset += piece.length;
    if (offset >= output.Size || piece.length === 0) return;
  }
}
