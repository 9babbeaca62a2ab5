/**
 * HTTP/1.1 as this listener understands it against Node's own server, whose parser is llhttp: what that refuses is refused here,
 * and what it takes is the same requests here, however the bytes are cut. A difference would let a proxy in front and this
 * server take one connection for different requests.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import { ByteBudget } from '../../base/byte-budget.ts';
import { realClock } from '../../host/real/clock.ts';
import type { Dice } from '../../host/host.ts';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { createHttp1 } from './http1.ts';
import { headersFrom } from './incoming.ts';
import { text } from './listen-for-test.ts';
import { LISTENER_LIMITS } from './listener-limits.ts';
import { Sweep } from './sweep.ts';

type Outcome = { readonly requests: readonly unknown[]; readonly refused: boolean };

const HOST = 'host: a\r\n';
const CHUNKED = `POST / HTTP/1.1\r\n${HOST}transfer-encoding: chunked\r\n\r\n`;

const withHeaders = (...lines: string[]): string => `POST / HTTP/1.1\r\n${HOST}${lines.join('\r\n')}\r\n\r\n`;

const VALID = [
  `GET / HTTP/1.1\r\n${HOST}\r\n`,
  `POST /a/b%20c?d=e#f HTTP/1.1\r\n${HOST}content-length: 5\r\n\r\nhello`,
  `POST / HTTP/1.1\r\n${HOST}X-Amz-Target: Kinesis_20131202.PutRecord\r\nx-a:  b\xe9 \t c  \r\nX-A: d\r\ncontent-length: 1\r\n\r\nx`,
  `${CHUNKED}3\r\nabc\r\n10;a=b;c="d\\"e"\r\n0123456789abcdef\r\n0\r\nx-trailer: y\r\n\r\n`,
  `PUT * HTTP/1.1\r\n${HOST}transfer-encoding: gzip, Chunked\r\n\r\n0\r\n\r\n`,
  `OPTIONS http://u@h:80/p?q HTTP/1.1\r\n${HOST}\r\n`,
  'GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n',
  `\r\n\r\nM-SEARCH  /  HTTP/1.1\r\n${HOST}\r\n`,
];

const HAND_MADE = [
  ...VALID,
  VALID.join(''),
  'GET / HTTP/1.1\r\n\r\n',
  'GET / HTTP/1.1\n\r\n',
  `GET / HTTP/1.1 \r\n${HOST}\r\n`,
  `GET / HTTP/1.2\r\n${HOST}\r\n`,
  `GET /\t HTTP/1.1\r\n${HOST}\r\n`,
  `get / HTTP/1.1\r\n${HOST}\r\n`,
  `GETX / HTTP/1.1\r\n${HOST}\r\n`,
  ...[
    'abc',
    'http:/a',
    'http://a@@b/',
    'http://a@b@c',
    'http://',
    'http://a"b',
    '/\xe9',
    '/\x7f',
    '/a b',
    '',
    '?',
    '//',
    '*a',
  ].map((target) => `GET ${target} HTTP/1.1\r\n${HOST}\r\n`),
  `GET / HTTP/1.1\r\n ${HOST}\r\n`,
  ...[
    'a',
    ' a: b',
    ': b',
    'a : b',
    'a\t: b',
    'a(b: c',
    'a: b\r\n c',
    'a:\r\n b',
    'a: b\rc',
    'a: b\nc: d',
    'a: \x00',
    'a: \x7f',
    'a: \xff',
    'a:',
    'a:\t \t',
    'host: b',
  ].map((line) => withHeaders(line)),
  ...[
    '',
    '+1',
    '-1',
    '1e3',
    '0x1',
    '1, 1',
    '1 1',
    '1 \t',
    '01',
    ' 1',
    '18446744073709551616',
    '1\r\ncontent-length: 1',
    '1\r\ncontent-length: 2',
  ].map((length) => `${withHeaders(`content-length: ${length}`)}x`),
  ...[
    'chunked',
    'CHUNKED',
    'gzip,chunked',
    ', chunked',
    'chunked, gzip',
    'chunked, chunked',
    'chunked,',
    'identity',
    'xchunked',
    'gzip chunked',
    '"chunked"',
    'chunked;a=b',
    '',
    'chunked\t',
    '\tchunked',
    'chunked\r\ntransfer-encoding: gzip',
    'gzip\r\ntransfer-encoding: chunked',
    'chunked\r\ncontent-length: 1',
  ].map((coding) => `${withHeaders(`transfer-encoding: ${coding}`)}1\r\nx\r\n0\r\n\r\n`),
  ...['content-length: 1\r\ntransfer-encoding: chunked', 'content-length: 0\r\ntransfer-encoding: gzip'].map(
    (lines) => `${withHeaders(lines)}0\r\n\r\n`,
  ),
  ...[
    '0;',
    '1 ',
    ' 1',
    '1;a',
    '1; a',
    '1;a =b',
    '1;a= b',
    '1;a="b',
    '1;a="b"c',
    '1;=a',
    '1;a=',
    '1;;a',
    '1;a="\\\x00"',
    'g',
    '',
    '0x1',
    '-1',
    '1\n',
  ].map((size) => `${CHUNKED}${size}\r\nx\r\n0\r\n\r\n`),
  ...[
    '1\r\nxy\r\n0\r\n\r\n',
    '1\r\nx\n0\r\n\r\n',
    '1\r\nx0\r\n\r\n',
    '1\nx\r\n0\r\n\r\n',
    '0\r\n',
    '0\r\n\n',
    '0\r\n a\r\n\r\n',
    '0\r\na: b\r\n c\r\n\r\n',
    '0\r\na\r\n\r\n',
    '0\r\ncontent-length: 1\r\n\r\n',
    '0\r\ntransfer-encoding: gzip\r\n\r\n',
    '0\r\na: \x00\r\n\r\n',
  ].map((body) => CHUNKED + body),
];

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets `accept` have a connection over which `pieces` come; resolves to what was answered. */
async function converse(
  accept: (socket: ReturnType<typeof duplexPair>[0]) => void,
  pieces: readonly Buffer[],
): Promise<string> {
  const [client, server] = duplexPair();
  let received = '';
  client.setEncoding('latin1').on('data', (chunk: string) => {
    received += chunk;
  });
  client.on('error', () => {});
  server.on('error', () => {});
  accept(server);
  for (const piece of pieces) {
    if (!client.destroyed) client.write(piece);
    await turns(1);
  }
  client.end();
  await turns(4);
  client.destroy();
  server.destroy();
  return received;
}

