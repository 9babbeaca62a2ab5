import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createSimulatedClock } from '../host/simulated/clock.ts';
import type { SignedRequest } from '../wire/shape/authentication.ts';
import { ServiceError } from '../wire/shape/service-error.ts';
import { createAuthenticate } from './authenticate.ts';
import { parseCredentials } from './credentials-file.ts';
import { authorization, scopeOf, signed } from './signing.fixture.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const clock = createSimulatedClock(NOW_MS);
const KEY = { id: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const FILE = `
[plain]
aws_access_key_id = ${KEY.id}
aws_secret_access_key = ${KEY.secret}
aws_account_id = 111122223333
[temporary]
aws_access_key_id = ASIAEXAMPLE
aws_secret_access_key = other
aws_session_token = token/with+signs==
x_security_token_expires = 2026-11-24T12:10:00Z
`;
const credentials = parseCredentials(FILE, 'file', '000000000000');
const verified = createAuthenticate({
  clock,
  mode: { kind: 'verified', credentials: { find: (id) => credentials.get(id) } },
});
const open = createAuthenticate({ clock, mode: { kind: 'open', account: '000000000000' } });

function errorOf(action: () => unknown): { code: string; message: string; status: number } {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof ServiceError, String(error));
    return { code: error.code, message: error.message, status: error.status };
  }
  assert.fail('nothing was thrown');
}

const request = (headers: Record<string, string>, target = '/', body = '{}'): SignedRequest => ({
  method: 'POST',
  target,
  headers: new Map(Object.entries({ host: 'localhost:4567', ...headers })),
  body: Buffer.from(body),
  loopback: true,
});

test('a signed request is its key’s caller, in the scope’s region and service', () => {
  assert.deepEqual(verified(signed({ key: KEY, nowMs: NOW_MS, region: 'eu-west-1', service: 'kinesis' })), {
    caller: { account: '111122223333', arn: 'arn:aws:iam::111122223333:root', accessKeyId: KEY.id },
    region: 'eu-west-1',
    service: 'kinesis',
  });
});

test('any part that was signed and then changed is noticed', () => {
  const good = signed({
    key: KEY,
    nowMs: NOW_MS,
    target: '/path?a=1',
    headers: { 'x-amz-target': 'Kinesis.Put' },
  });
  verified(good);
  const changes: Partial<SignedRequest>[] = [
    { method: 'PUT' },
    { target: '/path?a=2' },
    { target: '/path' },
    { target: '/path?a=1&X-Amz-Signature=00' },
    { target: '/paths?a=1' },
    { body: Buffer.from('{ }') },
    { headers: new Map([...good.headers, ['x-amz-target', 'Kinesis.Get']]) },
    { headers: new Map([...good.headers, ['host', 'localhost:4568']]) },
    { headers: new Map([...good.headers, ['x-amz-date', '20261124T115959Z']]) },
  ];
  for (const change of changes) {
    const { code, status } = errorOf(() => verified({ ...good, ...change }));
    assert.deepEqual([code, status], ['InvalidSignatureException', 400], JSON.stringify(change));
  }
});

test('the hash of the body counts, whatever x-amz-content-sha256 says', () => {
  const unsigned = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
  verified(signed({ key: KEY, nowMs: NOW_MS, headers: unsigned }));
  const good = signed({ key: KEY, nowMs: NOW_MS, headers: unsigned });
  assert.equal(
    errorOf(() => verified({ ...good, body: Buffer.from('x') })).code,
    'InvalidSignatureException',
  );
});

test('a wrong secret is told what should have been signed, as AWS tells it', () => {
  const { message } = errorOf(() =>
    verified(signed({ key: { ...KEY, secret: 'wrong' }, nowMs: NOW_MS, body: '' })),
  );
  const canonical =
    'POST\n/\n\nhost:localhost:4567\nx-amz-date:20261124T120000Z\n\nhost;x-amz-date\n' +
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const digest = createHash('sha256').update(canonical).digest('hex');
  assert.equal(
    message,
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\n' +
      `The Canonical String for this request should have been\n'${canonical}'\n\n` +
      `The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20261124T120000Z\n20261124/us-east-1/kinesis/aws4_request\n${digest}'\n`,
  );
  assert.ok(!message.includes(KEY.secret));
});

