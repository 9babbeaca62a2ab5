/** What the operations on buckets share: shapes, resources, and the object store's errors on the wire. */
import type { Config } from '../../config/config.ts';
import { ObjectStoreError } from '../../objects/object-store-error.ts';
import type { ObjectStore } from '../../objects/objects.ts';
import type { Call } from '../../wire/shape/operation.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { string } from '../../wire/shape/shape.ts';

export type BucketParts = {
  readonly objects: ObjectStore;
  readonly config: Pick<Config, 'account'>;
};

export const BucketName = string({ min: 1, max: 255 });
export const ObjectKey = string({ min: 1, max: 1024 });

/** Beside AccessDeniedException, S3's own codes come through, such as NoSuchBucket. */
export const OBJECT_ERRORS = [
  'AccessDeniedException',
  'NoSuchBucket',
  'NoSuchKey',
  'InvalidBucketName',
] as const;

/** A resource of the own service: buckets are the server's, and S3's ARNs name no account. */
export function bucketResource(
  { Bucket }: { readonly Bucket: string },
  { caller, region }: Call,
): readonly string[] {
  return [`arn:aws:millrace:${region}:${caller.account}:bucket/${Bucket}`];
}

/** What the store refuses is answered with S3's code; what may soon succeed as a fault of the server. */
export async function fromObjects<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error;
    const fault = error.retry === 'soon' ? 'server' : 'client';
    throw new ServiceError(error.code, error.message, { fault });
  }
}
