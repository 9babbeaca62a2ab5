/** The service `Millrace_20261123`: what an operator asks of a running server, signed and checked like every other call. */
import type { Service } from '../wire/shape/operation.ts';
import { Backup, backup } from './operations/backup.ts';
import type { BucketParts } from './operations/buckets.ts';
import { CreateBucket, createBucket } from './operations/create-bucket.ts';
import { DescribeCaller, describeCaller } from './operations/describe-caller.ts';
import { GetObject, getObject } from './operations/get-object.ts';
import { ListBuckets, listBuckets } from './operations/list-buckets.ts';
import { ListObjects, listObjects } from './operations/list-objects.ts';

const operations = { Backup, CreateBucket, DescribeCaller, GetObject, ListBuckets, ListObjects } as const;

export function createAdminService(
  parts: Parameters<typeof backup>[0] & BucketParts,
): Service<typeof operations> {
  return {
    targetPrefix: 'Millrace_20261123',
    signingName: 'millrace',
    operations,
    handlers: {
      Backup: backup(parts),
      CreateBucket: createBucket(parts),
      DescribeCaller: describeCaller,
      GetObject: getObject(parts),
      ListBuckets: listBuckets(parts),
      ListObjects: listObjects(parts),
    },
  };
}
