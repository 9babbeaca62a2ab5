/**
 * A slow reader of CBOR (RFC 8949), written from the RFC for what cborg leaves out: strings in chunks, and broken UTF-8, which
 * cborg lets pass. It makes a tree of Maps and lists, with tags read over but for big numbers:
 * whole numbers are bigints, floats are numbers. Throws for what is no CBOR.
 */
type Place = {
  at: number;
  depth: number;
  depthMax: number;
  repeated: boolean;
  oddKeys: boolean;
};

export type PlainCbor = {
  readonly tree: unknown;
  /** The most lists and maps within each other. */
  readonly depth: number;
  /** A map has a key twice; the tree has the last of them. */
  readonly repeated: boolean;
  /** A map has a key that is no text. */
  readonly oddKeys: boolean;
};

export function readPlainCbor(bytes: Uint8Array): PlainCbor {
  const place: Place = { at: 0, depth: 0, depthMax: 0, repeated: false, oddKeys: false };
  const tree = item(bytes, place);
  if (tree === BREAK || place.at !== bytes.length) throw new Error('not one item');
  return { tree, depth: place.depthMax, repeated: place.repeated, oddKeys: place.oddKeys };
}

const BREAK = Symbol('break');

function item(bytes: Uint8Array, place: Place): unknown {
  const initial = take(bytes, place, 1)[0]!;
  const major = Math.floor(initial / 32);
  const info = initial % 32;
  if (major === 7) return simple(bytes, place, info);
  const argument = info === 31 ? undefined : unsigned(bytes, place, info);
  switch (major) {
    case 0:
      return present(argument);
    case 1:
      return -1n - present(argument);
    case 2:
    case 3:
      return string(bytes, place, major, argument);
    case 4:
    case 5: {
      place.depth += 1;
      place.depthMax = Math.max(place.depthMax, place.depth);
      const value = major === 4 ? list(bytes, place, argument) : map(bytes, place, argument);
      place.depth -= 1;
      return value;
    }
    default: {
      const tag = present(argument);
      const innermost = Math.floor(bytes[place.at]! / 32) !== 6;
      const value = item(bytes, place);
      if (value === BREAK) throw new Error('a tag before a break');
      if (!innermost || (tag !== 2n && tag !== 3n) || !(value instanceof Uint8Array)) return value;
      const magnitude = BigInt(`0x0${Buffer.from(value).toString('hex')}`);
      return tag === 2n ? magnitude : -1n - magnitude;
    }
  }
}

function list(bytes: Uint8Array, place: Place, argument: bigint | undefined): unknown[] {
  const elements: unknown[] = [];
  for (let left = argument; left === undefined || left > 0n; left = left === undefined ? left : left - 1n) {
    const element = item(bytes, place);
    if (element === BREAK && left === undefined) return elements;
    if (element === BREAK) throw new Error('a break in a list of known length');
    elements.push(element);
  }
  return elements;
}

function map(bytes: Uint8Array, place: Place, argument: bigint | undefined): Map<unknown, unknown> {
  const entries = new Map<unknown, unknown>();
  for (let left = argument; left === undefined || left > 0n; left = left === undefined ? left : left - 1n) {
    const key = item(bytes, place);
    if (key === BREAK && left === undefined) return entries;
    const value = item(bytes, place);
    if (key === BREAK || value === BREAK) throw new Error('a break in a map');
    place.repeated ||= entries.has(key);
    place.oddKeys ||= typeof key !== 'string';
    entries.set(key, value);
  }
  return entries;
}

function string(
  bytes: Uint8Array,
  place: Place,
  major: number,
  length: bigint | undefined,
): string | Uint8Array {
  if (length !== undefined) {
    const content = take(bytes, place, Number(length));
    return major === 2 ? content : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  }
  const chunks: (string | Uint8Array)[] = [];
  for (;;) {
    const initial = take(bytes, place, 1)[0]!;
    if (initial === 0xff) break;
    if (Math.floor(initial / 32) !== major) throw new Error('a chunk of another type');
    chunks.push(string(bytes, place, major, unsigned(bytes, place, initial % 32)));
  }
  return major === 2 ? Buffer.concat(chunks as Uint8Array[]) : chunks.join('');
}

function unsigned(bytes: Uint8Array, place: Place, info: number): bigint {
  if (info < 24) return BigInt(info);
  if (info > 27) throw new Error('a reserved length');
  return BigInt(`0x${Buffer.from(take(bytes, place, 2 ** (info - 24))).toString('hex')}`);
}

function simple(bytes: Uint8Array, place: Place, info: number): unknown {
  if (info === 31) return BREAK;
  if (info === 20 || info === 21) return info === 21;
  if (info === 22 || info === 23) return null;
  if (info < 25 || info > 27) throw new Error('an unknown simple value');
  const content = Buffer.from(take(bytes, place, 2 ** (info - 24)));
  if (info === 27) return content.readDoubleBE(0);
  if (info === 26) return content.readFloatBE(0);
  const half = content.readUInt16BE(0);
  const exponent = Math.floor(half / 1024) % 32;
  const fraction = half % 1024;
  const magnitude =
    exponent === 0
      ? fraction / 2 ** 24
      : exponent === 31
        ? fraction === 0
          ? Infinity
          : Number.NaN
        : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return half >= 0x8000 ? -magnitude : magnitude;
}

function present(argument: bigint | undefined): bigint {
  if (argument === undefined) throw new Error('a length that is missing');
  return argument;
}

function take(bytes: Uint8Array, place: Place, count: number): Uint8Array {
  if (place.at + count > bytes.length) throw new Error('the end is missing');
  place.at += count;
  return bytes.subarray(place.at - count, place.at);
}
