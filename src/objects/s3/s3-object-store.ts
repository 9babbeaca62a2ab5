/**
 * Objects at an S3 endpoint: seven signed calls over `host/`'s HTTP, each tried once. Bodies go in one PutObject, whose limit of 5 GB Firehose's
 * objects never near (decision 0421).
 */
import { encodePath, encodeQuery, signedHeaders } from '../../base/signature-v4.ts';
import type { BucketEndpoint } from '../../config/endpoints.ts';
import type { Clock } from '../../host/host.ts';
import {
  HttpError,
  type HttpAnswer,
  type HttpClient,
  type HttpFailure,
  type HttpRequest,
} from '../../host/http.ts';
import { digest } from '../digest.ts';
import { checkBucketName, checkedKey } from '../names.ts';
import { ObjectStoreError } from '../object-store-error.ts';
import { chunksOf, type ObjectHead, type ObjectProperties, type ObjectStore } from '../objects.ts';
import { readBuckets, readError, readList, unquoted } from './answers.ts';

/** For a call without a body; a body adds time for its bytes. */
const TIMEOUT_MS = 30_000;
const SLOWEST_BYTES_PER_MS = 256;
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
const OBJECT_BYTES_MAX = 1024 * 1024 * 1024;
const METADATA = 'x-amz-meta-';

export type S3Parts = {
  readonly http: HttpClient;
  readonly clock: Pick<Clock, 'now' | 'turn'>;
  readonly endpoint: BucketEndpoint;
  readonly timeoutMs?: number;
};

type Call = {
  readonly method: HttpRequest['method'];
  readonly bucket?: string;
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: readonly Uint8Array[];
  readonly answerBytesMax?: number;
  readonly signal: AbortSignal | undefined;
};

export function createS3ObjectStore(parts: S3Parts): ObjectStore {
  const { endpoint, clock } = parts;
  const base = new URL(endpoint.url);
  const basePath = base.pathname.replace(/\/+$/, '');

  async function call(asked: Call): Promise<HttpAnswer> {
    const { method, bucket, key, query = {}, body = [] } = asked;
    const inHost = bucket !== undefined && endpoint.addressing === 'virtual-host';
    const host = inHost ? `${bucket}.${base.host}` : base.host;
    const bucketPath = inHost || bucket === undefined ? '' : `/${bucket}`;
    const path = `${basePath}${bucketPath}/${key === undefined ? '' : encodePath(key)}`;
    const unsigned = { method, path, query, headers: { host, ...asked.headers }, bodyHash: '' };
    const headers =
      endpoint.credentials === undefined
        ? unsigned.headers
        : signedHeaders(
            { ...unsigned, bodyHash: await digest('sha256', body, clock) },
            endpoint.credentials,
            { region: endpoint.region, service: 's3' },
            clock.now(),
          );
    const bodyBytes = body.reduce((total, chunk) => total + chunk.length, 0);
    const search = encodeQuery(query);
    const answer = await send(parts.http, {
      method,
      url: `${base.protocol}//${host}${path}${search === '' ? '' : `?${search}`}`,
      headers,
      body,
      timeoutMs: (parts.timeoutMs ?? TIMEOUT_MS) + Math.ceil(bodyBytes / SLOWEST_BYTES_PER_MS),
      answerBytesMax: asked.answerBytesMax ?? ANSWER_BYTES_MAX,
      certificateAuthority: endpoint.certificateAuthority,
      signal: asked.signal,
    });
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw refusalOf(answer);
  }

  return {
    async put(bucket, key, body, properties, signal) {
      const headers = headersOf(properties);
      const chunks = chunksOf(body);
      const answer = await call({
        method: 'PUT',
        bucket,
        key: checkedKey(key),
        headers,
        body: chunks,
        signal,
      });
      return { etag: unquoted(answer.headers.get('etag') ?? '') };
    },
    async get(bucket, givenKey, signal) {
      const key = checkedKey(givenKey);
      const answer = await call({ method: 'GET', bucket, key, answerBytesMax: OBJECT_BYTES_MAX, signal });
      return { head: headOf(key, answer.headers), body: answer.body };
    },
    async head(bucket, givenKey, signal) {
      const key = checkedKey(givenKey);
      return headOf(key, (await call({ method: 'HEAD', bucket, key, signal })).headers);
    },
    async list(bucket, prefix, startAfter, max, signal) {
      const query = {
        'list-type': '2',
        'encoding-type': 'url',
        'max-keys': String(max),
        ...(prefix === '' ? {} : { prefix }),
        ...(startAfter === '' ? {} : { 'start-after': startAfter }),
      };
      return readList(textOf(await call({ method: 'GET', bucket, query, signal })));
    },
    async delete(bucket, key, signal) {
      await call({ method: 'DELETE', bucket, key: checkedKey(key), signal });
    },
    async createBucket(bucket, signal) {
      checkBucketName(bucket);
      const body =
        endpoint.region === 'us-east-1'
          ? []
          : [
              Buffer.from(
                '<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
                  `<LocationConstraint>${endpoint.region}</LocationConstraint></CreateBucketConfiguration>`,
              ),
            ];
      await call({ method: 'PUT', bucket, body, signal });
    },
    async listBuckets(signal) {
      return readBuckets(textOf(await call({ method: 'GET', signal })));
    },
  };
}