test('without a signature', () => {
  assert.deepEqual(
    errorOf(() => verified(request({}))),
    { code: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token', status: 400 },
  );
});

test('every missing part of the header is listed', () => {
  const all =
    "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
    "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  for (const value of [
    'X',
    'AWS4-HMAC-SHA256',
    'AWS4-HMAC-SHA256 Credential=,Signature=, SignedHeaders=',
    'Bearer a=b',
  ]) {
    assert.deepEqual(
      errorOf(() => verified(request({ authorization: value }))),
      { code: 'IncompleteSignatureException', message: `${all}Authorization=${value}`, status: 400 },
    );
  }
  const some = 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b';
  assert.equal(
    errorOf(() => verified(request({ authorization: some, date: 'Tue, 24 Nov 2026 12:00:00 GMT' }))).message,
    `Authorization header requires 'Signature' parameter. Authorization=${some}`,
  );
});

test('every missing part of the query is listed', () => {
  assert.deepEqual(
    errorOf(() => verified(request({}, '/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date='))),
    {
      code: 'IncompleteSignatureException',
      message:
        "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-Signature'. " +
        "AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.",
      status: 400,
    },
  );
});

test('header and query at once', () => {
  const { code, message } = errorOf(() => verified(request({ authorization: 'X' }, '/?X-Amz-Algorithm')));
  assert.equal(code, 'InvalidSignatureException');
  assert.equal(
    message,
    "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
  );
});

test('broken parts have AWS’s texts, in AWS’s order', () => {
  const told = (parts: { date?: string; value: string }) =>
    errorOf(() =>
      verified(request({ 'x-amz-date': parts.date ?? '20261124T120000Z', authorization: parts.value })),
    );
  const value = (credential: string, headers = 'host', algorithm = 'AWS4-HMAC-SHA256') =>
    `${algorithm} Credential=${credential}, SignedHeaders=${headers}, Signature=abc`;

  assert.deepEqual(told({ date: '201', value: value('a', 'x', 'y') }), {
    code: 'IncompleteSignatureException',
    message: "Date must be in ISO-8601 'basic format'. Got '201'. See http://en.wikipedia.org/wiki/ISO_8601",
    status: 400,
  });
  for (const date of [
    '20261324T120000Z',
    '2026-11-24T12:00:00Z',
    'now',
    '0',
    '20261124T120000Z,20261124T120000Z',
  ]) {
    assert.match(told({ date, value: value('a') }).message, /^Date must be in ISO-8601/);
  }
  assert.deepEqual(told({ value: value('a', 'x-amz-date', 'y') }), {
    code: 'InvalidSignatureException',
    message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    status: 400,
  });
  assert.equal(told({ value: value('a', 'host;host') }).code, 'InvalidSignatureException');
  assert.deepEqual(told({ value: value('a', 'Host', 'AWS4-HMAC-SHA25') }), {
    code: 'IncompleteSignatureException',
    message: "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only AWS4-HMAC-SHA256 for now). ",
    status: 400,
  });
  assert.deepEqual(told({ value: value('a/b/c/d') }), {
    code: 'IncompleteSignatureException',
    message:
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b/c/d'",
    status: 400,
  });
  assert.deepEqual(told({ value: value('a/b/C/kinesis/e') }), {
    code: 'InvalidSignatureException',
    message:
      "Credential should be scoped to a valid region, not 'C'. Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. " +
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: 'b' != '20261124', from '20261124T120000Z'.",
    status: 400,
  });
  assert.deepEqual(told({ value: value(`nobody/${scopeOf(NOW_MS)}`) }), {
    code: 'UnrecognizedClientException',
    message: 'The security token included in the request is invalid.',
    status: 400,
  });
  for (const signature of ['abc', 'ABCDEF'.repeat(11).slice(0, 64), 'z'.repeat(64)]) {
    const line = authorization({ key: KEY, nowMs: NOW_MS, signedHeaders: ['host', 'x-amz-date'], signature });
    assert.match(told({ value: line }).message, /^The request signature we calculated/);
  }
});

