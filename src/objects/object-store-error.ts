/** What can go wrong with an object store, in S3's words, and what a second attempt is worth. Source: "Error responses", Amazon S3 API reference. */

/**
 * `soon`: the same call may well succeed in a moment. `later`: only when somebody changes something outside, such as a bucket, a
 * policy or credentials. `never`: the call itself is wrong.
 */
export type Retry = 'soon' | 'later' | 'never';

const RETRIES: Readonly<Record<string, Retry>> = {
  InternalError: 'soon',
  ServiceUnavailable: 'soon',
  SlowDown: 'soon',
  RequestTimeout: 'soon',
  RequestTimeTooSkewed: 'soon',
  OperationAborted: 'soon',
  BadDigest: 'soon',
  IncompleteBody: 'soon',
  XAmzContentSHA256Mismatch: 'soon',
  KeyTooLongError: 'never',
  EntityTooLarge: 'never',
  InvalidBucketName: 'never',
  NoSuchKey: 'never',
  NotImplemented: 'never',
  BucketAlreadyOwnedByYou: 'never',
  BucketAlreadyExists: 'never',
  MetadataTooLarge: 'never',
};

export class ObjectStoreError extends Error {
  override readonly name = 'ObjectStoreError';
  /** S3's, such as NoSuchBucket. What kept an answer from coming is RequestTimeout or ServiceUnavailable. */
  readonly code: string;
  readonly retry: Retry;
  /** Of HTTP; undefined when no answer came from a server. */
  readonly status: number | undefined;

  constructor(code: string, message: string, status?: number) {
    super(message);
    this.code = code;
    this.status = status;
    this.retry =
      RETRIES[code] ?? (status !== undefined && (status >= 500 || status === 429) ? 'soon' : 'later');
  }
}

export function noSuchBucket(bucket: string): ObjectStoreError {
  return new ObjectStoreError('NoSuchBucket', `The specified bucket does not exist: ${bucket}`, 404);
}

export function noSuchKey(): ObjectStoreError {
  return new ObjectStoreError('NoSuchKey', 'The specified key does not exist.', 404);
}
