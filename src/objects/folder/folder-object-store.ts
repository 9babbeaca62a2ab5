/**
 * Buckets as folders: the object of a key is a plain file below `BUCKET/`, named by file-names.ts, for anybody to read. It is written and synced aside and
 * renamed in whole. Beside the buckets, under names that no bucket can have:
 *
 *     .buckets/BUCKET.json    when the bucket was made; without it there is no bucket
 *     .properties/BUCKET/…    what is known of each object (properties.ts), in place before the object is
 *     .incoming/…             what is being written; emptied at start
 *     .layout.json            whether the file system told capitals from small letters when the folder was new
 */
import path from 'node:path';
import type { Clock, Dice, Disk } from '../../host/host.ts';
import { digest } from '../digest.ts';
import { checkBucketName, checkedKey } from '../names.ts';
import { ObjectStoreError, noSuchBucket, noSuchKey } from '../object-store-error.ts';
import { chunksOf, type ObjectHead, type ObjectStore, type ObjectSummary } from '../objects.ts';
import { createKeyPaths } from './file-names.ts';
import { createDurableDirectories, writeAside } from './files.ts';
import { keysIn } from './listing.ts';
import { encodeProperties, readProperties } from './properties.ts';

export type FolderParts = {
  readonly disk: Disk;
  readonly clock: Pick<Clock, 'now' | 'turn'>;
  readonly dice: Pick<Dice, 'bytes'>;
  /** Of all buckets; made when it is not there. One process at a time may use it. */
  readonly directory: string;
};

export async function openFolderObjectStore(parts: FolderParts): Promise<ObjectStore> {
  const { disk, clock, directory } = parts;
  const incoming = path.join(directory, '.incoming');
  await disk.removeDirectory(incoming);
  await disk.makeDirectory(incoming);
  await disk.makeDirectory(path.join(directory, '.buckets'));
  await disk.syncDirectory(path.dirname(directory));
  const paths = createKeyPaths(await capitalsOf(disk, directory, incoming));
  const buckets = await readBuckets(disk, directory);
  const directories = createDurableDirectories(disk, directory);
  const turnOf = createTurns();

  /** Checks the bucket; where the object and its properties are. */
  function placesOf(bucket: string, key: string): { readonly object: string; readonly properties: string } {
    if (!buckets.has(bucket)) throw noSuchBucket(bucket);
    const names = paths.namesOf(checkedKey(key));
    return {
      object: path.join(directory, bucket, ...names),
      properties: path.join(directory, '.properties', bucket, ...names),
    };
  }

  async function headOf(bucket: string, key: string, body?: Uint8Array): Promise<ObjectHead> {
    const { object, properties } = placesOf(bucket, key);
    const bytes = body?.length ?? (await sizeOf(disk, object));
    const content = await disk.readFile(properties).catch(ignoreMissing);
    const kept = content && readProperties(content, bytes);
    if (kept) return { ...kept, key };
    const etag = await digest('md5', [body ?? (await disk.readFile(object))], clock);
    return { key, bytes, etag, lastModifiedMs: 0, contentType: 'application/octet-stream' };
  }

  const store: ObjectStore = {
    put(bucket, givenKey, givenBody, properties, signal) {
      const places = placesOf(bucket, givenKey);
      return turnOf(places.object, async () => {
        signal?.throwIfAborted();
        const chunks = chunksOf(givenBody);
        const bytes = chunks.reduce((total, chunk) => total + chunk.length, 0);
        const etag = await digest('md5', chunks, clock);
        const kept = encodeProperties({ ...properties, bytes, etag, lastModifiedMs: clock.now() });
        const name = path.join(incoming, Buffer.from(parts.dice.bytes(12)).toString('hex'));
        const aside = { object: name, properties: `${name}.properties` };
        try {
          await writeAside(disk, [
            [aside.properties, [kept]],
            [aside.object, chunks],
          ]);
          await disk.syncDirectory(incoming);
          await directories.moveInto(aside.properties, places.properties);
          await directories.moveInto(aside.object, places.object);
        } catch (error) {
          for (const file of Object.values(aside)) await disk.remove(file).catch(() => {});
          throw error;
        }
        return { etag };
      });
    },
    async get(bucket, key, signal) {
      signal?.throwIfAborted();
      const body = await disk.readFile(placesOf(bucket, key).object).catch(missingKey);
      return { head: await headOf(bucket, key, body), body };
    },
    async head(bucket, key, signal) {
      signal?.throwIfAborted();
      return headOf(bucket, key).catch(missingKey);
    },
    async list(bucket, prefix, startAfter, max, signal) {
      if (!buckets.has(bucket)) throw noSuchBucket(bucket);
      const objects: ObjectSummary[] = [];
      const where = { disk, directory: path.join(directory, bucket), paths };
      for await (const { key } of keysIn(where, prefix, startAfter)) {
        signal?.throwIfAborted();
        if (objects.length === max) return { objects, hasMore: true };
        const head = await headOf(bucket, key).catch(ignoreMissing);
        if (head === undefined) continue;
        const { bytes, etag, lastModifiedMs } = head;
        objects.push({ key, bytes, etag, lastModifiedMs });
      }
      return { objects, hasMore: false };
    },
    async delete(bucket, key, signal) {
      const { object, properties } = placesOf(bucket, key);
      await turnOf(object, async () => {
        signal?.throwIfAborted();
        for (const file of [object, properties]) {
          await disk.remove(file).then(() => disk.syncDirectory(path.dirname(file)), ignoreMissing);
        }
      });
    },
    async createBucket(bucket, signal) {
      checkBucketName(bucket);
      signal?.throwIfAborted();
      if (buckets.has(bucket)) {
        throw new ObjectStoreError('BucketAlreadyOwnedByYou', `The bucket ${bucket} is there already.`, 409);
      }
      const createdMs = clock.now();
      await directories.make(path.join(directory, bucket));
      const record = Buffer.from(`${JSON.stringify({ createdMs })}\n`);
      await disk.replaceFile(path.join(directory, '.buckets', `${bucket}.json`), record);
      buckets.set(bucket, createdMs);
    },
    async listBuckets(signal) {
      signal?.throwIfAborted();
      return [...buckets].toSorted().map(([name, createdMs]) => ({ name, createdMs }));
    },
  };
  return inWordsOfS3(store);
}

