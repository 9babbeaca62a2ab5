/** HTTP/2 frames in any order and of any content, over a real socket to a real listener with a real road behind it. */
import type { Dice } from '../../src/host/host.ts';
import { operations } from '../../src/streams/operations.ts';
import type { StructureShape } from '../../src/wire/shape/shape.ts';
import { cut, openPort } from '../connection.ts';
import { populate } from '../dictionary.ts';
import { asJson } from '../make/as-json.ts';
import { inputTree } from '../make/tree.ts';
import { mutate, once, pick } from '../mutate.ts';
import { Fault, type OpenTarget, type Target } from '../target.ts';
import { basicDate, JSON_TYPE, openAuthorization, openWorld } from '../world.ts';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const NAMES = Object.keys(operations) as (keyof typeof operations)[];
const FRAME_HEADER_BYTES = 9;
const [
  DATA,
  HEADERS,
  PRIORITY,
  RST_STREAM,
  SETTINGS,
  PUSH_PROMISE,
  PING,
  GOAWAY,
  WINDOW_UPDATE,
  CONTINUATION,
] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const END_STREAM = 1;
const END_HEADERS = 4;
/** The static table's `:status: 500`, as a server of Node's writes it: the first byte of the headers. */
const STATUS_500 = 0x8e;

function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array,
  length = payload.length,
): Buffer {
  const bytes = Buffer.alloc(FRAME_HEADER_BYTES + payload.length);
  bytes.writeUIntBE(length & 0xffffff, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream >>> 0, 5);
  bytes.set(payload, FRAME_HEADER_BYTES);
  return bytes;
}

/** HPACK: literals that are not indexed, without Huffman codes. */
function literal(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const rest = bytes.length - 127;
  const digits: number[] = [];
  for (let left = rest; ; left >>>= 7) {
    digits.push(left < 128 ? left : 128 | (left & 127));
    if (left < 128) break;
  }
  return Buffer.concat([Buffer.from([127, ...digits]), bytes]);
}

const ODD_HEADERS: readonly (readonly [string, string])[] = [
  [':path', ''],
  [':method', 'GET'],
  [':scheme', 'ftp'],
  [':status', '200'],
  [':unknown', 'x'],
  ['Upper', 'x'],
  ['connection', 'close'],
  ['transfer-encoding', 'chunked'],
  ['te', 'gzip'],
  ['content-length', '-1'],
  ['content-length', '4'],
  ['content-length', '99999999999'],
  ['expect', '100-continue'],
  ['expect', 'x'],
  ['host', 'evil.example'],
  ['', 'x'],
  ['x', '\u0000'],
  ['x', 'a'.repeat(3000)],
  ['x y', 'z'],
  ['cookie', 'a=b'],
];

