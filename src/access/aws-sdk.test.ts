/** Requests that AWS's own SDK signed are verified: the header form by a client's calls, the query form by its signer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KinesisClient, ListStreamsCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { realClock } from '../host/real/clock.ts';
import type { SignedRequest } from '../wire/shape/authentication.ts';
import { createAuthenticate } from './authenticate.ts';
import { parseCredentials } from './credentials-file.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const credentials = parseCredentials(
  `[plain]\naws_access_key_id=AKIDEXAMPLE\naws_secret_access_key=${SECRET}\n` +
    `[temporary]\naws_access_key_id=ASIAEXAMPLE\naws_secret_access_key=${SECRET}\naws_session_token=a/b+c==\n`,
  'file',
  '000000000000',
);
const authenticate = createAuthenticate({
  clock: realClock,
  mode: { kind: 'verified', credentials: { find: (id) => credentials.get(id) } },
});

type SdkRequest = {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

class Captured extends Error {}

/** A client whose requests end in `requests` instead of on the network. */
function capturing(accessKeyId: string, secretAccessKey: string, sessionToken?: string) {
  const requests: SdkRequest[] = [];
  const client = new KinesisClient({
    region: 'eu-central-1',
    endpoint: 'http://localhost:4567',
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    maxAttempts: 1,
    requestHandler: {
      async handle(request: SdkRequest) {
        requests.push(request);
        throw new Captured();
      },
    } as never,
  });
  return { client, requests };
}

function received(request: SdkRequest): SignedRequest {
  const query = Object.entries(request.query ?? {})
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
  return {
    method: request.method,
    target: query === '' ? request.path : `${request.path}?${query}`,
    headers: new Map(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value])),
    body:
      typeof request.body === 'string'
        ? Buffer.from(request.body)
        : ((request.body as Uint8Array) ?? Buffer.alloc(0)),
    loopback: true,
  };
}

async function sent(accessKeyId: string, secret: string, sessionToken?: string): Promise<SignedRequest[]> {
  const { client, requests } = capturing(accessKeyId, secret, sessionToken);
  const commands = [
    new ListStreamsCommand({}),
    new PutRecordCommand({ StreamName: 'ä', PartitionKey: 'k', Data: new Uint8Array([0, 255]) }),
  ];
  for (const command of commands) await assert.rejects(client.send(command as ListStreamsCommand), Captured);
  assert.equal(requests.length, commands.length);
  return requests.map(received);
}

test('the SDK’s calls are verified', async () => {
  for (const request of await sent('AKIDEXAMPLE', SECRET)) {
    const { caller, region, service } = authenticate(request);
    assert.deepEqual([caller.accessKeyId, region, service], ['AKIDEXAMPLE', 'eu-central-1', 'kinesis']);
  }
});

test('the SDK’s calls under temporary credentials are verified with their token', async () => {
  for (const request of await sent('ASIAEXAMPLE', SECRET, 'a/b+c==')) authenticate(request);
  for (const request of await sent('ASIAEXAMPLE', SECRET, 'another')) {
    assert.throws(() => authenticate(request), { code: 'UnrecognizedClientException' });
  }
});

test('the SDK’s calls under a wrong secret are refused', async () => {
  for (const request of await sent('AKIDEXAMPLE', 'wrong')) {
    assert.throws(() => authenticate(request), { code: 'InvalidSignatureException' });
  }
});

type Presigner = {
  presign(request: object, options: { expiresIn: number; signingDate?: Date }): Promise<SdkRequest>;
};

async function presigned(signingDate: Date, sessionToken?: string): Promise<SignedRequest> {
  const { client } = capturing(
    sessionToken === undefined ? 'AKIDEXAMPLE' : 'ASIAEXAMPLE',
    SECRET,
    sessionToken,
  );
  const signer = (await client.config.signer()) as unknown as Presigner;
  const plain = {
    method: 'POST',
    protocol: 'http:',
    hostname: 'localhost',
    port: 4567,
    path: '/a b/ä',
    query: { 'a param': 'ä&=+' },
    headers: { host: 'localhost:4567' },
    body: '{}',
  };
  return received(
    await signer.presign({ ...plain, path: encodeURI(plain.path) }, { expiresIn: 3600, signingDate }),
  );
}

test('a presigned request is verified until it expires', async () => {
  const nowMs = Date.now();
  assert.equal(authenticate(await presigned(new Date(nowMs - 3_500_000))).region, 'eu-central-1');
  authenticate(await presigned(new Date(nowMs), 'a/b+c=='));
  const expired = await presigned(new Date(nowMs - 3_700_000));
  assert.throws(() => authenticate(expired), {
    code: 'InvalidSignatureException',
    message: /^Signature expired: .* - 60 min\.\)$/,
  });
});

test('a presigned request is verified whole', async () => {
  const good = await presigned(new Date());
  const changes = [
    { target: good.target.replace('X-Amz-Expires=3600', 'X-Amz-Expires=36000') },
    { target: good.target.replace('a%20param', 'b%20param') },
    { target: good.target.replace(/X-Amz-Signature=./, 'X-Amz-Signature=z') },
    { body: Buffer.from('{"a":1}') },
  ];
  for (const change of changes) {
    assert.throws(() => authenticate({ ...good, ...change }), { code: 'InvalidSignatureException' });
  }
  for (const expires of ['0', '604801', '-1', 'x', '1e3', '']) {
    const target = good.target.replace('X-Amz-Expires=3600', `X-Amz-Expires=${expires}`);
    assert.throws(() => authenticate({ ...good, target }), {
      code: 'IncompleteSignatureException',
      message: /X-Amz-Expires/,
    });
  }
});
