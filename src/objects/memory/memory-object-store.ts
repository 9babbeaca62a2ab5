/** Objects in memory, for simulations. `onCall` sees every call before it happens and may throw, as a failing S3 does, or take time. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../host/host.ts';
import { checkBucketName, checkedKey, compareKeys } from '../names.ts';
import { ObjectStoreError, noSuchBucket, noSuchKey } from '../object-store-error.ts';
import { chunksOf, type ObjectHead, type ObjectStore } from '../objects.ts';

type Stored = { readonly head: ObjectHead; readonly body: Uint8Array };

export type ObjectCall = { readonly kind: keyof ObjectStore; readonly bucket: string; readonly key: string };

export interface MemoryObjectStore extends ObjectStore {
  onCall: ((call: ObjectCall) => Promise<void> | void) | undefined;
}

export function createMemoryObjectStore(clock: Pick<Clock, 'now'>): MemoryObjectStore {
  const buckets = new Map<string, { readonly createdMs: number; readonly objects: Map<string, Stored> }>();

  function objectsOf(bucket: string): Map<string, Stored> {
    const found = buckets.get(bucket);
    if (found === undefined) throw noSuchBucket(bucket);
    return found.objects;
  }

  async function called(
    kind: keyof ObjectStore,
    bucket: string,
    key: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    signal?.throwIfAborted();
    await store.onCall?.({ kind, bucket, key });
    signal?.throwIfAborted();
  }

  async function get(bucket: string, key: string): Promise<Stored> {
    const stored = objectsOf(bucket).get(checkedKey(key));
    if (stored === undefined) throw noSuchKey();
    return stored;
  }

  const store: MemoryObjectStore = {
    onCall: undefined,
    async put(bucket, givenKey, givenBody, properties, signal) {
      const key = checkedKey(givenKey);
      // Copied at once: what becomes of the caller's bytes meanwhile is his affair.
      const body = Buffer.concat(chunksOf(givenBody));
      await called('put', bucket, key, signal);
      const objects = objectsOf(bucket);
      const etag = createHash('md5').update(body).digest('hex');
      const head = { ...properties, key, bytes: body.length, etag, lastModifiedMs: clock.now() };
      objects.set(key, { head, body });
      return { etag };
    },
    async get(bucket, key, signal) {
      await called('get', bucket, key, signal);
      return get(bucket, key);
    },
    async head(bucket, key, signal) {
      await called('head', bucket, key, signal);
      return (await get(bucket, key)).head;
    },
    async list(bucket, prefix, startAfter, max, signal) {
      await called('list', bucket, prefix, signal);
      const matching = [...objectsOf(bucket).values()]
        .map(({ head }) => head)
        .filter(({ key }) => key.startsWith(prefix) && compareKeys(key, startAfter) > 0)
        .toSorted((left, right) => compareKeys(left.key, right.key));
      return { objects: matching.slice(0, max), hasMore: matching.length > max };
    },
    async delete(bucket, key, signal) {
      await called('delete', bucket, key, signal);
      objectsOf(bucket).delete(checkedKey(key));
    },
    async createBucket(bucket, signal) {
      checkBucketName(bucket);
      await called('createBucket', bucket, '', signal);
      if (buckets.has(bucket)) {
        throw new ObjectStoreError('BucketAlreadyOwnedByYou', `The bucket ${bucket} is there already.`, 409);
      }
      buckets.set(bucket, { createdMs: clock.now(), objects: new Map() });
    },
    async listBuckets(signal) {
      await called('listBuckets', '', '', signal);
      return [...buckets]
        .map(([name, { createdMs }]) => ({ name, createdMs }))
        .toSorted((left, right) => compareKeys(left.name, right.name));
    },
  };
  return store;
}
