/** Signs requests for the tests of this room, plainly and independently of the code that verifies them. */
import { createHash, createHmac } from 'node:crypto';
import type { SignedRequest } from '../wire/shape/authentication.ts';

type Key = { readonly id: string; readonly secret: string };

const basic = (ms: number) => new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, '');

export function scopeOf(nowMs: number, region = 'us-east-1', service = 'kinesis'): string {
  return `${basic(nowMs).slice(0, 8)}/${region}/${service}/aws4_request`;
}

export function authorization(parts: {
  key: Key;
  nowMs: number;
  signedHeaders: readonly string[];
  signature: string;
  region?: string | undefined;
  service?: string | undefined;
}): string {
  const { key, nowMs, region, service, signedHeaders, signature } = parts;
  return `AWS4-HMAC-SHA256 Credential=${key.id}/${scopeOf(nowMs, region, service)}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`;
}

/** `target` must be in canonical form already. */
export function signed(parts: {
  key: Key;
  nowMs: number;
  region?: string;
  service?: string;
  target?: string;
  headers?: Record<string, string>;
  body?: string;
  date?: { date: string };
}): SignedRequest {
  const { key, nowMs, region, service, target = '/', body = '{}' } = parts;
  const headers = new Map(
    Object.entries({
      host: 'localhost:4567',
      ...(parts.date ?? { 'x-amz-date': basic(nowMs) }),
      ...parts.headers,
    }),
  );
  const signedHeaders = [...headers.keys()].sort();
  const [path, query = ''] = target.split('?');
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const lines = signedHeaders.map((name) => `${name}:${headers.get(name)}`);
  const canonical = ['POST', path, query, ...lines, '', signedHeaders.join(';'), sha256(body)].join('\n');
  const scope = scopeOf(nowMs, region, service);
  const hmac = (secret: Uint8Array | string, text: string) =>
    createHmac('sha256', secret).update(text).digest();
  const signingKey = scope.split('/').reduce<Uint8Array | string>(hmac, `AWS4${key.secret}`);
  const toSign = ['AWS4-HMAC-SHA256', basic(nowMs), scope, sha256(canonical)].join('\n');
  const signature = createHmac('sha256', signingKey).update(toSign).digest('hex');
  headers.set('authorization', authorization({ key, nowMs, region, service, signedHeaders, signature }));
  return { method: 'POST', target, headers, body: Buffer.from(body), loopback: true };
}
