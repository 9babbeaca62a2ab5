/** HTTP/1.1 as clients never write it, over a real socket to a real listener with a real road behind it. */
import type { Dice } from '../../src/host/host.ts';
import { operations } from '../../src/streams/operations.ts';
import type { StructureShape } from '../../src/wire/shape/shape.ts';
import { cut, openPort } from '../connection.ts';
import { populate } from '../dictionary.ts';
import { asJson } from '../make/as-json.ts';
import { inputTree } from '../make/tree.ts';
import { mutate, once, pick } from '../mutate.ts';
import { Fault, type OpenTarget, type Target } from '../target.ts';
import { basicDate, CBOR_TYPE, JSON_TYPE, openAuthorization, openWorld } from '../world.ts';

const NAMES = Object.keys(operations) as (keyof typeof operations)[];
const METHODS = [
  'POST',
  'POST',
  'POST',
  'POST',
  'GET',
  'HEAD',
  'OPTIONS',
  'PUT',
  'CONNECT',
  'TRACE',
  'PRI',
  'post',
  'X',
];
const TARGETS = [
  '/',
  '/',
  '/',
  '/healthz',
  '*',
  'http://localhost/',
  '/?a=b',
  '//',
  '/%00',
  '',
  '/ /',
  `/${'a'.repeat(3000)}`,
];
const VERSIONS = [
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/2.0',
  'HTTP/0.9',
  'http/1.1',
  'HTTP/1.1 ',
  '',
];
const ODD_HEADERS = [
  'transfer-encoding: chunked',
  'transfer-encoding: gzip, chunked',
  'transfer-encoding: identity',
  'transfer-encoding : chunked',
  'content-length: 5',
  'content-length: -1',
  'content-length: 99999999999999999999',
  'content-length: 16777217',
  'content-length: 0x10',
  'content-length: 3, 3',
  'connection: close',
  'connection: keep-alive',
  'connection: upgrade',
  'upgrade: h2c',
  'upgrade: websocket',
  'http2-settings: AAMAAABkAAQAAP__',
  'expect: 100-continue',
  'expect: 200-ok',
  'host: a',
  'host:',
  ': empty',
  'x y: z',
  ' folded: line',
  '\tfolded',
  'x: \u0000',
  'x: \u0001\u007f\u00ff',
  `x: ${'a'.repeat(2000)}`,
  'origin: http://evil.example',
  'origin: http://localhost:3000',
  'trailer: x',
  'te: trailers',
  'accept-encoding: gzip',
];
const LINE_ENDS = ['\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r', '\r\r\n'];
const SIGNS = [
  '\r\n',
  '\n',
  '\r\n\r\n',
  ' ',
  ':',
  'HTTP/1.1',
  'GET / HTTP/1.1\r\n\r\n',
  '0\r\n\r\n',
  'ffffffff\r\n',
  '\u0016\u0003\u0001',
];

async function open(): Promise<OpenTarget> {
  const world = await openWorld();
  let dictionary = await populate(world);
  const port = await openPort(world);

  function request(dice: Dice): Buffer {
    const end = once(dice, 3) ? pick(dice, LINE_ENDS) : '\r\n';
    const name = pick(dice, NAMES);
    const body = once(dice, 5)
      ? Buffer.alloc(0)
      : asJson(dice, inputTree(dice, operations[name].input as StructureShape, dictionary));
    const careful = once(dice, 2);
    const lines = [
      careful ? 'POST / HTTP/1.1' : `${pick(dice, METHODS)} ${pick(dice, TARGETS)} ${pick(dice, VERSIONS)}`,
      'host: localhost',
      `content-type: ${once(dice, 6) ? CBOR_TYPE : JSON_TYPE}`,
      `x-amz-target: Kinesis_20131202.${name}`,
      `x-amz-date: ${basicDate(world.clock.now())}`,
      `authorization: ${openAuthorization(world.clock.now())}`,
    ];
    const chunked = once(dice, 4);
    lines.push(
      chunked
        ? 'transfer-encoding: chunked'
        : `content-length: ${body.length + (once(dice, 12) ? dice.integer(9) - 4 : 0)}`,
    );
    if (!careful || once(dice, 6)) {
      for (let count = dice.integer(3); count >= 0; count--)
        lines.splice(1 + dice.integer(lines.length), 0, pick(dice, ODD_HEADERS));
    }
    if (once(dice, 200)) for (let count = 0; count < 2500; count++) lines.push(`x-${count}: 1`);
    const head = Buffer.from(`${lines.join(end)}${end}${end}`, 'latin1');
    return Buffer.concat([head, chunked ? inChunks(dice, body) : body]);
  }

  function generate(dice: Dice): Uint8Array {
    const requests = Array.from({ length: once(dice, 4) ? 2 + dice.integer(4) : 1 }, () => request(dice));
    let bytes = Buffer.concat(requests);
    if (once(dice, 2)) bytes = mutate(dice, bytes, SIGNS) as Buffer<ArrayBuffer>;
    if (once(dice, 40)) bytes = Buffer.from(dice.bytes(dice.integer(300)));
    return Buffer.concat([
      Buffer.from([once(dice, 5) ? 0 : 1, once(dice, 8) ? 1 + dice.integer(200) : 0]),
      bytes,
    ]);
  }

  async function check(input: Uint8Array): Promise<string> {
    const [ends = 0, pieceBytes = 0] = input;
    const answer = await port.exchange(cut(input.subarray(2), pieceBytes), ends === 1);
    const text = answer.toString('latin1');
    if (text === '') return 'cut off';
    // Whoever sends the preface of HTTP/2 is answered with its frames.
    if (!text.startsWith('HTTP/1.1 ')) {
      if (Buffer.from(input).includes('PRI')) return 'HTTP/2';
      throw new Fault(`the answer is no HTTP: ${text.slice(0, 100)}`);
    }
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status!);
    if (statuses.includes('500')) throw new Fault(`an answer 500: ${text}`);
    return `${statuses.at(-1)} ${/[A-Z]\w+(?:Exception|Failure)/.exec(text)?.[0] ?? ''}`;
  }

  return {
    generate,
    check,
    async settle() {
      dictionary = await populate(world);
    },
    async [Symbol.asyncDispose]() {
      await port[Symbol.asyncDispose]();
      await world[Symbol.asyncDispose]();
    },
  };
}

function inChunks(dice: Dice, body: Uint8Array): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const piece = body.subarray(at, (at += 1 + dice.integer(40)));
    const size = once(dice, 40)
      ? pick(dice, ['-1', 'g', 'ffffffffffffffff', '0', ''])
      : piece.length.toString(16);
    const extension = once(dice, 20) ? pick(dice, [';x=y', ';', ' ', `;${'e'.repeat(500)}`]) : '';
    parts.push(Buffer.from(`${size}${extension}\r\n`), Buffer.from(piece), Buffer.from('\r\n'));
  }
  const trailers = once(dice, 10) ? pick(dice, ['x: y\r\n', 'content-length: 5\r\n', ': \r\n']) : '';
  if (!once(dice, 30)) parts.push(Buffer.from(`0\r\n${trailers}\r\n`));
  return Buffer.concat(parts);
}

export const http1: Target = {
  name: 'http1',
  about: 'HTTP/1.1 bytes over real sockets: pipelined, cut, chunked, folded, half-closed, and mutated',
  weight: 6,
  open,
};
