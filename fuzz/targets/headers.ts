/**
 * Signatures and headers against a server that verifies them: a request that was signed properly, then changed. What is covered by
 * the signature and no longer the same must be refused; whatever else is changed must be answered with an error of AWS's or served.
 */
import { createHash, createHmac } from 'node:crypto';
import type { Credential } from '../../src/access/credentials.ts';
import type { Dice } from '../../src/host/host.ts';
import type { WireRequest } from '../../src/wire/message.ts';
import { mutate, once, pick } from '../mutate.ts';
import { Fault, type OpenTarget, type Target } from '../target.ts';
import { ACCOUNT, basicDate, JSON_TYPE, openWorld, REGION } from '../world.ts';

const KEY = { id: 'AKIDVERIFIED', secret: 'secret/of+the=key' };

/** A request as an input spells it: JSON, so that it can be replayed. Strings hold one byte a letter. */
type Spelled = {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** Something that the signature covers is not what was signed: it must not be served. */
  readonly forged: boolean;
};

const HEADER_VALUES = [
  '',
  ' ',
  'x',
  '\t',
  'AWS4-HMAC-SHA256',
  'AWS4-HMAC-SHA256 Credential=',
  'AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=0',
  'Basic YTpi',
  'aws4_request',
  '20261124T120000Z',
  'Tue, 24 Nov 2026 12:00:00 GMT',
  '99999999T999999Z',
  '0',
  '-1',
  'é',
  '\xff\xfe',
  'a'.repeat(5000),
  'host;host',
  ';',
  'host;x-amz-date;:authority',
  'application/x-amz-cbor-1.1',
  'application/json',
  'text/xml; charset=',
  'Kinesis_20131202.',
  '.',
  'Kinesis_20131202.ListStreams.ListStreams',
];
const HEADER_NAMES = [
  'authorization',
  'x-amz-date',
  'date',
  'host',
  'content-type',
  'x-amz-target',
  'x-amz-security-token',
  'x-amz-content-sha256',
  'origin',
  'expect',
  '',
  'x',
];
const QUERY = [
  'X-Amz-Algorithm=AWS4-HMAC-SHA256',
  'X-Amz-Credential=AKIDVERIFIED%2F20261124%2Fus-east-1%2Fkinesis%2Faws4_request',
  'X-Amz-Signature=00',
  'X-Amz-SignedHeaders=host',
  'X-Amz-Date=20261124T120000Z',
  'X-Amz-Expires=60',
  'X-Amz-Expires=-1',
  'X-Amz-Security-Token=',
  '%',
  '%zz',
  '=',
  '&',
  'a=b',
  'X-Amz-Algorithm',
  '%00=%ff',
  'a=a&a=b',
];

function sign(spelled: Omit<Spelled, 'forged'>, nowMs: number, names: readonly string[]): string {
  const sha256 = (text: string): string =>
    createHash('sha256').update(Buffer.from(text, 'latin1')).digest('hex');
  const headers = new Map(spelled.headers);
  const [path, query = ''] = spelled.target.split('?');
  const lines = names.map((name) => `${name}:${headers.get(name) ?? ''}\n`).join('');
  const canonical = `${spelled.method}\n${path}\n${query}\n${lines}\n${names.join(';')}\n${sha256(spelled.body)}`;
  const scope = `${basicDate(nowMs).slice(0, 8)}/${REGION}/kinesis/aws4_request`;
  const hmac = (key: string | Uint8Array, text: string): Uint8Array =>
    createHmac('sha256', key).update(text).digest();
  const key = scope.split('/').reduce<string | Uint8Array>(hmac, `AWS4${KEY.secret}`);
  const signature = Buffer.from(
    hmac(key, `AWS4-HMAC-SHA256\n${basicDate(nowMs)}\n${scope}\n${sha256(canonical)}`),
  ).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=${KEY.id}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
}

