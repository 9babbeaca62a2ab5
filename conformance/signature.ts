/** Signature version 4 of a request, as AWS documents it: the suite signs by itself, so that no library of the server is trusted. */
import { createHash, createHmac } from 'node:crypto';

export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
};

/** Returns `headers` with `x-amz-date`, the session token and `authorization` added. `target` is the path with its query. */
export function signedHeaders(
  request: { method: string; target: string; headers: Record<string, string>; body: Uint8Array },
  scope: { credentials: Credentials; region: string; service: string; date: Date },
): Record<string, string> {
  const time = scope.date.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers: Record<string, string> = { ...request.headers, 'x-amz-date': time };
  if (scope.credentials.sessionToken) headers['x-amz-security-token'] = scope.credentials.sessionToken;
  const names = Object.keys(headers).toSorted();
  const signedNames = names.join(';');
  const [path = '/', query = ''] = request.target.split('?');
  const canonical = [
    request.method,
    path,
    query.split('&').toSorted().join('&'),
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim()}`),
    '',
    signedNames,
    sha256(request.body),
  ].join('\n');
  const credentialScope = `${time.slice(0, 8)}/${scope.region}/${scope.service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, credentialScope, sha256(canonical)].join('\n');
  let key: Buffer = hmac(`AWS4${scope.credentials.secretAccessKey}`, time.slice(0, 8));
  for (const part of [scope.region, scope.service, 'aws4_request']) key = hmac(key, part);
  const signature = hmac(key, toSign).toString('hex');
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${scope.credentials.accessKeyId}/${credentialScope}, SignedHeaders=${signedNames}, Signature=${signature}`;
  return headers;
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
