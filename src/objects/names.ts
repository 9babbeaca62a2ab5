/** Names of buckets and keys, checked and put in order as S3 does. Sources: "Bucket naming rules" and "Naming objects", Amazon S3 user guide. */
import { ObjectStoreError } from './object-store-error.ts';

const KEY_BYTES_MAX = 1024;
const BUCKET = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

export function checkBucketName(bucket: string): void {
  if (BUCKET.test(bucket) && !/^\d+\.\d+\.\d+\.\d+$/.test(bucket)) return;
  throw new ObjectStoreError('InvalidBucketName', `The specified bucket is not valid: ${bucket}`, 400);
}

/** The key as it is stored. */
export function checkedKey(key: string): string {
  const wellFormed = key.toWellFormed();
  const bytes = Buffer.byteLength(wellFormed);
  if (bytes > KEY_BYTES_MAX) throw new ObjectStoreError('KeyTooLongError', 'Your key is too long', 400);
  if (bytes === 0) throw new ObjectStoreError('InvalidArgument', 'A key has at least one character.', 400);
  return wellFormed;
}

/** By the bytes of their UTF-8, which differs from JavaScript's order beyond U+D7FF. */
export function compareKeys(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
