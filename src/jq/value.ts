/**
 * JSON values as programs see them, their order, and the keys of objects.
 *
 * An object is an ordinary JavaScript object whose keys are written so that their order is that of insertion, as in jq:
 * JavaScript moves keys that look like array indices to the front, and takes `__proto__` for something else, so those
 * (and keys that begin with the mark itself) carry a mark in front. Only the functions below know about it.
 */
export type JsonObject = { [key: string]: Json };
export type Json = null | boolean | number | string | Json[] | JsonObject;

const MARK = '\0';
const INDEX_LIKE = /^(?:0|[1-9][0-9]{0,9})$/;

/** The name under which `key` is kept in an object. */
export function keptKey(key: string): string {
  const first = key.charCodeAt(0);
  if (first >= 48 && first <= 57) return INDEX_LIKE.test(key) ? MARK + key : key;
  if (first === 95) return key === '__proto__' ? MARK + key : key;
  return first === 0 ? MARK + key : key;
}

/** The key that is kept under `kept`. */
export function shownKey(kept: string): string {
  return kept.charCodeAt(0) === 0 ? kept.slice(1) : kept;
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member kept under `kept`, or null. Nothing of a value is a function, but what `Object.prototype` holds is. */
export function memberKept(object: JsonObject, kept: string): Json {
  const value = object[kept];
  return value === undefined || typeof value === 'function' ? null : value;
}

export function member(object: JsonObject, key: string): Json {
  return memberKept(object, keptKey(key));
}

export function hasMember(object: JsonObject, key: string): boolean {
  return Object.hasOwn(object, keptKey(key));
}

/** For an object that nobody else holds yet. */
export function putMember(object: JsonObject, key: string, value: Json): void {
  object[keptKey(key)] = value;
}

/** The keys in the order in which they were put. */
export function keysOf(object: JsonObject): string[] {
  const keys = Object.keys(object);
  for (let i = 0; i < keys.length; i++) {
    if (keys[i]!.charCodeAt(0) === 0) keys[i] = keys[i]!.slice(1);
  }
  return keys;
}

export function sortedKeysOf(object: JsonObject): string[] {
  return keysOf(object).sort(compareStrings);
}

export type TypeName = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export function typeOf(value: Json): TypeName {
  if (value === null) return 'null';
  if (typeof value === 'object') return Array.isArray(value) ? 'array' : 'object';
  return typeof value as 'boolean' | 'number' | 'string';
}

export function isTruthy(value: Json): boolean {
  return value !== null && value !== false;
}

/** By code points, as UTF-8 sorts; JavaScript compares UTF-16, which puts U+E000 to U+FFFF after the surrogates. */
export function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const isSurrogateX = x >= 0xd800 && x < 0xe000;
    return isSurrogateX !== (y >= 0xd800 && y < 0xe000) ? (isSurrogateX ? 1 : -1) : x - y;
  }
  return a.length - b.length;
}

function rank(value: Json): number {
  if (value === null) return 0;
  if (value === false) return 1;
  if (value === true) return 2;
  if (typeof value === 'number') return 3;
  if (typeof value === 'string') return 4;
  return Array.isArray(value) ? 5 : 6;
}

/** jq's order of all values. NaN is less than every number, itself included. */
export function compare(a: Json, b: Json): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b || Number.isNaN(a) ? -1 : a === b ? 0 : 1;
  if (typeof a === 'string' && typeof b === 'string') return a === b ? 0 : compareStrings(a, b);
  const ranks = rank(a) - rank(b);
  if (ranks !== 0) return ranks;
  if (Array.isArray(a)) return compareArrays(a, b as Json[]);
  return isObject(a) ? compareObjects(a, b as JsonObject) : 0;
}

function compareArrays(a: readonly Json[], b: readonly Json[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const order = compare(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareObjects(a: JsonObject, b: JsonObject): number {
  const keys = sortedKeysOf(a);
  const order = compareArrays(keys, sortedKeysOf(b));
  if (order !== 0) return order;
  for (const key of keys) {
    const members = compare(member(a, key), member(b, key));
    if (members !== 0) return members;
  }
  return 0;
}

export function isEqual(a: Json, b: Json): boolean {
  return a === b ? true : typeof a === 'object' && typeof b === 'object' ? compare(a, b) === 0 : false;
}

/** How deep arrays and objects may stand in each other, so that no walk over a value runs out of stack. */
export const DEPTH_MAX = 256;

/** A value of JavaScript (as `JSON.parse` gives it) as a program's value: the same object where no key needs a mark. */
export function fromJs(value: unknown, depth = 0): Json {
  if (typeof value !== 'object' || value === null) return value === undefined ? null : (value as Json);
  if (depth > DEPTH_MAX) throw new RangeError(`The value is nested deeper than ${DEPTH_MAX} levels.`);
  if (Array.isArray(value)) {
    let copy: Json[] | undefined;
    for (let i = 0; i < value.length; i++) {
      const inner = fromJs(value[i], depth + 1);
      if (inner !== value[i]) (copy ??= [...(value as Json[])])[i] = inner;
    }
    return copy ?? (value as Json[]);
  }
  let isKept = true;
  for (const key in value) {
    const inner = (value as JsonObject)[key];
    if (keptKey(key) !== key || (typeof inner === 'object' && fromJs(inner, depth + 1) !== inner))
      isKept = false;
  }
  if (isKept) return value as JsonObject;
  const copy: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) putMember(copy, key, fromJs(inner, depth + 1));
  return copy;
}

/** The opposite of `fromJs`. */
export function toJs(value: Json): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.some((inner) => toJs(inner) !== inner) ? value.map(toJs) : value;
  const keys = Object.keys(value);
  if (keys.every((key) => shownKey(key) === key && toJs(value[key]!) === value[key])) return value;
  return Object.fromEntries(keys.map((key) => [shownKey(key), toJs(value[key]!)]));
}