async function asNode(pieces: readonly Buffer[]): Promise<Outcome> {
  const requests: unknown[] = [];
  let refused = false;
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    // Node answers it with 400 and goes on.
    if (request.httpVersion === '1.1' && request.headers.host === undefined) refused = true;
    if (refused) return;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => {
      const { method, url: target } = request;
      requests.push({
        method,
        target,
        headers: [...headersFrom(request.rawHeaders)],
        body: Buffer.concat(chunks).toString('latin1'),
      });
      response.end();
    });
  });
  server.on('clientError', (_error, socket) => {
    refused = true;
    // The requests before it are told a little later.
    setImmediate(() => socket.destroy());
  });
  await converse((socket) => server.emit('connection', socket), pieces);
  return { requests, refused };
}

async function asOurs(pieces: readonly Buffer[]): Promise<Outcome> {
  const requests: unknown[] = [];
  const sweep = new Sweep(realClock);
  const timer = (delayMs: number, callback: () => void) =>
    realClock.timer(delayMs, callback, { background: true });
  const http1 = createHttp1({
    budget: new ByteBudget({ bytesMax: 1e6, timer }),
    limits: LISTENER_LIMITS,
    sweep,
    timer,
    date: () => 'now',
    log: { warn: () => assert.fail(), error: (fields) => assert.fail(String(fields['error'])) },
    async handle({ method, target, headers, body }) {
      requests.push({ method, target, headers: [...headers], body: Buffer.from(body).toString('latin1') });
      return text('');
    },
  });
  const received = await converse(
    (socket) => http1.accept(socket, { secure: false, loopback: true }),
    pieces,
  );
  sweep.stop();
  return { requests, refused: received.includes(' 400 ') };
}

/** What is refused here on purpose: other versions or none, chunk extensions without a name or a value, tabs in codings. */
const STRICTER =
  /HTTP\/(?:0\.9|2\.0)|RTSP|ICE|;[;=]|=[;\r]|(?:^|\n)[A-Z-]+ +[^ ]*\r?\n|transfer-encoding:[^\r]*\S\t/i;
/** Node calls what follows a last request a fault, here it is thrown away. */
const MAY_BE_LAST = /HTTP\/1\.0|close/;

async function compare(bytes: string, cut: (bytes: Buffer) => readonly Buffer[]): Promise<void> {
  if (STRICTER.test(bytes)) return;
  const whole = Buffer.from(bytes, 'latin1');
  const node = await asNode([whole]);
  const ours = await asOurs(cut(whole));
  const refused = MAY_BE_LAST.test(bytes) ? ours.refused : node.refused;
  assert.deepEqual(ours, { ...node, refused }, JSON.stringify(bytes));
}

const whole = (bytes: Buffer): readonly Buffer[] => [bytes];

test('heads and bodies made by hand are taken and refused as by Node, whole and byte by byte', async () => {
  for (const bytes of HAND_MADE) await compare(bytes, whole);
  const bitByBit = (bytes: Buffer) => Array.from(bytes, (byte) => Buffer.of(byte));
  for (const bytes of VALID) await compare(bytes, bitByBit);
});

test('so are requests with random faults, cut at random', async () => {
  const dice = createSimulatedDice(Number(process.env['SEED'] ?? 7));
  for (let round = 0; round < Number(process.env['ROUNDS'] ?? 400); round += 1) {
    const bytes = spoilt(VALID[dice.integer(VALID.length)]! + VALID[dice.integer(VALID.length)]!, dice);
    const cutAt = dice.integer(bytes.length + 1);
    await compare(bytes, (all) => [all.subarray(0, cutAt), all.subarray(cutAt)]);
  }
});

const PIECES = [
  '\r',
  '\n',
  '\r\n',
  ' ',
  '\t',
  ':',
  ',',
  ';',
  '"',
  '=',
  '0',
  '1',
  'a',
  '\x00',
  '\x7f',
  '\xe9',
  '/',
  '@',
  'chunked',
  'content-length: 1\r\n',
  'host: b\r\n',
];

function spoilt(bytes: string, dice: Dice): string {
  for (let faults = 1 + dice.integer(2); faults > 0; faults -= 1) {
    const at = dice.integer(bytes.length);
    const piece = PIECES[dice.integer(PIECES.length)]!;
    bytes = bytes.slice(0, at) + piece + bytes.slice(at + dice.integer(3));
  }
  return bytes;
}
