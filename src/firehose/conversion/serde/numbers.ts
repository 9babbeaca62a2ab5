/**
 * Numbers from their text, exactly: 64-bit integers as two halves, decimals digit by digit, doubles as JavaScript reads them.
 * Nothing here allocates for the usual number.
 */
import type { ColumnValues } from '../parquet/column-values.ts';
import { decimalBytes } from '../parquet/parquet-schema.ts';

const ZERO = 0x30;
const TWO_32 = 0x1_0000_0000;

/** So many digits are always exact in a double. */
const SAFE_DIGITS = 15;

/** The integer in decimal digits, or NaN: no integer, or more than 15 digits, which is more than any that is asked for here. */
export function parseSmallInteger(bytes: Uint8Array, start: number, end: number): number {
  const sign = bytes[start];
  let at = sign === 0x2d || sign === 0x2b ? start + 1 : start;
  while (at < end - 1 && bytes[at] === ZERO) at += 1;
  if (at === end || end - at > SAFE_DIGITS) return Number.NaN;
  let value = 0;
  for (; at < end; at += 1) {
    const digit = bytes[at]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return sign === 0x2d ? -value : value;
}

/** The halves of the last integer that `parseInt64` has read. */
export const int64 = { low: 0, high: 0 };

/** False: no integer in decimal digits, or none of 64 bits. */
export function parseInt64(bytes: Uint8Array, start: number, end: number): boolean {
  const isNegative = bytes[start] === 0x2d;
  let at = isNegative || bytes[start] === 0x2b ? start + 1 : start;
  while (at < end - 1 && bytes[at] === ZERO) at += 1;
  const digits = end - at;
  if (digits < 1 || digits > 19) return false;
  let value = 0;
  let high = 0;
  const safeEnd = Math.min(end, at + SAFE_DIGITS);
  for (; at < end; at += 1) {
    const digit = bytes[at]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) return false;
    if (at < safeEnd) {
      value = value * 10 + digit;
    } else {
      if (at === safeEnd) {
        high = Math.floor(value / TWO_32);
        value -= high * TWO_32;
      }
      const low = value * 10 + digit;
      const carry = Math.floor(low / TWO_32);
      high = high * 10 + carry;
      value = low - carry * TWO_32;
    }
  }
  if (digits <= SAFE_DIGITS) {
    high = Math.floor(value / TWO_32);
    value -= high * TWO_32;
  }
  if (high >= 0x8000_0000 && !(isNegative && high === 0x8000_0000 && value === 0)) return false;
  int64.low = isNegative ? -value | 0 : value | 0;
  int64.high = isNegative ? ~high + (value === 0 ? 1 : 0) : high;
  return true;
}

const POWERS_OF_10 = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/** Of a number as JSON writes it. Few digits over a power of ten that is exact divide to the nearest double. */
export function parseJsonDouble(bytes: Buffer, start: number, end: number): number {
  const isNegative = bytes[start] === 0x2d;
  let value = 0;
  let fraction = -1;
  const first = isNegative ? start + 1 : start;
  if (end - first <= SAFE_DIGITS + 1) {
    let at = first;
    for (; at < end; at += 1) {
      const digit = bytes[at]! - ZERO;
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        if (fraction >= 0) fraction += 1;
      } else if (digit === -2 && fraction < 0) fraction = 0;
      else break;
    }
    if (at === end) {
      const divided = fraction > 0 ? value / POWERS_OF_10[fraction]! : value;
      return isNegative ? -divided : divided;
    }
  }
  return Number(bytes.toString('latin1', start, end));
}

const JAVA_DOUBLE = /^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[dDfF]?)$/;

/** Of a string, as Java's Double.parseDouble reads it (without hexadecimal ones). Undefined when it is none. */
export function parseJavaDouble(text: string): number | undefined {
  const trimmed = text.trim();
  if (!JAVA_DOUBLE.test(trimmed)) return undefined;
  return Number(/[dDfF]$/.test(trimmed) ? trimmed.slice(0, -1) : trimmed);
}

const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,9}))?$/;
const decimalScratch = Buffer.alloc(16);

/** Appends the decimal, rounded half up to the scale. False: no number, or one with more digits than the precision has. */
export function appendDecimal(text: string, precision: number, scale: number, values: ColumnValues): boolean {
  const found = DECIMAL.exec(text);
  if (found === null) return false;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = found;
  if (whole === '' && fraction === '') return false;
  const unscaled = rescale(
    (whole + fraction).replace(/^0+/, ''),
    Number(exponent) - fraction.length + scale,
    precision,
  );
  if (unscaled === undefined) return false;
  const length = decimalBytes(precision);
  if (unscaled.length <= SAFE_DIGITS) {
    let rest = sign === '-' ? -Number(unscaled) : Number(unscaled);
    for (let at = length - 1; at >= 0; at -= 1) {
      const above = Math.floor(rest / 256);
      decimalScratch[at] = rest - above * 256;
      rest = above;
    }
  } else {
    let rest = sign === '-' ? -BigInt(unscaled) : BigInt(unscaled);
    for (let at = length - 1; at >= 0; at -= 1) {
      decimalScratch[at] = Number(rest & 255n);
      rest >>= 8n;
    }
  }
  values.fixed(decimalScratch, 0, length);
  return true;
}

/** `digits` (no zeros before them) times 10 to the power of `shift`, as digits. */
function rescale(digits: string, shift: number, precision: number): string | undefined {
  if (digits === '') return '0';
  if (digits.length + shift > precision) return undefined;
  if (shift >= 0) return digits + '0'.repeat(shift);
  const kept = digits.length + shift;
  if (kept < 0) return '0';
  const cut = digits.slice(0, kept) || '0';
  if (digits.charCodeAt(kept) < ZERO + 5) return cut;
  const rounded = (BigInt(cut) + 1n).toString();
  return rounded.length > precision ? undefined : rounded;
}
