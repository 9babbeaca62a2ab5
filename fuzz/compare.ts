/** Holds what a decoder made against what the independent one makes. */
import { inspect, isDeepStrictEqual } from 'node:util';
import type { Expected, Outcome } from './oracle.ts';
import { Fault } from './target.ts';

export function compareOutcomes(actual: Outcome, expected: Expected): string {
  const { outcome, ambiguous, mayBeMalformed } = expected;
  if (agree(actual, outcome)) return actual.kind;
  // A wrong type under a key that is repeated is told, though the last one counts.
  if (ambiguous && actual.kind === 'mistyped') return 'mistyped';
  if (mayBeMalformed === true && actual.kind === 'malformed') return 'malformed';
  throw new Fault(`the decoder says ${shown(actual)}, the independent one ${shown(outcome)}`);
}

function agree(actual: Outcome, expected: Outcome): boolean {
  if (actual.kind !== expected.kind) return false;
  if (actual.kind === 'mistyped') return actual.message === (expected as typeof actual).message;
  if (actual.kind === 'malformed') return true;
  return isDeepStrictEqual(plainBuffers(actual.value), plainBuffers((expected as typeof actual).value));
}

/** Views of bytes differ in class and offset; the bytes are what counts. */
function plainBuffers(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return value.map(plainBuffers);
  if (value instanceof Map) return new Map([...value].map(([key, held]) => [key, plainBuffers(held)]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, plainBuffers(held)]));
}

function shown(outcome: Outcome): string {
  return inspect(outcome, { depth: 6, breakLength: Infinity, maxStringLength: 200 }).slice(0, 600);
}
