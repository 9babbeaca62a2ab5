/**
 * Hash keys: the 128-bit numbers that place records on shards, as four 32-bit words, most significant first. A record's is
 * the MD5 of its partition key's UTF-8 bytes, read as a big-endian number (AWS's API reference, PutRecord),
 * or its ExplicitHashKey.
 *
 * MD5 is here in plain JavaScript, see md5-pair.ts. Nothing is allocated, and there is no BigInt: this runs for every record.
 */
import { begin, type Digest, LEFT, mixBoth, RIGHT } from './md5-pair.ts';

export type HashKey = Uint32Array;

export const HASH_KEY_WORDS = 4;

export function newHashKey(): HashKey {
  return new Uint32Array(HASH_KEY_WORDS);
}

/** Negative when a is below b, positive when above, 0 when equal. */
export function compareHashKeys(a: HashKey, b: HashKey): number {
  for (let word = 0; word < 4; word++) if (a[word] !== b[word]) return a[word]! < b[word]! ? -1 : 1;
  return 0;
}

const DIGITS_A_STEP = 6;
const DECIMALS_MAX = 39;

/** Reads decimal digits into `target`, at `target[at]`. False, with what stands there undefined, when the number is not below 2^128 or a character is no digit. */
export function parseHashKey(text: string, target: HashKey, at = 0): boolean {
  const length = text.length;
  if (length === 0 || length > DECIMALS_MAX) return false;
  target.fill(0, at, at + HASH_KEY_WORDS);
  for (let digits = 0; digits < length;) {
    let chunk = 0;
    let scale = 1;
    for (const end = Math.min(digits + DIGITS_A_STEP, length); digits < end; digits++) {
      const digit = text.charCodeAt(digits) - 48;
      if (digit < 0 || digit > 9) return false;
      chunk = chunk * 10 + digit;
      scale *= 10;
    }
    // A word times 10^6 and a carry below 10^6 stays below 2^53: exact in a double.
    for (let word = at + HASH_KEY_WORDS - 1; word >= at; word--) {
      const value = target[word]! * scale + chunk;
      chunk = Math.floor(value / 0x1_0000_0000);
      target[word] = value - chunk * 0x1_0000_0000;
    }
    if (chunk !== 0) return false;
  }
  return true;
}

const BLOCK_BYTES = 64;
const BLOCK_WORDS = 16;
const LENGTH_AT = 56;

/** The MD5 of `length` bytes from `start`, as a hash key, which is written at `target[at]`. */
export function hashPartitionKey(
  bytes: Uint8Array,
  start: number,
  length: number,
  target: HashKey,
  at = 0,
): void {
  hashOne(viewOf(bytes), start, length, target, at);
}

function hashOne(view: DataView, start: number, length: number, target: HashKey, at: number): void {
  begin(LEFT);
  let done = 0;
  for (; length - done >= BLOCK_BYTES; done += BLOCK_BYTES) {
    loadWords(LEFT, view, start + done, BLOCK_BYTES);
    mixBoth();
  }
  loadEnd(LEFT, view, start + done, length - done);
  if (length - done >= LENGTH_AT) {
    mixBoth();
    LEFT.block.fill(0);
  }
  LEFT.block[14] = length * 8;
  mixBoth();
  give(LEFT, target, at);
}

/** The same of many: the hash key of the bytes from `starts[i]` to `ends[i]` goes to `target[4 * i]`. A start of -1 stands for no key. */
export function hashPartitionKeys(
  bytes: Uint8Array,
  starts: Int32Array,
  ends: Int32Array,
  count: number,
  target: Uint32Array,
): void {
  const view = viewOf(bytes);
  let waiting = -1;
  for (let index = 0; index < count; index++) {
    const start = starts[index]!;
    const length = ends[index]! - start;
    if (start === -1) continue;
    if (length >= LENGTH_AT) {
      // It takes several blocks, and both sides are used for it.
      hashOne(view, start, length, target, index * HASH_KEY_WORDS);
      continue;
    }
    if (waiting === -1) {
      waiting = index;
      continue;
    }
    beginShort(LEFT, view, starts[waiting]!, ends[waiting]! - starts[waiting]!);
    beginShort(RIGHT, view, start, length);
    mixBoth();
    give(LEFT, target, waiting * HASH_KEY_WORDS);
    give(RIGHT, target, index * HASH_KEY_WORDS);
    waiting = -1;
  }
  if (waiting === -1) return;
  const start = starts[waiting]!;
  hashOne(view, start, ends[waiting]! - start, target, waiting * HASH_KEY_WORDS);
}

/** A message of one block, below `LENGTH_AT` bytes. */
function beginShort(digest: Digest, view: DataView, start: number, length: number): void {
  begin(digest);
  loadEnd(digest, view, start, length);
  digest.block[14] = length * 8;
}

/** The last bytes of a message, the bit that ends it, and zeros. */
function loadEnd(digest: Digest, view: DataView, start: number, length: number): void {
  const { block } = digest;
  let word = loadWords(digest, view, start, length);
  let last = 0x80;
  for (let at = start + length - 1; at >= start + word * 4; at--) last = (last << 8) | view.getUint8(at);
  block[word++] = last;
  for (; word < BLOCK_WORDS; word++) block[word] = 0;
}

/** Gives how many words there were. */
function loadWords({ block }: Digest, view: DataView, start: number, length: number): number {
  const words = length >> 2;
  for (let word = 0; word < words; word++) block[word] = view.getInt32(start + word * 4, true);
  return words;
}

function give({ state }: Digest, target: HashKey, at: number): void {
  for (let word = 0; word < HASH_KEY_WORDS; word++) target[at + word] = swapBytes(state[word]!);
}

/** MD5's words are little-endian, the number is read big-endian. */
function swapBytes(word: number): number {
  return ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | ((word >>> 24) & 0xff);
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}