async function readBuckets(disk: Disk, directory: string): Promise<Map<string, number>> {
  const buckets = new Map<string, number>();
  for (const name of await disk.list(path.join(directory, '.buckets'))) {
    if (!name.endsWith('.json')) continue;
    const content = Buffer.from(await disk.readFile(path.join(directory, '.buckets', name))).toString();
    const { createdMs } = JSON.parse(content) as { createdMs: number };
    buckets.set(name.slice(0, -'.json'.length), createdMs);
  }
  return buckets;
}

/** Found out once and kept, so that a copy of the folder on another file system is read as it was written. */
async function capitalsOf(disk: Disk, directory: string, incoming: string): Promise<'told' | 'escaped'> {
  const file = path.join(directory, '.layout.json');
  const content = await disk.readFile(file).catch(ignoreMissing);
  if (content !== undefined) {
    return (JSON.parse(Buffer.from(content).toString()) as { capitals: 'told' | 'escaped' }).capitals;
  }
  const probe = path.join(incoming, 'PROBE');
  await writeAside(disk, [[probe, []]]);
  const capitals = (await disk.exists(path.join(incoming, 'probe'))) ? 'escaped' : 'told';
  await disk.remove(probe);
  await disk.replaceFile(file, Buffer.from(`${JSON.stringify({ capitals })}\n`));
  return capitals;
}

async function sizeOf(disk: Disk, file: string): Promise<number> {
  const opened = await disk.open(file, 'read');
  try {
    return await opened.size();
  } finally {
    await opened.close();
  }
}

/** Runs what concerns one object in the order asked. */
function createTurns(): <T>(name: string, act: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (name, act) => {
    const before = last.get(name) ?? Promise.resolve();
    const mine = before.then(act, act);
    last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (last.get(name) === mine) last.delete(name);
    }
  };
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EISDIR') return undefined;
  throw error;
}

function missingKey(error: NodeJS.ErrnoException): never {
  ignoreMissing(error);
  throw noSuchKey();
}

/** What the disk says, as S3 would. */
function inWordsOfS3(store: ObjectStore): ObjectStore {
  const translated = Object.entries(store).map(([name, call]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await (call as (...args: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (error instanceof ObjectStoreError || typeof code !== 'string') throw error;
        const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
        throw new ObjectStoreError(denied ? 'AccessDenied' : 'InternalError', message);
      }
    },
  ]);
  return Object.fromEntries(translated) as ObjectStore;
}
