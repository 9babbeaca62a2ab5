/**
 * Signature Version 4 of requests to other servers, with the body's hash as a header. Sources: "Create a signed AWS API request", IAM user guide;
 * for S3, "Authenticating requests (AWS Signature Version 4)", Amazon S3 API reference.
 */
import { createHash, createHmac } from 'node:crypto';

export type SigningKeys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
};

export type SigningScope = { readonly region: string; readonly service: string };

export type UnsignedRequest = {
  readonly method: string;
  /** As it is sent: encoded by `encodePath`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names, `host` among them; all are signed. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body, in hexadecimal. */
  readonly bodyHash: string;
};

/** The headers with those that sign them. */
export function signedHeaders(
  request: UnsignedRequest,
  credentials: SigningKeys,
  { region, service }: SigningScope,
  nowMs: number,
): Record<string, string> {
  const time = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-content-sha256': request.bodyHash,
    'x-amz-date': time,
    ...(credentials.sessionToken === undefined ? {} : { 'x-amz-security-token': credentials.sessionToken }),
  };
  const names = Object.keys(headers).toSorted();
  const canonical = [
    request.method,
    // S3 alone encodes a path once.
    service === 's3' ? request.path : encodePath(request.path),
    encodeQuery(request.query),
    ...names.map((name) => `${name}:${headers[name]!.trim().replaceAll(/ +/g, ' ')}`),
    '',
    names.join(';'),
    request.bodyHash,
  ].join('\n');
  const hash = createHash('sha256').update(canonical).digest('hex');
  let key: Uint8Array = Buffer.from(`AWS4${credentials.secretAccessKey}`);
  for (const part of [...scope.split('/'), `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash}`]) {
    key = createHmac('sha256', key).update(part).digest();
  }
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, ` +
    `Signature=${Buffer.from(key).toString('hex')}`;
  return headers;
}

/** Slashes stay. */
export function encodePath(path: string): string {
  return path.split('/').map(encode).join('/');
}

export function encodeQuery(query: Readonly<Record<string, string>>): string {
  return Object.keys(query)
    .toSorted()
    .map((name) => `${encode(name)}=${encode(query[name]!)}`)
    .join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