test('a clock may be wrong by fifteen minutes', () => {
  for (const minutes of [-15, 15]) verified(signed({ key: KEY, nowMs: NOW_MS + minutes * 60_000 }));
  assert.deepEqual(
    errorOf(() => verified(signed({ key: KEY, nowMs: NOW_MS - 901_000 }))),
    {
      code: 'InvalidSignatureException',
      message:
        'Signature expired: 20261124T114459Z is now earlier than 20261124T114500Z (20261124T120000Z - 15 min.)',
      status: 400,
    },
  );
  assert.equal(
    errorOf(() => verified(signed({ key: KEY, nowMs: NOW_MS + 901_000 }))).message,
    'Signature not yet current: 20261124T121501Z is still later than 20261124T121500Z (20261124T120000Z + 15 min.)',
  );
});

test('a Date header will do instead of X-Amz-Date', () => {
  verified(signed({ key: KEY, nowMs: NOW_MS, date: { date: 'Tue, 24 Nov 2026 12:00:00 GMT' } }));
  verified(signed({ key: KEY, nowMs: NOW_MS, date: { date: '20261124T120000Z' } }));
});

test('temporary credentials need their token, signed, and in time', () => {
  const key = { id: 'ASIAEXAMPLE', secret: 'other' };
  const token = (value: string) => ({ 'x-amz-security-token': value });
  const at = createSimulatedClock(NOW_MS);
  const authenticate = createAuthenticate({
    clock: at,
    mode: { kind: 'verified', credentials: { find: (id) => credentials.get(id) } },
  });
  const good = signed({ key, nowMs: NOW_MS, headers: token('token/with+signs==') });
  assert.deepEqual(authenticate(good).caller, {
    account: '000000000000',
    arn: 'arn:aws:iam::000000000000:root',
    accessKeyId: 'ASIAEXAMPLE',
    session: 'ASIAEXAMPLE',
  });
  const unsigned = signed({ key, nowMs: NOW_MS });
  const bad = [
    unsigned,
    { ...unsigned, headers: new Map([...unsigned.headers, ['x-amz-security-token', 'token/with+signs==']]) },
    signed({ key, nowMs: NOW_MS, headers: token('other') }),
    signed({ key: KEY, nowMs: NOW_MS, headers: token('token/with+signs==') }),
  ];
  for (const each of bad) assert.equal(errorOf(() => authenticate(each)).code, 'UnrecognizedClientException');
  at.setWallTime(NOW_MS + 600_000);
  assert.deepEqual(
    errorOf(() => authenticate(good)),
    {
      code: 'ExpiredTokenException',
      message: 'The security token included in the request is expired',
      status: 400,
    },
  );
});

test('on loopback without credentials any key is a root: of its own account when it is 12 digits', () => {
  const caller = (id: string, headers: Record<string, string> = {}) =>
    open(signed({ key: { id, secret: 'whatever' }, nowMs: NOW_MS, headers })).caller;
  assert.equal(caller('123456789012').account, '123456789012');
  assert.equal(caller('test').arn, 'arn:aws:iam::000000000000:root');
  assert.equal(caller('1234567890123').account, '000000000000');
  assert.equal(caller('test').session, undefined);
  assert.equal(caller('test', { 'x-amz-security-token': 'secret' }).session, 'test');
  assert.equal(errorOf(() => open(request({}))).code, 'MissingAuthenticationTokenException');
  const late = signed({ key: KEY, nowMs: NOW_MS - 901_000 });
  assert.match(errorOf(() => open(late)).message, /^Signature expired/);
});

