/**
 * Standard base64 (RFC 4648, section 4) to and from bytes, as strict as AWS: whole groups of four, padding at the end only, no
 * other characters, no bits left over. Short values are done here with tables, because a call into the runtime
 * costs more than the work; long ones by the runtime, which uses SIMD.
 */
import { repeated } from './serialization.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PAD = 0x3d;
/** Longer texts and values are better left to the runtime. */
export const NATIVE_FROM_CHARS = 256;

/** Six bits of each letter; 255 of what is none. */
export const VALUE_OF = new Uint8Array(256).fill(255);
for (let value = 0; value < 64; value += 1) VALUE_OF[ALPHABET.charCodeAt(value)] = value;

/** The 12 bits of each two letters, by the number that they are as a little-endian word; negative when one of them is none. */
const PAIR_VALUE = new Int16Array(65536).fill(-1);
for (let bits = 0; bits < 4096; bits += 1) {
  PAIR_VALUE[ALPHABET.charCodeAt(bits >> 6) | (ALPHABET.charCodeAt(bits & 63) << 8)] = bits;
}

/** Two characters for each 12 bits, little-endian: first character in the low byte. */
export const PAIRS = new Uint16Array(4096);
for (let bits = 0; bits < 4096; bits += 1) {
  PAIRS[bits] = ALPHABET.charCodeAt(bits >> 6) | (ALPHABET.charCodeAt(bits & 63) << 8);
}

/** The bytes that the base64 text in `source[start, end)` stands for when it is well formed; -1 when its length cannot be. */
export function decodedLength(source: Uint8Array, start: number, end: number): number {
  const chars = end - start;
  if ((chars & 3) !== 0) return -1;
  if (chars === 0) return 0;
  const pads = source[end - 1] !== PAD ? 0 : source[end - 2] !== PAD ? 1 : 2;
  return (chars >> 2) * 3 - pads;
}

/**
 * Decodes the text at `start` of `source` into `target` at `offset`; `length` is what `decodedLength` gave.
 * False when the text is not well formed; `target` may then hold part of it.
 */
export function decodeBase64(
  source: Buffer,
  start: number,
  target: Buffer,
  offset: number,
  length: number,
): boolean {
  const whole = length - (length % 3);
  let from = start;
  let to = offset;
  const toEnd = offset + whole;
  while (to < toEnd) {
    const a = VALUE_OF[source[from]!]!;
    const b = VALUE_OF[source[from + 1]!]!;
    const c = VALUE_OF[source[from + 2]!]!;
    const d = VALUE_OF[source[from + 3]!]!;
    if ((a | b | c | d) > 63) return false;
    target[to] = (a << 2) | (b >> 4);
    target[to + 1] = (b << 4) | (c >> 2);
    target[to + 2] = (c << 6) | d;
    from += 4;
    to += 3;
  }
  return whole === length || decodeTail(source, from, target, to, length - whole);
}

/**
 * Decodes whole groups from `from` on and gives where the first one begins that is not of four letters, or `end`. Reads three
 * bytes beyond `end` at the most, and writes one byte beyond what it decodes.
 */
export function decodeGroups(
  source: DataView,
  from: number,
  end: number,
  target: DataView,
  to: number,
): number {
  while (from < end) {
    const chars = source.getUint32(from, true);
    const bits = (PAIR_VALUE[chars & 0xffff]! << 12) | PAIR_VALUE[chars >>> 16]!;
    if (bits < 0) break;
    target.setInt32(to, bits << 8);
    from += 4;
    to += 3;
  }
  return from;
}

/** The last group, of which one or two bytes are wanted. */
export function decodeTail(source: Buffer, from: number, target: Buffer, to: number, bytes: number): boolean {
  const a = VALUE_OF[source[from]!]!;
  const b = VALUE_OF[source[from + 1]!]!;
  if ((a | b) > 63) return false;
  target[to] = (a << 2) | (b >> 4);
  if (bytes === 1) return (b & 15) === 0;
  const c = VALUE_OF[source[from + 2]!]!;
  if (c > 63) return false;
  target[to + 1] = (b << 4) | (c >> 2);
  return (c & 3) === 0;
}

/**
 * The same by the runtime, of which `text` is what stands in `source[start, end)`. The runtime skips what it does not know and
 * takes the URL-safe letters too; so what it wrote must have the full length, the two letters must be absent, and the
 * last group is decoded once more, strictly.
 */
export function decodeBase64Natively(
  text: string,
  source: Buffer,
  end: number,
  target: Buffer,
  offset: number,
  length: number,
): boolean {
  if (target.write(text, offset, length, 'base64') !== length) return false;
  if (text.includes('-') || text.includes('_')) return false;
  const rest = length % 3;
  return rest === 0 || decodeTail(source, end - 4, target, offset + length - rest, rest);
}

/** The characters that `bytes` bytes take in base64. */
export function encodedLength(bytes: number): number {
  return (((bytes + 2) / 3) | 0) * 4;
}

/** Writes `source` in base64 into `target` at `offset`, which has room for it. */
export function encodeBase64(source: Uint8Array, target: Buffer, offset: number): void {
  encodeBase64Range(source, 0, source.length, target, offset);
}

export function encodeBase64Range(
  source: Uint8Array,
  start: number,
  end: number,
  target: Buffer,
  offset: number,
): void {
  const length = end - start;
  if (length > NATIVE_FROM_CHARS) {
    const bytes = Buffer.isBuffer(source)
      ? source
      : Buffer.from(source.buffer, source.byteOffset, source.length);
    target.write(bytes.toString('base64', start, end), offset, 'latin1');
    return;
  }
  let to = offset;
  let from = start;
  for (const wholeEnd = end - (length % 3); from < wholeEnd; from += 3) {
    const first = source[from]!;
    const second = source[from + 1]!;
    const third = source[from + 2]!;
    const left = PAIRS[(first << 4) | (second >> 4)]!;
    const right = PAIRS[((second & 15) << 8) | third]!;
    target[to] = left;
    target[to + 1] = left >> 8;
    target[to + 2] = right;
    target[to + 3] = right >> 8;
    to += 4;
  }
  if (from === end) return;
  const first = source[from]!;
  const second = from + 1 < end ? source[from + 1]! : 0;
  const left = PAIRS[(first << 4) | (second >> 4)]!;
  target[to] = left;
  target[to + 1] = left >> 8;
  target[to + 2] = from + 1 < end ? PAIRS[(second & 15) << 8]! : PAD;
  target[to + 3] = PAD;
}

/** Why AWS does not take `text` as base64; undefined when it does. */
export function base64Fault(text: string): string | undefined {
  const complaint = `'${repeated(text)}' can not be converted to a Blob: `;
  if (text.length % 4 !== 0) {
    return `${complaint}Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`;
  }
  const wrong = /[^a-zA-Z0-9+/=]|=[^=]/.exec(text);
  if (wrong !== null) return `${complaint}Invalid Base64 character: '${wrong[0][0]}'`;
  if (Buffer.from(text, 'base64').toString('base64') !== text) {
    return `${complaint}Invalid last non-pad Base64 character dectected`;
  }
  return undefined;
}
