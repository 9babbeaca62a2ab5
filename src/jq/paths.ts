/** Reading, setting and deleting by keys, slices and whole paths: jq 1.6's rules and messages. */
import { charge, chargeArray, raise, type Machine } from './machine.ts';
import { quoted } from './print.ts';
import {
  compare,
  hasMember,
  isEqual,
  isObject,
  keptKey,
  member,
  putMember,
  typeOf,
  type Json,
  type JsonObject,
} from './value.ts';

const NOT_NUMBERS = 'Start and end indices of an array slice must be numbers';
/** Where the C of jq 1.6 stops telling numbers apart: `(int) number`. */
const INT_MAX = 2 ** 31 - 1;

/** `target[key]` */
export function getIndex(target: Json, key: Json): Json {
  if (typeof key === 'string') {
    if (isObject(target)) return member(target, key);
    if (target === null) return null;
    raise(`Cannot index ${typeOf(target)} with string ${quoted(key, Infinity)}`);
  }
  if (typeof key === 'number') {
    if (Array.isArray(target)) return target[key < 0 ? key + target.length : key] ?? null;
    if (target === null) return null;
  } else if (isObject(key)) {
    if (Array.isArray(target)) {
      const [start, end] = sliceBounds(target.length, key);
      return target.slice(start, end);
    }
    if (typeof target === 'string') return sliceString(target, key);
    if (target === null) return null;
  } else if (Array.isArray(key) && Array.isArray(target)) return indicesOfArray(target, key);
  raise(`Cannot index ${typeOf(target)} with ${typeOf(key)}`);
}

/** From where to where a slice of something of this length goes, always within it. */
function sliceBounds(length: number, slice: JsonObject): [number, number] {
  if (!hasMember(slice, 'start') || !hasMember(slice, 'end')) raise(NOT_NUMBERS);
  const from = member(slice, 'start');
  const to = member(slice, 'end');
  if ((from !== null && typeof from !== 'number') || (to !== null && typeof to !== 'number'))
    raise(NOT_NUMBERS);
  let start = from ?? 0;
  let end = to ?? length;
  if (start < 0) start += length;
  if (end < 0) end += length;
  if (!(start >= 0)) start = 0;
  if (start > length) start = length;
  if (!(end <= length)) end = length;
  if (end < start) end = start;
  return [Math.floor(start), Math.ceil(end)];
}

function sliceString(text: string, slice: JsonObject): string {
  // Without surrogates, code points are UTF-16 units, and no array of them is needed.
  if (!/[\ud800-\udfff]/.test(text)) return text.slice(...sliceBounds(text.length, slice));
  const points = [...text];
  return points.slice(...sliceBounds(points.length, slice)).join('');
}

/** Where `part` begins in `whole`. */
function indicesOfArray(whole: readonly Json[], part: readonly Json[]): Json[] {
  if (part.length === 0) return [];
  const found: Json[] = [];
  for (let at = 0; at + part.length <= whole.length; at++) {
    if (part.every((item, i) => isEqual(item, whole[at + i]!))) found.push(at);
  }
  return found;
}

export function hasKey(target: Json, key: Json): boolean {
  if (isObject(target) && typeof key === 'string') return hasMember(target, key);
  if (Array.isArray(target) && typeof key === 'number') return key >= 0 && key < target.length;
  if (target === null && (typeof key === 'string' || typeof key === 'number')) return false;
  raise(
    `Cannot check whether ${typeOf(target)} has a ${typeof key === 'string' ? 'string' : typeOf(key)} key`,
  );
}