function headersOf(properties: ObjectProperties): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': properties.contentType };
  if (properties.contentEncoding !== undefined) headers['content-encoding'] = properties.contentEncoding;
  if (properties.kmsKeyArn !== undefined) {
    headers['x-amz-server-side-encryption'] = 'aws:kms';
    headers['x-amz-server-side-encryption-aws-kms-key-id'] = properties.kmsKeyArn;
  }
  for (const [name, value] of Object.entries(properties.metadata ?? {})) headers[METADATA + name] = value;
  return headers;
}

function headOf(key: string, headers: HttpAnswer['headers']): ObjectHead {
  const metadata = [...headers]
    .filter(([name]) => name.startsWith(METADATA))
    .map(([name, value]) => [name.slice(METADATA.length), value] as const);
  const contentEncoding = headers.get('content-encoding');
  const kmsKeyArn = headers.get('x-amz-server-side-encryption-aws-kms-key-id');
  return {
    key,
    bytes: Number(headers.get('content-length') ?? 0),
    etag: unquoted(headers.get('etag') ?? ''),
    lastModifiedMs: Date.parse(headers.get('last-modified') ?? '') || 0,
    contentType: headers.get('content-type') ?? 'application/octet-stream',
    ...(contentEncoding ? { contentEncoding } : {}),
    ...(kmsKeyArn ? { kmsKeyArn } : {}),
    ...(metadata.length > 0 ? { metadata: Object.fromEntries(metadata) } : {}),
  };
}

function textOf(answer: HttpAnswer): string {
  return Buffer.from(answer.body).toString('utf8');
}

/** A HEAD is refused without words. That of a missing bucket cannot be told from that of a missing key. */
const CODES_WITHOUT_WORDS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  403: 'AccessDenied',
  404: 'NoSuchKey',
  429: 'SlowDown',
  500: 'InternalError',
  503: 'SlowDown',
};

function refusalOf(answer: HttpAnswer): ObjectStoreError {
  const { status } = answer;
  const said = readError(textOf(answer));
  const code = said?.code ?? CODES_WITHOUT_WORDS[status] ?? (status >= 500 ? 'InternalError' : 'BadRequest');
  return new ObjectStoreError(code, said?.message || `S3 answered with status ${status}.`, status);
}

/** Where no answer is, S3 has no word; the first three are its own all the same, because they mean this. */
const CODES_OF_FAILURES: Readonly<Record<HttpFailure, string>> = {
  timeout: 'RequestTimeout',
  unreachable: 'ServiceUnavailable',
  broken: 'InternalError',
  untrusted: 'UntrustedCertificate',
  'refused-address': 'RefusedAddress',
  'too-long': 'AnswerTooLong',
};

async function send(http: HttpClient, request: HttpRequest): Promise<HttpAnswer> {
  try {
    return await http.send(request);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    throw new ObjectStoreError(CODES_OF_FAILURES[error.failure], error.message);
  }
}
