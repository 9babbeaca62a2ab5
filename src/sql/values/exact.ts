/**
 * Exact whole numbers of up to 128 bits: a BIGINT, and the digits of a DECIMAL. A value is a number where that is safe and a bigint beyond, and
 * never a bigint that would be safe as a number, so that `===` compares and almost every row does without bigints.
 */
import type { IntegerName } from '../types.ts';
import { RowError } from '../value.ts';

export type Exact = number | bigint;

const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER);

export const INTEGER_RANGES: Readonly<Record<IntegerName, readonly [min: Exact, max: Exact]>> = {
  TINYINT: [-128, 127],
  SMALLINT: [-32_768, 32_767],
  INTEGER: [-2_147_483_648, 2_147_483_647],
  BIGINT: [-(2n ** 63n), 2n ** 63n - 1n],
};

/** The one representation of a value. */
export const exact = (value: bigint): Exact =>
  value >= -SAFE_MAX && value <= SAFE_MAX ? Number(value) : value;

export const overflow = (type: string): never => {
  throw new RowError('NUMERIC_OVERFLOW', `numeric value out of range: the result does not fit in ${type}`);
};

export const divideByZero = (): never => {
  throw new RowError('DIVISION_BY_ZERO', 'division by zero');
};

export const addExact = (a: Exact, b: Exact): Exact => {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return exact(BigInt(a) + BigInt(b));
};

export const subtractExact = (a: Exact, b: Exact): Exact => addExact(a, negateExact(b));

export const negateExact = (a: Exact): Exact => (typeof a === 'bigint' ? exact(-a) : a === 0 ? 0 : -a);

export const multiplyExact = (a: Exact, b: Exact): Exact => {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    // A product of -0 would not be the one zero.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return exact(BigInt(a) * BigInt(b));
};

/** Towards zero, as integers divide in SQL. */
export const divideExact = (a: Exact, b: Exact): Exact => {
  if (b === 0) return divideByZero();
  if (typeof a === 'number' && typeof b === 'number') return Math.trunc(a / b) + 0;
  return exact(BigInt(a) / BigInt(b));
};

/** The remainder has the sign of the dividend: MOD(-4, 3) is -1. */
export const remainderExact = (a: Exact, b: Exact): Exact => {
  if (b === 0) return divideByZero();
  if (typeof a === 'number' && typeof b === 'number') return (a % b) + 0;
  return exact(BigInt(a) % BigInt(b));
};

/** Halves away from zero. */
export const divideRounded = (a: bigint, b: bigint): bigint => {
  const quotient = a / b;
  const rest = a - quotient * b;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  if (twice < (b < 0n ? -b : b)) return quotient;
  return quotient + (a < 0n === b < 0n ? 1n : -1n);
};

/** The value, where the type holds it. */
export const inRange = (value: Exact, name: IntegerName): Exact => {
  const [min, max] = INTEGER_RANGES[name];
  return value >= min && value <= max ? value : overflow(name);
};