test('on loopback without credentials only this machine is served, and no web page of another site', () => {
  const from = (headers: Record<string, string>, loopback = true) => {
    const good = signed({ key: KEY, nowMs: NOW_MS });
    return { ...good, headers: new Map([...good.headers, ...Object.entries(headers)]), loopback };
  };
  for (const host of [
    'localhost',
    'LOCALHOST:4567',
    '127.0.0.1:80',
    '127.9.8.7',
    '[::1]:4567',
    '[::1]',
    '000000000000.control-kinesis.localhost:4567',
    'localhost.',
  ]) {
    open(from({ host }));
    open(from({ host, origin: `http://${host}` }));
    open(from({ host, origin: `https://${host}` }));
  }
  for (const host of [
    '',
    'evil.example',
    'evil.example:4567',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'notlocalhost',
    '.localhost',
    '10.0.0.1',
    '0.0.0.0',
    '[::]',
    'localhost@evil.example',
    'localhost:4567:1',
  ]) {
    const { code, status } = errorOf(() => open(from({ host })));
    assert.deepEqual([code, status], ['AccessDeniedException', 403], host);
  }
  for (const origin of [
    'null',
    '',
    'https://evil.example',
    'http://localhost.evil.example',
    'file://',
    'http://a@localhost',
  ]) {
    assert.equal(errorOf(() => open(from({ origin }))).code, 'AccessDeniedException', origin);
  }
  assert.equal(errorOf(() => open(from({}, false))).code, 'AccessDeniedException');
  verified(from({ origin: 'https://evil.example' }, false));
});

test('garbage is refused with an error of AWS, never with another', () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const pieces = [
    'AWS4-HMAC-SHA256',
    ' ',
    ',',
    '=',
    '/',
    ';',
    '%',
    '%zz',
    '&',
    '?',
    '\u00ff',
    'Credential=',
    'Signature=',
    'SignedHeaders=',
    'X-Amz-Date=',
    'X-Amz-Algorithm=',
    'X-Amz-Expires=',
    '20261124T120000Z',
    `${KEY.id}/${scopeOf(NOW_MS)}`,
    'host',
    '..',
    '\0',
  ];
  const text = () => Array.from({ length: random(12) }, () => pieces[random(pieces.length)]).join('');
  for (let i = 0; i < 3000; i++) {
    const headers: Record<string, string> = { 'x-amz-date': random(3) === 0 ? text() : '20261124T120000Z' };
    if (random(2) === 0) headers['authorization'] = text();
    const garbage = request(headers, `/${text()}`);
    errorOf(() => verified(garbage));
    assert.ok(
      errorOf(() => (random(2) === 0 ? verified(garbage) : verified({ ...garbage, target: text() }))).code,
    );
  }
});

test('what is recalled of a claim is judged as if it were read anew', () => {
  const remembering = createAuthenticate({
    clock,
    mode: { kind: 'verified', credentials: { find: (id) => credentials.get(id) } },
  });
  const good = signed({ key: KEY, nowMs: NOW_MS, headers: { 'x-amz-target': 'Kinesis.Put' } });
  const told = good.headers.get('authorization')!;
  const unsigned = told.slice(0, -64);
  const authorizations = [
    told,
    `${unsigned}${'0'.repeat(64)}`,
    `${unsigned}${told.slice(-64).toUpperCase()}`,
    `${unsigned}abc, Credential=AKIDOTHER/20261124/us-east-1/kinesis/aws4_request`.padEnd(told.length, 'x'),
    `${unsigned}${'\u00e9'.repeat(64)}`,
    told.slice(0, -1),
    `${told}, Credential=AKIDOTHER/20261124/us-east-1/kinesis/aws4_request`,
  ];
  const dates = ['20261124T120000Z', '20261124T120001Z', '20261123T235959Z', '20261124T121501Z', 'now', ''];
  const outcome = (authenticate: typeof verified, request: SignedRequest): unknown => {
    try {
      return authenticate(request);
    } catch (error) {
      assert.ok(error instanceof ServiceError, String(error));
      return [error.code, error.message];
    }
  };
  for (const header of authorizations) {
    for (const date of dates) {
      for (const target of ['/', '/?a=1', '/path']) {
        const asked = new Map([...good.headers, ['authorization', header], ['x-amz-date', date]]);
        const changed = { ...good, target, headers: asked };
        remembering(good);
        const forgetful = createAuthenticate({
          clock,
          mode: { kind: 'verified', credentials: { find: (id) => credentials.get(id) } },
        });
        assert.deepEqual(
          outcome(remembering, changed),
          outcome(forgetful, changed),
          `${header} ${date} ${target}`,
        );
      }
    }
  }
});
