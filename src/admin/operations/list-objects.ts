import { operation, type Handler } from '../../wire/shape/operation.ts';
import {
  boolean,
  integer,
  list,
  long,
  optional,
  required,
  string,
  structure,
  timestamp,
} from '../../wire/shape/shape.ts';
import { requireKeeper } from '../keeper.ts';
import {
  BucketName,
  bucketResource,
  fromObjects,
  OBJECT_ERRORS,
  ObjectKey,
  type BucketParts,
} from './buckets.ts';

const OBJECTS_MAX = 1000;

export const ListObjects = operation({
  name: 'ListObjects',
  action: 'millrace:ListObjects',
  resources: bucketResource,
  input: structure('ListObjectsInput', {
    Bucket: required(BucketName),
    Prefix: optional(string({ max: 1024 })),
    StartAfter: optional(ObjectKey),
    MaxKeys: optional(integer({ min: 1, max: OBJECTS_MAX })),
  }),
  output: structure('ListObjectsOutput', {
    Objects: required(
      list(
        structure('Object', {
          Key: required(ObjectKey),
          Size: required(long()),
          ETag: required(string()),
          LastModified: required(timestamp()),
        }),
      ),
    ),
    IsTruncated: required(boolean()),
  }),
  errors: OBJECT_ERRORS,
});

export function listObjects({ objects, config }: BucketParts): Handler<typeof ListObjects> {
  return async (input, call) => {
    requireKeeper(config, call, ListObjects);
    const { Bucket, Prefix = '', StartAfter = '', MaxKeys = OBJECTS_MAX } = input;
    const page = await fromObjects(() => objects.list(Bucket, Prefix, StartAfter, MaxKeys, call.signal));
    return {
      Objects: page.objects.map(({ key, bytes, etag, lastModifiedMs }) => ({
        Key: key,
        Size: bytes,
        ETag: etag,
        LastModified: lastModifiedMs,
      })),
      IsTruncated: page.hasMore,
    };
  };
}