async function open(): Promise<OpenTarget> {
  const credential: Credential = {
    secretAccessKey: KEY.secret,
    sessionToken: undefined,
    expiresMs: undefined,
    caller: { account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, accessKeyId: KEY.id },
    signingKeys: new Map(),
  };
  const find = (id: string): Credential | undefined => (id === KEY.id ? credential : undefined);
  const world = await openWorld({ kind: 'verified', credentials: { find } });

  function generate(dice: Dice): Uint8Array {
    const nowMs = world.clock.now();
    const names = ['host', 'x-amz-date', 'x-amz-target'];
    const base = {
      method: 'POST',
      target: once(dice, 3) ? `/?${pick(dice, ['a=b', 'a=', 'b=1&c=2'])}` : '/',
      headers: [
        ['host', 'localhost:4567'],
        ['content-type', JSON_TYPE],
        ['x-amz-target', 'Kinesis_20131202.ListStreams'],
        ['x-amz-date', basicDate(nowMs)],
      ] as (readonly [string, string])[],
      body: '{}',
    };
    const signed = {
      ...base,
      headers: [...base.headers, ['authorization', sign(base, nowMs, names)] as const],
    };
    return Buffer.from(JSON.stringify(changed(dice, signed)), 'utf8');
  }

  async function check(input: Uint8Array): Promise<string> {
    const spelled = JSON.parse(Buffer.from(input).toString()) as Spelled;
    const request: WireRequest = {
      method: spelled.method,
      target: spelled.target,
      headers: new Map(spelled.headers),
      body: Buffer.from(spelled.body, 'latin1'),
      ...{ loopback: true, httpVersion: '1.1', secure: false, signal: new AbortController().signal },
    };
    const { status, body } = await world.serve(request);
    const failures = world.takeFailures();
    if (failures.length > 0) throw new Fault(`the server calls it its own fault: ${failures.join('; ')}`);
    if (status >= 500) throw new Fault(`status ${status}`);
    if (status === 200 && spelled.forged) throw new Fault('a request was served that was not signed so');
    if (status === 200) return '200';
    const code = /[A-Z]\w+Exception/.exec(Buffer.from(body as Uint8Array).toString())?.[0];
    if (code === undefined && spelled.method !== 'HEAD' && spelled.method !== 'OPTIONS')
      throw new Fault(`an answer ${status} without a type`);
    return `${status} ${code ?? ''}`;
  }

  return { generate, check, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

type Signed = Omit<Spelled, 'forged'>;

function changed(dice: Dice, signed: Signed): Spelled {
  const covered = new Set(['host', 'x-amz-date', 'x-amz-target']);
  const withHeader = (name: string, value: string): Signed['headers'] => [
    ...signed.headers.filter(([each]) => each !== name),
    [name, value],
  ];
  switch (dice.integer(9)) {
    case 0:
      return { ...signed, forged: false };
    case 1: {
      const name = pick(dice, HEADER_NAMES);
      const value = pick(dice, HEADER_VALUES);
      const before = signed.headers.find(([each]) => each === name)?.[1];
      return {
        ...signed,
        headers: withHeader(name, value),
        forged: covered.has(name) && value.trim() !== before,
      };
    }
    case 2: {
      const [name, before] = pick(dice, signed.headers);
      const value = mutate(dice, Buffer.from(before, 'latin1'), HEADER_VALUES).toString('latin1');
      const same = value.trim().replaceAll(/ +/g, ' ') === before;
      return { ...signed, headers: withHeader(name, value), forged: covered.has(name) && !same };
    }
    case 3: {
      const [name] = pick(dice, signed.headers);
      return {
        ...signed,
        headers: signed.headers.filter(([each]) => each !== name),
        forged: covered.has(name) || name === 'authorization',
      };
    }
    case 4: {
      const body = mutate(dice, Buffer.from(signed.body, 'latin1')).toString('latin1');
      return { ...signed, body, forged: body !== signed.body };
    }
    case 5: {
      const parts = Array.from({ length: 1 + dice.integer(6) }, () => pick(dice, QUERY));
      const target = `/?${parts.join('&')}`;
      return { ...signed, target, forged: parametersOf(target) !== parametersOf(signed.target) };
    }
    case 6:
      return {
        ...signed,
        method: pick(dice, ['GET', 'HEAD', 'PUT', 'OPTIONS', 'post', '', 'POST ']),
        forged: true,
      };
    case 7: {
      const headers = withHeader('authorization', '').filter(([name]) => name !== 'authorization');
      const parts = Array.from({ length: 6 }, () => pick(dice, QUERY));
      return { ...signed, headers, target: `/?${parts.join('&')}`, forged: true };
    }
    default: {
      const target = mutate(dice, Buffer.from(signed.target), ['/', '..', '?', '%2e', '#']).toString(
        'latin1',
      );
      return { ...signed, target, forged: false };
    }
  }
}

/** What of a query counts: its order and empty parts do not. */
function parametersOf(target: string): string {
  const query = target.split('?')[1] ?? '';
  return query
    .split('&')
    .filter((part) => part !== '')
    .sort()
    .join('&');
}

export const headers: Target = {
  name: 'headers',
  about:
    'signed requests with changed headers, queries, methods, bodies and signatures, to a server that verifies them',
  weight: 8,
  open,
};
