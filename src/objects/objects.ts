/**
 * Where "S3" is: buckets of objects, put whole and read whole. Small and low: retries, time limits of whole deliveries and what is delivered stand
 * above it. Implementations: `memory/` for simulations, `folder/` on the own disk, `s3/` at any S3 endpoint; one suite, contract.ts, holds for all.
 */
export type ObjectProperties = {
  readonly contentType: string;
  readonly contentEncoding?: string | undefined;
  /** The KMS key that encrypts the object at rest. Told to S3; only kept elsewhere. */
  readonly kmsKeyArn?: string | undefined;
  /** Lower-case names and ASCII values, about 2 KB in all. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
};

export type ObjectSummary = {
  readonly key: string;
  readonly bytes: number;
  /** Without quotes. The MD5 of the body in hexadecimal, unless S3 encrypted it under a key. */
  readonly etag: string;
  /** Milliseconds since 1970; 0 when it is not known. */
  readonly lastModifiedMs: number;
};

export type ObjectHead = ObjectSummary & ObjectProperties;

export type ObjectPage = {
  /** In the order of the keys' UTF-8 bytes. */
  readonly objects: readonly ObjectSummary[];
  readonly hasMore: boolean;
};

export type BucketSummary = { readonly name: string; readonly createdMs: number };

/**
 * Keys are any text of 1 to 1,024 bytes of UTF-8, lone surrogates read as U+FFFD. All throw `ObjectStoreError`, and the signal's reason when aborted. An
 * abort or an error other than a refusal leaves open whether the call took effect; a put takes effect whole or not at all.
 */
export interface ObjectStore {
  /** Durable when it resolves. Replaces the object of that key. The body is given in pieces, so that nobody joins them. */
  put(
    bucket: string,
    key: string,
    body: Uint8Array | readonly Uint8Array[],
    properties: ObjectProperties,
    signal?: AbortSignal,
  ): Promise<{ readonly etag: string }>;
  /** NoSuchKey when it is not there. */
  get(
    bucket: string,
    key: string,
    signal?: AbortSignal,
  ): Promise<{ readonly head: ObjectHead; readonly body: Uint8Array }>;
  /** NoSuchKey when it is not there. */
  head(bucket: string, key: string, signal?: AbortSignal): Promise<ObjectHead>;
  /** Keys that begin with `prefix` and come after `startAfter`; at most `max`, 1 to 1,000. */
  list(
    bucket: string,
    prefix: string,
    startAfter: string,
    max: number,
    signal?: AbortSignal,
  ): Promise<ObjectPage>;
  /** Also succeeds when the object is not there. */
  delete(bucket: string, key: string, signal?: AbortSignal): Promise<void>;
  /** BucketAlreadyOwnedByYou when it is there. */
  createBucket(bucket: string, signal?: AbortSignal): Promise<void>;
  /** By name. */
  listBuckets(signal?: AbortSignal): Promise<readonly BucketSummary[]>;
}

export function chunksOf(body: Uint8Array | readonly Uint8Array[]): readonly Uint8Array[] {
  return body instanceof Uint8Array ? [body] : body;
}
