/** Arithmetic on the 128-bit hash key space, for the control plane: exact, in decimal text as AWS writes it. */

const SPACE = 1n << 128n;

export type HashKeyRange = { readonly startingHashKey: string; readonly endingHashKey: string };

/** Decimal texts without leading zeros: the longer is the greater, equal lengths compare as text. */
export function compareHashKeys(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `count` ranges of width floor(2^128 / count); the last one takes the rest. Source: AWS's recorded answers, as kinesalite repeats them. */
export function uniformRanges(count: number): readonly HashKeyRange[] {
  const width = SPACE / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    startingHashKey: String(width * BigInt(index)),
    endingHashKey: String((index === count - 1 ? SPACE : width * BigInt(index + 1)) - 1n),
  }));
}

/** The hash key just below. */
export function hashKeyBefore(hashKey: string): string {
  return String(BigInt(hashKey) - 1n);
}

/** True when `second` starts right after `first` ends. */
export function areAdjacent(first: HashKeyRange, second: HashKeyRange): boolean {
  return BigInt(first.endingHashKey) + 1n === BigInt(second.startingHashKey);
}

/** SplitShard's rule: above the start by more than one, and below the end. */
export function canSplitAt(range: HashKeyRange, newStartingHashKey: string): boolean {
  const key = BigInt(newStartingHashKey);
  return key > BigInt(range.startingHashKey) + 1n && key < BigInt(range.endingHashKey);
}
