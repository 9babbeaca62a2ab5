/**
 * The naive decoder that the byte scanners are held against: a whole tree is parsed first, by JSON.parse or a CBOR library, then
 * it is walked along the shape.
 */
import { base64Fault } from '../base64.ts';
import {
  type Found,
  booleanMessage,
  booleanOfText,
  malformed,
  mismatchMessage,
  mistyped,
  timestampMs,
  wholeNumber,
} from '../serialization.ts';
import type { Shape, StructureShape } from '../shape.ts';

export function decodeJsonNaively(shape: StructureShape, body: Uint8Array): unknown {
  let tree: unknown;
  try {
    tree = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    throw malformed();
  }
  return decodeTree(shape, tree, 1000);
}

/** `integerTimeMs` is what a whole number counts where a timestamp is declared; a bigint is milliseconds. */
export function decodeTree(shape: StructureShape, tree: unknown, integerTimeMs: number): unknown {
  if (typeof tree !== 'object' || tree === null || tree instanceof Uint8Array) throw malformed();
  return valueOf(shape, tree, integerTimeMs);
}

function kindOf(value: unknown): Found {
  if (value instanceof Uint8Array) return 'bytes';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'bigint') return 'number';
  if (typeof value === 'object') return 'structure';
  return typeof value as Found;
}

function valueOf(shape: Shape, value: unknown, integerTimeMs: number): unknown {
  if (value === null || value === undefined) return null;
  const found = kindOf(value);
  const refuse = (): never => {
    throw mistyped(mismatchMessage(shape.kind, found));
  };
  switch (shape.kind) {
    case 'string':
      return found === 'string' ? value : refuse();
    case 'integer':
    case 'long':
      return found === 'number' ? wholeNumber(shape.kind, Number(value)) : refuse();
    case 'double':
      return found === 'number' ? Number(value) : refuse();
    case 'timestamp': {
      if (found !== 'number') return refuse();
      if (typeof value === 'bigint') return timestampMs(Number(value));
      return timestampMs((value as number) * (Number.isInteger(value) ? integerTimeMs : 1000));
    }
    case 'boolean':
      return found === 'boolean' ? value : found === 'string' ? booleanOf(value as string) : refuse();
    case 'blob':
      if (found === 'bytes') return Buffer.from(value as Uint8Array);
      return found === 'string' ? blobOf(value as string) : refuse();
    case 'list':
      if (!Array.isArray(value)) return refuse();
      return value.map((element) => valueOf(shape.member, element, integerTimeMs));
    case 'map':
      if (found !== 'structure') return refuse();
      return new Map(
        Object.entries(value).map(([key, entry]) => [key, valueOf(shape.value, entry, integerTimeMs)]),
      );
    case 'structure': {
      if (found !== 'structure') return refuse();
      const decoded: Record<string, unknown> = {};
      for (const [name, held] of Object.entries(value)) {
        const member = Object.hasOwn(shape.members, name) ? shape.members[name] : undefined;
        if (member === undefined) continue;
        const read = valueOf(member.shape, held, integerTimeMs);
        if (read !== null) decoded[name] = read;
      }
      return decoded;
    }
    default:
      throw new TypeError(`no ${shape.kind} in an input`);
  }
}

function booleanOf(text: string): boolean {
  const value = booleanOfText(text);
  if (value === undefined) throw mistyped(booleanMessage(text));
  return value;
}

function blobOf(text: string): Uint8Array {
  const fault = base64Fault(text);
  if (fault !== undefined) throw mistyped(fault);
  return Buffer.from(text, 'base64');
}
