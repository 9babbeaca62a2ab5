/**
 * DECIMAL(p, s): the value times 10^s, whole (see `exact.ts`). Eighteen digits at most where a program can see them; comparisons widen both sides to
 * one scale, which may take thirty-six. Rounding is half away from zero everywhere.
 */
import { divideByZero, divideRounded, exact, type Exact, multiplyExact, overflow } from './exact.ts';

export const DECIMAL_DIGITS_MAX = 18;

const POWERS: readonly number[] = Array.from({ length: 23 }, (_, digits) => Number(`1e${digits}`));
const BIG_POWERS: readonly bigint[] = Array.from({ length: 80 }, (_, digits) => 10n ** BigInt(digits));
/** Ten to this power is the last that multiplies exactly as a number. */
const SAFE_POWER = 15;

export const powerOfTen = (digits: number): Exact =>
  digits <= SAFE_POWER ? POWERS[digits]! : BIG_POWERS[digits]!;

/** Another scale, rounded where digits go. */
export const rescale = (value: Exact, from: number, to: number): Exact => {
  if (to === from || value === 0) return value;
  if (to > from) return multiplyExact(value, powerOfTen(to - from));
  if (typeof value === 'number' && from - to <= SAFE_POWER) {
    const divisor = POWERS[from - to]!;
    const whole = Math.trunc(value / divisor);
    const rest = value - whole * divisor;
    return whole + (rest * 2 >= divisor ? 1 : rest * 2 <= -divisor ? -1 : 0);
  }
  return exact(divideRounded(BigInt(value), BIG_POWERS[from - to]!));
};

export const checkDigits = (value: Exact, precision: number, scale: number): Exact => {
  const limit = powerOfTen(precision);
  return value < limit && value > -limit ? value : overflow(`DECIMAL(${precision}, ${scale})`);
};

/** `a / b` with the scale that is asked for, rounded. */
export const divideDecimal = (a: Exact, aScale: number, b: Exact, bScale: number, scale: number): Exact => {
  if (b === 0) return divideByZero();
  const shift = scale + bScale - aScale;
  return exact(
    shift >= 0
      ? divideRounded(BigInt(a) * BIG_POWERS[shift]!, BigInt(b))
      : divideRounded(BigInt(a), BigInt(b) * BIG_POWERS[-shift]!),
  );
};

export const decimalText = (value: Exact, scale: number): string => {
  if (scale === 0) return String(value);
  const digits = (value < 0 ? String(value).slice(1) : String(value)).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${value < 0 ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
};

/** The nearest double. */
export const decimalToDouble = (value: Exact, scale: number): number =>
  typeof value === 'number' && scale <= 22 ? value / POWERS[scale]! : Number(decimalText(value, scale));

const NUMBER = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,4}))?$/;

/** The text of a number, with this scale, rounded; undefined where it is none, or where it has more than some sixty digits. */
export const parseExact = (text: string, scale: number): Exact | undefined => {
  const parts = NUMBER.exec(text);
  if (parts === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts;
  const digits = whole + fraction;
  if (digits === '') return undefined;
  const shift = scale - fraction.length + Number(exponent);
  if (/^0*$/.test(digits)) return 0;
  if (shift > 60 || digits.length > 1000) return undefined;
  let value = BigInt(digits);
  if (shift >= 0) value *= BIG_POWERS[shift]!;
  else value = -shift > digits.length + 1 ? 0n : divideRounded(value, 10n ** BigInt(-shift));
  return exact(sign === '-' ? -value : value);
};

/**
 * A double as digits of this scale. Rounded as its shortest decimal text would be, which is what people see: 1.005 is 1.01 at scale 2, although the
 * double lies a little below.
 */
export const doubleToExact = (value: number, scale: number): Exact | undefined => {
  if (scale === 0 && Number.isSafeInteger(value)) return value + 0;
  const scaled = value * POWERS[scale]!;
  const size = Math.abs(scaled);
  if (size < 1e15) {
    const whole = Math.floor(size);
    const rest = size - whole;
    if (scale === 0 || Math.abs(rest - 0.5) > 1e-3 || size < 1e-3) {
      const rounded = rest >= 0.5 ? whole + 1 : whole;
      return scaled < 0 ? 0 - rounded : rounded;
    }
  }
  return parseExact(String(value), scale);
};