/** `target` with `value` at `key`; nothing is changed in place. */
function setIndex(machine: Machine, target: Json, key: Json, value: Json): Json {
  if (typeof key === 'string' && (target === null || isObject(target))) {
    const copy = { ...target };
    charge(machine, 1);
    putMember(copy, key, value);
    return copy;
  }
  if (typeof key === 'number' && (target === null || Array.isArray(target))) {
    const copy = target === null ? [] : [...target];
    let at = Number.isNaN(key) ? -INT_MAX : Math.trunc(key);
    if (at < 0) at += copy.length;
    if (at < 0) raise('Out of bounds negative array index');
    chargeArray(machine, Math.max(at, copy.length));
    while (copy.length < at) copy.push(null);
    copy[at] = value;
    return copy;
  }
  if (isObject(key) && (target === null || Array.isArray(target))) {
    const whole = target ?? [];
    if (!Array.isArray(value)) raise('A slice of an array can only be assigned another array');
    const [start, end] = sliceBounds(whole.length, key);
    chargeArray(machine, whole.length + value.length);
    return [...whole.slice(0, start), ...value, ...whole.slice(end)];
  }
  if (isObject(key)) raise(`Cannot update field at object index of ${typeOf(target)}`);
  if (Array.isArray(key) && Array.isArray(target)) raise('Cannot update field at array index of array');
  if (typeof key === 'string') raise(`Cannot index ${typeOf(target)} with string ${quoted(key, Infinity)}`);
  raise(`Cannot index ${typeOf(target)} with ${typeOf(key)}`);
}

export function getPath(target: Json, path: Json): Json {
  if (!Array.isArray(path)) raise('Path must be specified as an array');
  let value = target;
  for (const key of path) value = getIndex(value, key);
  return value;
}

export function setPath(machine: Machine, target: Json, path: Json, value: Json, at = 0): Json {
  if (!Array.isArray(path)) raise('Path must be specified as an array');
  if (at === path.length) return value;
  charge(machine, 1);
  const key = path[at]!;
  return setIndex(machine, target, key, setPath(machine, getIndex(target, key), path, value, at + 1));
}

/** Deletes from the last path to the first, so that what is deleted moves nothing that is still to be found. */
export function deletePaths(machine: Machine, target: Json, paths: Json): Json {
  if (!Array.isArray(paths)) raise('Paths must be specified as an array');
  const sorted = [...paths].sort(compare);
  for (const path of sorted)
    if (!Array.isArray(path)) raise(`Path must be specified as array, not ${typeOf(path)}`);
  if (sorted.length > 0 && (sorted[0] as Json[]).length === 0) return null;
  return deleteSorted(machine, target, sorted as Json[][], 0);
}

/** Paths that share their keys before `at`, in order. */
function deleteSorted(machine: Machine, target: Json, paths: readonly Json[][], at: number): Json {
  const keys: Json[] = [];
  let value = target;
  charge(machine, paths.length);
  for (let end = paths.length; end > 0;) {
    const key = paths[end - 1]![at]!;
    let start = end - 1;
    while (start > 0 && isEqual(paths[start - 1]![at]!, key)) start--;
    if (paths[start]!.length === at + 1) keys.push(key);
    else {
      const inner = getIndex(value, key);
      if (inner !== null)
        value = setIndex(machine, value, key, deleteSorted(machine, inner, paths.slice(start, end), at + 1));
    }
    end = start;
  }
  return deleteKeys(machine, value, keys);
}

function deleteKeys(machine: Machine, target: Json, keys: readonly Json[]): Json {
  if (target === null || keys.length === 0) return target;
  if (Array.isArray(target)) return deleteItems(machine, target, keys);
  if (!isObject(target)) raise(`Cannot delete fields from ${typeOf(target)}`);
  const copy = { ...target };
  for (const key of keys) {
    if (typeof key !== 'string') raise(`Cannot delete ${typeOf(key)} field of object`);
    delete copy[keptKey(key)];
  }
  return copy;
}

function deleteItems(machine: Machine, target: readonly Json[], keys: readonly Json[]): Json {
  const gone = new Set<number>();
  chargeArray(machine, target.length);
  for (const key of keys) {
    if (typeof key === 'number') {
      const at = Math.trunc(key);
      gone.add(at < 0 ? at + target.length : at);
    } else if (isObject(key)) {
      const [start, end] = sliceBounds(target.length, key);
      for (let at = start; at < end; at++) gone.add(at);
    } else raise(`Cannot delete ${typeOf(key)} element of array`);
  }
  return target.filter((_, at) => !gone.has(at));
}
