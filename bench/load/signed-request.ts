/** Requests as the AWS SDK for JavaScript sends them, whole and signed before the clock runs. */
import { encode } from 'cborg';
import { sign } from '../../src/cli/client/signature.ts';

export const KEYS = {
  accessKeyId: 'AKIABENCHMARKS000000',
  secretAccessKey: 'benchmarks-only-benchmarks-only-00000000',
  sessionToken: undefined,
};

let now = (): number => Date.now();

/** Signs by another clock, for a server that has one. */
export function useClock(clock: () => number): void {
  now = clock;
}

export type Format = 'json' | 'cbor';

const CONTENT_TYPES = {
  json: 'application/x-amz-json-1.1',
  cbor: 'application/x-amz-cbor-1.1',
} as const;

export type PlainRequest = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

/** The prefix of a service's targets, and its name in signatures. */
const SERVICES = {
  kinesis: 'Kinesis_20131202',
  firehose: 'Firehose_20150804',
  glue: 'AWSGlue',
  kinesisanalytics: 'KinesisAnalytics_20180523',
} as const;

/** An input's blobs are `Uint8Array`. */
export function signedParts(
  port: number,
  operation: string,
  input: Readonly<Record<string, unknown>>,
  format: Format = 'json',
  service: keyof typeof SERVICES = 'kinesis',
): PlainRequest {
  const body =
    format === 'cbor' ? Buffer.from(encode(input)) : Buffer.from(JSON.stringify(input, blobAsText));
  const signed = sign({
    path: '/',
    headers: {
      host: `127.0.0.1:${port}`,
      'content-type': CONTENT_TYPES[format],
      'x-amz-target': `${SERVICES[service]}.${operation}`,
      'amz-sdk-invocation-id': '6f1b3a8e-1111-4c6e-9d5f-5b1e1f0c0a16',
      'amz-sdk-request': 'attempt=1; max=3',
    },
    body,
    credentials: KEYS,
    region: 'us-east-1',
    service,
    nowMs: now(),
  });
  const headers = {
    ...signed,
    'user-agent': `aws-sdk-js/3.1143.0 ua/2.1 os/linux#6 lang/js md/nodejs#26.10.0 api/${service}#3.1143.0 m/N,E,e`,
    'content-length': String(body.length),
  };
  return { headers, body };
}

/** The bytes of the same over HTTP/1.1. */
export function signedRequest(...parts: Parameters<typeof signedParts>): Buffer {
  const { headers, body } = signedParts(...parts);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\n${lines.join('')}\r\n`), body]);
}

function blobAsText(this: Record<string, unknown>, name: string, value: unknown): unknown {
  const held = this[name];
  return held instanceof Uint8Array ? Buffer.from(held).toString('base64') : value;
}
