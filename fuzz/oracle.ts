/**
 * The independent decoders that the server's are held against: JSON.parse and cborg make a whole tree, which is then walked along
 * the shape. The bounds that the server adds (depth, elements) are counted on the tree. Where the independent decoder cannot
 * know the answer (it forgets repeated keys, or that keys had an order), `ambiguous` says so.
 */
import { decode as cborgDecode } from 'cborg';
import { DEPTH_MAX } from '../src/wire/shape/serialization.ts';
import { ServiceError } from '../src/wire/shape/service-error.ts';
import type { StructureShape } from '../src/wire/shape/shape.ts';
import { decodeTree } from '../src/wire/shape/testing/plain-decoder.ts';
import { readPlainCbor, type PlainCbor } from './plain-cbor.ts';
import { Fault } from './target.ts';

export type Outcome =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'mistyped'; readonly message: string };

/** What a decoder of the server's does; anything but a value or a SerializationException is thrown on. */
export function outcomeOf(decode: () => unknown): Outcome {
  try {
    return { kind: 'value', value: decode() };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'SerializationException') throw error;
    return error.message === '' ? { kind: 'malformed' } : { kind: 'mistyped', message: error.message };
  }
}

export type Expected = {
  readonly outcome: Outcome;
  /** Keys are repeated, or look like indexes, which objects of the runtime sort. */
  readonly ambiguous: boolean;
  /** A map has a key that is no text: fine where it is read over, malformed where the shape has a map or structure. */
  readonly mayBeMalformed?: boolean;
};

export function expectedOfJson(shape: StructureShape, body: Uint8Array): Expected {
  let tree: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    tree = JSON.parse(text);
  } catch {
    return { outcome: { kind: 'malformed' }, ambiguous: false };
  }
  const seen = survey(tree);
  const ambiguous = seen.indexKeys || seen.entries !== colonsOutsideStrings(text);
  if (depthOf(text) > DEPTH_MAX) return { outcome: { kind: 'malformed' }, ambiguous: false };
  return { outcome: outcomeOf(() => decodeTree(shape, tree, 1000)), ambiguous };
}

/** Any tag is let pass. */
const TAGS = new Proxy([] as ((inner: () => unknown) => unknown)[], {
  get: (target, property) =>
    typeof property === 'string' && /^\d+$/.test(property)
      ? (inner: () => unknown) => inner()
      : Reflect.get(target, property),
});

/** A plain reader makes the tree, since cborg forgets what was a float; whatever cborg reads, the plain reader must read too. */
export function expectedOfCbor(shape: StructureShape, body: Uint8Array): Expected {
  let read: PlainCbor;
  try {
    read = readPlainCbor(body);
  } catch (error) {
    const byCborg = readByCborg(body);
    const { message } = error as Error;
    if (byCborg !== undefined && !CBORG_LETS_PASS.test(message)) {
      throw new Fault(`cborg reads what the plain reader calls no CBOR (${message})`);
    }
    return { outcome: { kind: 'malformed' }, ambiguous: false };
  }
  const tree = asPlain(read.tree);
  const ambiguous = read.repeated || survey(tree).indexKeys;
  if (read.depth > DEPTH_MAX) return { outcome: { kind: 'malformed' }, ambiguous: false };
  const outcome = outcomeOf(() => decodeTree(shape, tree, 1000));
  return { outcome, ambiguous, mayBeMalformed: read.oddKeys };
}

/** A break instead of a map's value, and broken UTF-8. */
const CBORG_LETS_PASS = /break in a map|utf-8/;

function readByCborg(body: Uint8Array): { readonly tree: unknown } | undefined {
  try {
    return { tree: cborgDecode(body, { useMaps: true, tags: TAGS as never, rejectDuplicateMapKeys: true }) };
  } catch {
    return undefined;
  }
}

/** Maps as objects without a prototype. */
function asPlain(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(asPlain);
  if (!(node instanceof Map)) return node;
  const plain = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of node) {
    plain[String(key)] = asPlain(value);
  }
  return plain;
}

type Survey = { entries: number; indexKeys: boolean };

function survey(tree: unknown): Survey {
  const seen: Survey = { entries: 0, indexKeys: false };
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array) return;
    for (const [key, value] of Object.entries(node)) {
      if (!Array.isArray(node)) {
        seen.entries += 1;
        seen.indexKeys ||= /^\d+$/.test(key);
      }
      look(value);
    }
  };
  look(tree);
  return seen;
}

function withoutStrings(json: string): string {
  return json.replaceAll(/"(?:[^"\\]|\\.)*"/gs, '');
}

function colonsOutsideStrings(json: string): number {
  return withoutStrings(json).split(':').length - 1;
}

/** Also under keys that are repeated, which the tree has forgotten. */
function depthOf(json: string): number {
  let depth = 0;
  let most = 0;
  for (const sign of withoutStrings(json)) {
    if (sign === '[' || sign === '{') most = Math.max(most, ++depth);
    else if (sign === ']' || sign === '}') depth--;
  }
  return most;
}
