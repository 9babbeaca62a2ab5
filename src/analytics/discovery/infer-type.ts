/**
 * The type of a column from samples of its values. AWS publishes no rules but some results: whole numbers are INTEGER (a month of one digit too), texts
 * VARCHAR of the next power of two from 4 on, times stay texts; decision 0621.
 */
import type { SqlType } from '../../sql/types.ts';

/** `text` is what a string says, or the source text of what is none. */
export type Sample = { readonly kind: 'string' | 'number' | 'boolean' | 'json'; readonly text: string };

const TEXT_LENGTH_MIN = 4;
const TEXT_LENGTH_MAX = 65_535;
/** More digits than a REAL gives back. */
const REAL_DIGITS_MAX = 7;
const WHOLE = /^-?\d+$/;
const INTEGER_MAX = 2n ** 31n;
const BIGINT_MAX = 2n ** 63n;

const textType = (length: number): SqlType => {
  let size = TEXT_LENGTH_MIN;
  while (size < length) size *= 2;
  return { name: 'VARCHAR', length: Math.min(size, TEXT_LENGTH_MAX) };
};

const numberType = (texts: readonly string[]): SqlType => {
  if (texts.every((text) => WHOLE.test(text))) {
    const within = (limit: bigint): boolean =>
      texts.every((text) => BigInt(text) < limit && BigInt(text) >= -limit);
    if (within(INTEGER_MAX)) return { name: 'INTEGER' };
    return within(BIGINT_MAX) ? { name: 'BIGINT' } : { name: 'DOUBLE' };
  }
  const digits = Math.max(
    ...texts.map((text) => text.replace(/[eE].*$/, '').replaceAll(/\D|^[-0.]+/g, '').length),
  );
  return { name: digits <= REAL_DIGITS_MAX ? 'REAL' : 'DOUBLE' };
};

/** Nulls are no samples; without any the column is the shortest text. */
export const inferType = (samples: readonly Sample[]): SqlType => {
  if (samples.length > 0 && samples.every(({ kind }) => kind === 'number'))
    return numberType(samples.map(({ text }) => text));
  if (samples.length > 0 && samples.every(({ kind }) => kind === 'boolean')) return { name: 'BOOLEAN' };
  return textType(Math.max(0, ...samples.map(({ text }) => text.length)));
};
