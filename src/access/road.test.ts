/** Signed requests on the whole road of a request: where on it this room is asked, and what its errors look like on the wire. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteBudget } from '../base/byte-budget.ts';
import { createSimulatedClock } from '../host/simulated/clock.ts';
import { createSimulatedDice } from '../host/simulated/dice.ts';
import { createHandleRequest } from '../wire/handle-request.ts';
import type { SignedRequest } from '../wire/shape/authentication.ts';
import { operation, type Call } from '../wire/shape/operation.ts';
import { required, string, structure } from '../wire/shape/shape.ts';
import { createAuthenticate, type AuthenticationMode } from './authenticate.ts';
import { authorizeRoot } from './authorize.ts';
import { parseCredentials } from './credentials-file.ts';
import { signed } from './signing.fixture.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const KEY = { id: 'AKIDEXAMPLE', secret: 'hush-hush' };
const credentials = parseCredentials(
  `[a]\naws_access_key_id=${KEY.id}\naws_secret_access_key=${KEY.secret}\naws_account_id=111122223333`,
  'file',
  '000000000000',
);

const Look = operation({
  name: 'Look',
  action: 'test:Look',
  input: structure('LookInput', { Arn: required(string({ min: 1 })) }),
  output: structure('LookOutput', { Arn: required(string()) }),
  errors: [],
  resources: (input) => [input.Arn],
});

function road(mode: AuthenticationMode) {
  const clock = createSimulatedClock(NOW_MS);
  const calls: Call[] = [];
  const failures: unknown[] = [];
  const handle = createHandleRequest({
    services: [
      {
        targetPrefix: 'Test_1',
        signingName: 'test',
        operations: { Look },
        handlers: {
          Look(input: { Arn: string }, call: Call) {
            calls.push(call);
            return input;
          },
        },
      },
    ],
    authenticate: createAuthenticate({ clock, mode }),
    authorize: authorizeRoot,
    dice: createSimulatedDice(1),
    clock,
    budget: new ByteBudget({ bytesMax: 1e9, timer: (delayMs, callback) => clock.timer(delayMs, callback) }),
    onFailure: (error) => failures.push(error),
  });
  const send = async (request: SignedRequest) => {
    const response = await handle({
      ...request,
      httpVersion: '1.1',
      secure: false,
      signal: new AbortController().signal,
    });
    assert.ok(response.body instanceof Uint8Array);
    assert.deepEqual(failures, []);
    const body = JSON.parse(Buffer.from(response.body).toString()) as Record<string, string>;
    const told = [response.status, body['__type'] ?? body['Arn'], body['message'] ?? body['Message']];
    return told.filter((part) => part !== undefined);
  };
  return { send, calls };
}

const verified: AuthenticationMode = {
  kind: 'verified',
  credentials: { find: (id) => credentials.get(id) },
};
const HEADERS = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Test_1.Look' };
const look = (arn: unknown, changed: { service?: string; key?: typeof KEY } = {}) =>
  signed({
    key: KEY,
    nowMs: NOW_MS,
    service: 'test',
    headers: HEADERS,
    body: JSON.stringify({ Arn: arn }),
    ...changed,
  });
const OWN = 'arn:aws:test:us-east-1:111122223333:thing/a';

test('a signed call reaches its operation with the caller and region that the signature proved', async () => {
  const { send, calls } = road(verified);
  assert.deepEqual(await send(look(OWN)), [200, OWN]);
  assert.equal(calls.length, 1);
  assert.equal(calls[0]!.caller.arn, 'arn:aws:iam::111122223333:root');
  assert.equal(calls[0]!.region, 'us-east-1');
});

test('authentication comes before the input is looked at, authorization after', async () => {
  const { send, calls } = road(verified);
  const wrong = { key: { ...KEY, secret: 'wrong' } };
  assert.deepEqual((await send(look(5, wrong))).slice(0, 2), [400, 'InvalidSignatureException']);
  assert.deepEqual((await send(look(5))).slice(0, 2), [400, 'SerializationException']);
  assert.deepEqual((await send(look(''))).slice(0, 2), [400, 'ValidationException']);
  const other = OWN.replace('1111', '2222');
  assert.deepEqual(await send(look(other)), [
    400,
    'AccessDeniedException',
    `User: arn:aws:iam::111122223333:root is not authorized to perform: test:Look on resource: ${other} because no resource-based policy allows the test:Look action`,
  ]);
  assert.deepEqual((await send(look(OWN, { key: { ...KEY, id: 'NOBODY' } }))).slice(0, 2), [
    400,
    'UnrecognizedClientException',
  ]);
  assert.deepEqual((await send(look(OWN, { service: 'other' }))).slice(0, 2), [
    400,
    'InvalidSignatureException',
  ]);
  assert.equal(calls.length, 0);
});

test('a page of another site is answered with 403 and reaches nothing', async () => {
  const { send, calls } = road({ kind: 'open', account: '111122223333' });
  assert.deepEqual(await send(look(OWN)), [200, OWN]);
  const good = look(OWN);
  const page = { ...good, headers: new Map([...good.headers, ['origin', 'https://evil.example']]) };
  assert.deepEqual((await send(page)).slice(0, 2), [403, 'AccessDeniedException']);
  const rebound = { ...good, headers: new Map([...good.headers, ['host', 'evil.example:4567']]) };
  assert.deepEqual((await send(rebound)).slice(0, 2), [403, 'AccessDeniedException']);
  assert.equal(calls.length, 1);
});
