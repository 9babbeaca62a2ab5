/** A regular expression, whatever syntax it was written in. */
import type { CharSet } from './char-set.ts';

export type Assertion =
  | 'begin'
  | 'end'
  /** Java's `$` and `\Z`: the end, or before the line's end that is last. */
  | 'end or last line end'
  | 'line begin'
  | 'line end'
  | 'word edge'
  | 'no word edge';

export type Node =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly parts: readonly Node[] }
  | { readonly kind: 'group'; readonly number: number; readonly body: Node }
  | {
      readonly kind: 'repeat';
      readonly body: Node;
      readonly min: number;
      readonly max: number;
      readonly isLazy: boolean;
    }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'look'; readonly isBehind: boolean; readonly isNegative: boolean; readonly body: Node }
  /** Possessive repeats too: what it has matched is not given back. */
  | { readonly kind: 'atomic'; readonly body: Node }
  | { readonly kind: 'back'; readonly number: number; readonly ignoresCase: boolean };

export type Pattern = { readonly node: Node; readonly groups: number };

/** Of the pattern itself: `offset` counts in it. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

export const sequence = (parts: readonly Node[]): Node =>
  parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
