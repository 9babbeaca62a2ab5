/**
 * What both decoders say of a body that does not fit its shape: AWS's SerializationException, with the texts that its Java
 * framework gives (recorded from AWS by kinesalite). A body that is not well formed at all is answered without a message.
 */
import { ServiceError } from './service-error.ts';
import type { Shape } from './shape.ts';

/** What was found where a value of another kind was expected. */
export type Found = 'boolean' | 'number' | 'string' | 'bytes' | 'list' | 'structure';

/** Levels of nesting that a body may have; deeper is not well formed. */
export const DEPTH_MAX = 64;

/**
 * Elements of lists, entries of maps and structures that one body may hold. A structure costs 3 bytes on the wire and
 * twenty times as many in memory, so a body of 16 MiB could otherwise take hundreds of megabytes. The largest request
 * that AWS accepts has 501.
 */
export const ELEMENTS_MAX = 100_000;

/** Letters of a caller's own value that a message repeats; a list of 501 records takes 33,000. */
const REPEATED_MAX = 64 * 1024;

/** A value as a message repeats it: what was sent bounds it, but nobody reads megabytes. */
export function repeated(text: string): string {
  return text.length <= REPEATED_MAX ? text : `${text.slice(0, REPEATED_MAX)}...`;
}

export function malformed(): ServiceError {
  return new ServiceError('SerializationException', '');
}

export function mistyped(message: string): ServiceError {
  return new ServiceError('SerializationException', message);
}

const CLASS_OF_FOUND: Partial<Record<Found, string>> = {
  boolean: 'class java.lang.Boolean',
  number: 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber',
  string: 'class java.lang.String',
  bytes: 'class java.nio.HeapByteBuffer',
};

const CONVERTED_TO: Partial<Record<Shape['kind'], string>> = {
  boolean: 'an Boolean',
  integer: 'an Integer',
  long: 'an Long',
  double: 'an Double',
  string: 'an String',
  blob: 'a Blob',
  timestamp: 'milliseconds since epoch',
};

/** The message for a value of kind `found` where `kind` is declared. */
export function mismatchMessage(kind: Shape['kind'], found: Found): string {
  if (found === 'list') return 'Start of list found where not expected';
  if (found === 'structure') return 'Start of structure or map found where not expected.';
  if (kind === 'list') return 'Expected list or null';
  if (kind === 'map') return 'Expected map or null';
  if (kind === 'structure') return 'Expected null';
  return `${CLASS_OF_FOUND[found]} can not be converted to ${CONVERTED_TO[kind]}`;
}

/** A string where a boolean is declared: AWS upper-cases it and takes these six. Undefined when it is none of them. */
export function booleanOfText(text: string): boolean | undefined {
  switch (text.toUpperCase()) {
    case 'TRUE':
    case 'YES':
    case '1':
      return true;
    case 'FALSE':
    case 'NO':
    case '0':
      return false;
    default:
      return undefined;
  }
}

export function booleanMessage(text: string): string {
  return `'${repeated(text.toUpperCase())}' can not be converted to an Boolean`;
}

/** A number where an integer or long is declared: AWS truncates it and holds it in the range of the Java type. */
export function wholeNumber(kind: 'integer' | 'long', value: number): number {
  const bound = kind === 'integer' ? 2 ** 31 : 2 ** 63;
  if (value >= bound) return kind === 'integer' ? bound - 1 : bound;
  if (value <= -bound) return -bound;
  // Adding zero makes -0 plain zero.
  return Math.trunc(value) + 0;
}

/** The most milliseconds from 1970, either way, that a date can be (ECMA-262, 21.4.1.1). */
const DATE_MS_MAX = 8.64e15;

export function timestampMs(value: number): number {
  return Math.min(DATE_MS_MAX, Math.max(-DATE_MS_MAX, Math.round(value))) + 0;
}
