/** The server's one object store: a bucket that `--endpoints` maps is at its S3 endpoint, and every other a folder of the data directory. */
import { bucketEndpoint, type BucketEndpoint, type Endpoints } from '../config/endpoints.ts';
import type { HttpClient } from '../host/http.ts';
import { openFolderObjectStore, type FolderParts } from './folder/folder-object-store.ts';
import { createMemoryObjectStore } from './memory/memory-object-store.ts';
import { compareKeys } from './names.ts';
import type { BucketSummary, ObjectStore } from './objects.ts';
import { createS3ObjectStore } from './s3/s3-object-store.ts';

export async function openObjectStore(
  parts: Omit<FolderParts, 'directory'> & {
    /** Undefined: nothing is to be on the disk. */
    readonly directory: string | undefined;
    readonly http: HttpClient;
    readonly endpoints: Endpoints;
  },
): Promise<ObjectStore> {
  const { directory } = parts;
  const folder =
    directory === undefined
      ? createMemoryObjectStore(parts.clock)
      : await openFolderObjectStore({ ...parts, directory });
  const atEndpoints = new Map<BucketEndpoint, ObjectStore>(
    [...parts.endpoints.buckets.values()].map((endpoint) => [
      endpoint,
      createS3ObjectStore({ ...parts, endpoint }),
    ]),
  );
  const of = (bucket: string): ObjectStore => {
    const endpoint = bucketEndpoint(parts.endpoints, bucket);
    return endpoint === undefined ? folder : atEndpoints.get(endpoint)!;
  };
  return {
    put: (bucket, ...rest) => of(bucket).put(bucket, ...rest),
    get: (bucket, ...rest) => of(bucket).get(bucket, ...rest),
    head: (bucket, ...rest) => of(bucket).head(bucket, ...rest),
    list: (bucket, ...rest) => of(bucket).list(bucket, ...rest),
    delete: (bucket, ...rest) => of(bucket).delete(bucket, ...rest),
    createBucket: (bucket, ...rest) => of(bucket).createBucket(bucket, ...rest),
    async listBuckets(signal) {
      const buckets: BucketSummary[] = [];
      for (const store of [folder, ...atEndpoints.values()]) {
        const listed = await store.listBuckets(signal);
        buckets.push(...listed.filter(({ name }) => of(name) === store));
      }
      return buckets.toSorted((left, right) => compareKeys(left.name, right.name));
    },
  };
}
