/** The bucket that objects go to: outside, as S3, or on the server's own disk. */
import { gunzipSync } from 'node:zlib';
import { createMemoryObjectStore } from '../../src/objects/memory/memory-object-store.ts';
import { ObjectStoreError } from '../../src/objects/object-store-error.ts';
import { chunksOf, type ObjectProperties, type ObjectStore } from '../../src/objects/objects.ts';
import type { Observer } from './observer.ts';
import { aborted, never, type Around } from './around.ts';

export const BUCKET = 'lake';

/** S3's answers, and what keeps one from coming. */
export const BUCKET_TROUBLES = [
  'NoSuchBucket',
  'AccessDenied',
  'SlowDown',
  'InternalError',
  'RequestTimeout',
  'ServiceUnavailable',
  'answer lost',
  'slow',
  'hangs',
] as const;

const SLOW_MS_MAX = 5_000;

export function openBucket(around: Around<(typeof BUCKET_TROUBLES)[number]>): ObjectStore {
  const { clock, dice, observer, latency } = around;
  const store = createMemoryObjectStore(clock);
  void store.createBucket(BUCKET);

  async function put(key: string, body: Buffer, properties: ObjectProperties) {
    await latency();
    // Some get through, but for what is true of the bucket itself.
    const trouble = around.trouble();
    const lucky = trouble !== 'NoSuchBucket' && trouble !== 'AccessDenied' && dice.integer(4) === 0;
    if (trouble === 'hangs' && !lucky) return never();
    if (trouble === 'slow') await clock.sleep(dice.integer(SLOW_MS_MAX));
    else if (trouble !== undefined && trouble !== 'answer lost' && !lucky) {
      throw new ObjectStoreError(trouble, `${trouble}, as simulated.`);
    }
    const stored = await store.put(BUCKET, key, body, properties);
    observer.objectStored(key, plain(body, properties));
    await latency();
    if (trouble === 'answer lost' && !lucky) throw new ObjectStoreError('RequestTimeout', 'No answer came.');
    return stored;
  }

  return {
    ...store,
    put(_bucket, key, chunks, properties, signal) {
      signal?.throwIfAborted();
      // Copied at once: it is on the network now.
      const body = Buffer.concat(chunksOf(chunks));
      observer.objectSent(key, plain(body, properties));
      return Promise.race([put(key, body, properties), aborted(signal)]);
    },
  };
}

/** A store on the disk, whose puts are told of. */
export function observed(store: ObjectStore, observer: Observer): ObjectStore {
  return {
    ...store,
    async put(bucket, key, chunks, properties, signal) {
      const body = plain(Buffer.concat(chunksOf(chunks)), properties);
      observer.objectSent(key, body);
      const stored = await store.put(bucket, key, chunks, properties, signal);
      observer.objectStored(key, body);
      return stored;
    },
  };
}

export function plain(body: Uint8Array, { contentEncoding }: ObjectProperties): Buffer {
  return contentEncoding === 'gzip' ? gunzipSync(body) : Buffer.from(body);
}
