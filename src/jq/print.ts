/** JSON text as `jq -c` of 1.6 writes it. */
import { JqRefusal } from './errors.ts';
import { DEPTH_MAX, keysOf, member, type Json } from './value.ts';

/** 17 digits at most, the shortest that read back; exponents have two digits and a sign. Infinities are the largest numbers. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && value < 1e15 && value > -1e15)
    return Object.is(value, -0) ? '-0' : `${value}`;
  if (Number.isNaN(value)) return 'null';
  const finite = Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
  const [mantissa, exponentText] = Math.abs(finite).toExponential().split('e') as [string, string];
  const digits = mantissa.replace('.', '');
  const point = Number(exponentText) + 1;
  const sign = finite < 0 ? '-' : '';
  if (point <= -4 || point > digits.length + 15) {
    const exponent = String(Math.abs(point - 1)).padStart(2, '0');
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${sign}${digits[0]}${fraction}e${point - 1 < 0 ? '-' : '+'}${exponent}`;
  }
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** What `JSON.stringify` leaves alone and jq does not, or the other way round. */
// oxlint-disable-next-line no-control-regex
const SPECIAL = /[\u0008\u000b\u000c\u007f\ud800-\udfff]/;

export function stringText(value: string): string {
  const text = JSON.stringify(value);
  if (!SPECIAL.test(value)) return text;
  return JSON.stringify(value.toWellFormed()).replaceAll('\u007f', '\\u007f');
}

export function jsonText(value: Json, depth = 0): string {
  switch (typeof value) {
    case 'string':
      return stringText(value);
    case 'number':
      return numberText(value);
    case 'boolean':
      return value ? 'true' : 'false';
  }
  if (value === null) return 'null';
  if (depth > DEPTH_MAX * 4)
    throw new JqRefusal('depth', 'The program made a value that is nested too deep.');
  if (Array.isArray(value)) return `[${value.map((inner) => jsonText(inner, depth + 1)).join(',')}]`;
  const members = keysOf(value).map((key) => `${stringText(key)}:${jsonText(member(value, key), depth + 1)}`);
  return `{${members.join(',')}}`;
}

/** `value` as error messages quote it: at most `bytesMax` bytes of its text, the last three of them dots when it is longer. */
export function quoted(value: Json, bytesMax = 14): string {
  const text = jsonText(value);
  const bytes = Buffer.byteLength(text);
  if (bytes <= bytesMax) return text;
  // A character that is cut in two is shown as U+FFFD, as jq's own output shows it.
  return `${Buffer.from(text)
    .subarray(0, bytesMax - 3)
    .toString()}...`;
}