async function open(): Promise<OpenTarget> {
  const world = await openWorld();
  let dictionary = await populate(world);
  const port = await openPort(world);

  function headerBlock(dice: Dice, name: string, length: number): Buffer {
    const fields: (readonly [string, string])[] = [
      [':method', 'POST'],
      [':scheme', 'http'],
      [':path', '/'],
      [':authority', 'localhost'],
      ['content-type', JSON_TYPE],
      ['x-amz-target', `Kinesis_20131202.${name}`],
      ['x-amz-date', basicDate(world.clock.now())],
      ['authorization', openAuthorization(world.clock.now())],
      ['content-length', String(length)],
    ];
    if (once(dice, 3))
      fields.splice(dice.integer(fields.length + 1), once(dice, 3) ? 1 : 0, pick(dice, ODD_HEADERS));
    const block = Buffer.concat(fields.map(([field, value]) => literal(field, value)));
    return once(dice, 6) ? mutate(dice, block) : block;
  }

  function request(dice: Dice, stream: number): Buffer[] {
    const name = pick(dice, NAMES);
    const body = asJson(dice, inputTree(dice, operations[name].input as StructureShape, dictionary));
    const block = headerBlock(dice, name, body.length + (once(dice, 12) ? 1 : 0));
    const frames: Buffer[] = [];
    if (once(dice, 8)) {
      const middle = dice.integer(block.length);
      frames.push(frame(HEADERS!, once(dice, 8) ? END_STREAM : 0, stream, block.subarray(0, middle)));
      frames.push(frame(CONTINUATION!, END_HEADERS, stream, block.subarray(middle)));
    } else frames.push(frame(HEADERS!, END_HEADERS | (once(dice, 8) ? END_STREAM : 0), stream, block));
    const parts = cut(body, once(dice, 4) ? 1 + dice.integer(50) : 0);
    parts.forEach((part, at) => {
      if (part.length > 16384) return;
      frames.push(frame(DATA!, at === parts.length - 1 && !once(dice, 12) ? END_STREAM : 0, stream, part));
    });
    return frames;
  }

  function oddFrame(dice: Dice): Buffer {
    const stream = pick(dice, [0, 1, 1, 2, 3, 5, 7, 0x7fffffff, 0x80000001]);
    switch (dice.integer(9)) {
      case 0:
        return frame(SETTINGS!, dice.integer(2), 0, dice.bytes(6 * dice.integer(4)));
      case 1:
        return frame(PING!, dice.integer(2), stream, dice.bytes(once(dice, 4) ? 7 : 8));
      case 2:
        return frame(RST_STREAM!, 0, stream, Buffer.from([0, 0, 0, dice.integer(16)]));
      case 3:
        return frame(
          WINDOW_UPDATE!,
          0,
          stream,
          pick(dice, [
            Buffer.from([0, 0, 0, 0]),
            Buffer.from([127, 255, 255, 255]),
            Buffer.from([0, 0, 1, 0]),
          ]),
        );
      case 4:
        return frame(PRIORITY!, 0, stream, dice.bytes(5));
      case 5:
        return frame(PUSH_PROMISE!, END_HEADERS, stream, dice.bytes(10));
      case 6:
        return frame(GOAWAY!, 0, stream, dice.bytes(8 + dice.integer(8)));
      case 7:
        return frame(
          dice.integer(256),
          dice.integer(256),
          stream,
          dice.bytes(dice.integer(40)),
          once(dice, 5) ? dice.integer(2 ** 24) : undefined,
        );
      default:
        return Buffer.concat(
          Array.from({ length: 1 + dice.integer(30) }, () =>
            frame(pick(dice, [PING!, SETTINGS!, RST_STREAM!]), 0, 0, dice.bytes(8)),
          ),
        );
    }
  }

  function generate(dice: Dice): Uint8Array {
    const frames: Buffer[] = [];
    if (!once(dice, 30)) frames.push(frame(SETTINGS!, 0, 0, Buffer.alloc(0)));
    let stream = 1;
    for (let count = 1 + dice.integer(4); count > 0; count--) {
      if (once(dice, 4)) frames.push(oddFrame(dice));
      else {
        frames.push(...request(dice, stream));
        if (!once(dice, 12)) stream += 2;
      }
    }
    if (once(dice, 10)) frames.reverse();
    let bytes = Buffer.concat(frames);
    if (once(dice, 3)) bytes = mutate(dice, bytes) as Buffer<ArrayBuffer>;
    const preface = once(dice, 40) ? mutate(dice, PREFACE) : PREFACE;
    return Buffer.concat([
      Buffer.from([once(dice, 3) ? 0 : 1, once(dice, 10) ? 1 + dice.integer(100) : 0]),
      preface,
      bytes,
    ]);
  }

  async function check(input: Uint8Array): Promise<string> {
    const [ends = 0, pieceBytes = 0] = input;
    // Who ends its side of an HTTP/2 connection has left, so most inputs wait for the answers first.
    const answer = await port.exchange(cut(input.subarray(2), pieceBytes), ends === 0);
    return judge(answer, Buffer.from(input));
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

/** What was answered last. Frames of the server are always whole and well formed, but the last may be cut by the close. */
function judge(answer: Buffer, input: Buffer): string {
  if (answer.length === 0) return 'cut off';
  if (answer.toString('latin1', 0, 5) === 'HTTP/') {
    if (input.subarray(2, 2 + PREFACE.length).equals(PREFACE))
      throw new Fault('HTTP/1.1 is answered to HTTP/2');
    return 'HTTP/1.1';
  }
  let last = 'settings';
  for (let at = 0; at + FRAME_HEADER_BYTES <= answer.length;) {
    const length = answer.readUIntBE(at, 3);
    const type = answer[at + 3];
    if (type === HEADERS && answer[at + FRAME_HEADER_BYTES] === STATUS_500) throw new Fault('an answer 500');
    if (type === HEADERS) last = 'answer';
    if (type === GOAWAY) last = `goaway ${answer.readUInt32BE(at + FRAME_HEADER_BYTES + 4)}`;
    at += FRAME_HEADER_BYTES + length;
  }
  return last;
}

export const http2: Target = {
  name: 'http2',
  about:
    'HTTP/2 frames over real sockets: requests, controls, floods, wrong lengths, broken header blocks, and mutated',
  weight: 6,
  open,
};
