/** AWS Signature Version 4 for requests with a body and without a query. Source: "Signing AWS API requests", IAM user guide. */
import { createHash, createHmac } from 'node:crypto';

export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
};

/** Returns `headers` with those that sign them. `headers` have lower-case names and hold `host`. */
export function sign(request: {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly credentials: Credentials;
  readonly region: string;
  readonly service: string;
  readonly nowMs: number;
}): Record<string, string> {
  const { credentials, region, service } = request;
  const time = new Date(request.nowMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const date = time.slice(0, 8);
  const headers: Record<string, string> = { ...request.headers, 'x-amz-date': time };
  if (credentials.sessionToken !== undefined) headers['x-amz-security-token'] = credentials.sessionToken;

  const names = Object.keys(headers).toSorted();
  const signedNames = names.join(';');
  const canonical = [
    'POST',
    request.path,
    '',
    ...names.map((name) => `${name}:${headers[name]!.trim()}`),
    '',
    signedNames,
    createHash('sha256').update(request.body).digest('hex'),
  ].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  let key: Uint8Array = Buffer.from(`AWS4${credentials.secretAccessKey}`);
  for (const part of [date, region, service, 'aws4_request', toSign]) {
    key = createHmac('sha256', key).update(part).digest();
  }
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedNames}, ` +
    `Signature=${Buffer.from(key).toString('hex')}`;
  return headers;
}
