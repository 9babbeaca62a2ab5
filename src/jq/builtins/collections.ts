/** Builtins about arrays and objects as wholes. */
import { charge, chargeArray, raise, type Machine } from '../machine.ts';
import { collect, oneNode, type Env, type Node } from '../node.ts';
import { add, described, raiseTwo } from '../operators.ts';
import { getIndex } from '../paths.ts';
import { jsonText } from '../print.ts';
import {
  compare,
  isEqual,
  isObject,
  keysOf,
  member,
  putMember,
  sortedKeysOf,
  typeOf,
  type Json,
  type JsonObject,
} from '../value.ts';
import { native, type Builtin, type Builtins } from './builtin.ts';
import { iterated } from './flow.ts';

export const COLLECTIONS: Builtins = {
  'type/0': native((_, input) => typeOf(input)),
  'length/0': native((_, input) => lengthOf(input)),
  'keys/0': native((machine, input) => keysFor(machine, input, sortedKeysOf)),
  'keys_unsorted/0': native((machine, input) => keysFor(machine, input, keysOf)),
  'add/0': native((machine, input) =>
    iterated(input).reduce<Json>((sum, item) => add(machine, sum, item), null),
  ),
  'contains/1': native((machine, input, part) => contains(machine, input, part!)),
  'reverse/0': native(reversed),
  'sort/0': native((machine, input) => {
    if (!Array.isArray(input)) raise(`${described(input)} cannot be sorted, as it is not an array`);
    return sortedBy(machine, input, input);
  }),
  'sort_by/1': byKeys((machine, items, keys) => sortedBy(machine, items, keys)),
  'group_by/1': byKeys((machine, items, keys) => groups(machine, items, keys)),
  'unique/0': native((machine, input) => {
    const items = iterated(input);
    if (!Array.isArray(input))
      raiseTwo(
        input,
        items.map((item) => [item]),
        'cannot be sorted, as they are not both arrays',
      );
    return groups(machine, input, input).map((group) => group[0]!);
  }),
  'unique_by/1': byKeys((machine, items, keys) => groups(machine, items, keys).map((group) => group[0]!)),
  'min/0': native((machine, input) => extreme(machine, input, input, -1)),
  'max/0': native((machine, input) => extreme(machine, input, input, 1)),
  'min_by/1': extremeBy(-1),
  'max_by/1': extremeBy(1),
  'tojson/0': native((machine, input) => textOf(machine, input)),
  'walk/1': ([body], machine) => walkNode(machine, body!),
};

function lengthOf(input: Json): Json {
  if (input === null) return 0;
  if (typeof input === 'string') return [...input].length;
  if (typeof input === 'number') return Math.abs(input);
  if (typeof input === 'object') return Array.isArray(input) ? input.length : Object.keys(input).length;
  raise(`${described(input)} has no length`);
}

export function textOf(machine: Machine, input: Json): string {
  const text = jsonText(input);
  charge(machine, text.length >>> 4);
  return text;
}

function keysFor(machine: Machine, input: Json, keys: (object: JsonObject) => string[]): Json {
  if (Array.isArray(input)) {
    chargeArray(machine, input.length);
    return input.map((_, at) => at);
  }
  if (!isObject(input)) raise(`${described(input)} has no keys`);
  const all = keys(input);
  charge(machine, all.length);
  return all;
}

function contains(machine: Machine, whole: Json, part: Json): boolean {
  charge(machine, 1);
  if (isObject(whole) && isObject(part))
    return keysOf(part).every((key) =>
      Object.hasOwn(whole, key) || member(whole, key) !== null
        ? contains(machine, member(whole, key), member(part, key))
        : false,
    );
  if (Array.isArray(whole) && Array.isArray(part))
    return part.every((wanted) =>
      whole.some((item) => typeOf(item) === typeOf(wanted) && contains(machine, item, wanted)),
    );
  if (typeof whole === 'string' && typeof part === 'string') return whole.includes(part);
  if (typeOf(whole) === typeOf(part)) return isEqual(whole, part);
  raiseTwo(whole, part, 'cannot have their containment checked');
}

/** From the last to the first, asking for each by its index: so the errors are those of an index. */
function reversed(machine: Machine, input: Json): Json {
  if (Array.isArray(input)) {
    chargeArray(machine, input.length);
    return input.toReversed();
  }
  const length = lengthOf(input) as number;
  return length > 0 ? getIndex(input, length - 1) && [] : [];
}

/** Sorted by `keys`, which stand beside `items`; equal ones stay in order. */
function orderOf(machine: Machine, keys: readonly Json[]): number[] {
  charge(machine, keys.length * 4);
  return keys.map((_, at) => at).sort((a, b) => compare(keys[a]!, keys[b]!) || a - b);
}

function sortedBy(machine: Machine, items: readonly Json[], keys: readonly Json[]): Json[] {
  return orderOf(machine, keys).map((at) => items[at]!);
}

function groups(machine: Machine, items: readonly Json[], keys: readonly Json[]): Json[][] {
  const all: Json[][] = [];
  let last: Json | undefined;
  for (const at of orderOf(machine, keys)) {
    if (last !== undefined && isEqual(last, keys[at]!)) all.at(-1)!.push(items[at]!);
    else all.push([items[at]!]);
    last = keys[at]!;
  }
  return all;
}

/** Calls `compute` with the items and, for each, the array of what the filter makes of it. */
function byKeys(compute: (machine: Machine, items: readonly Json[], keys: readonly Json[]) => Json): Builtin {
  return ([body], machine) =>
    oneNode((env, input) => {
      const keys = keysBy(machine, body!, env, input);
      if (!Array.isArray(input)) raiseTwo(input, keys, 'cannot be sorted, as they are not both arrays');
      return compute(machine, input, keys);
    });
}

function keysBy(machine: Machine, body: Node, env: Env, input: Json): Json[] {
  return iterated(input).map((item) => {
    charge(machine, 1);
    const key: Json[] = [];
    collect(body, env, item, (value) => key.push(value));
    return key;
  });
}

function extreme(machine: Machine, input: Json, keys: Json, sign: number): Json {
  if (!Array.isArray(input) || !Array.isArray(keys)) raiseTwo(input, keys, 'cannot be iterated over');
  charge(machine, keys.length);
  let best = 0;
  // Of equals, the first is the least and the last the greatest.
  for (let at = 1; at < keys.length; at++) {
    const order = compare(keys[at]!, keys[best]!);
    if (sign < 0 ? order < 0 : order >= 0) best = at;
  }
  return input[best] ?? null;
}

function extremeBy(sign: number): Builtin {
  return ([body], machine) =>
    oneNode((env, input) => extreme(machine, input, keysBy(machine, body!, env, input), sign));
}

/** The filter on every value, the innermost first. */
function walkNode(machine: Machine, body: Node): Node {
  const walk = (env: Env, input: Json, emit: (value: Json) => boolean): boolean => {
    charge(machine, 1);
    if (Array.isArray(input)) {
      const items: Json[] = [];
      for (const item of input) collectWalk(env, item, (value) => items.push(value));
      return body.run(env, items, emit);
    }
    if (isObject(input)) return walkMembers(env, input, emit);
    return body.run(env, input, emit);
  };
  const collectWalk = (env: Env, input: Json, each: (value: Json) => void): void =>
    collect({ run: walk, trace: body.trace }, env, input, each);
  /** A member without any output ends it all in null; of several outputs the last one counts. */
  const walkMembers = (env: Env, input: JsonObject, emit: (value: Json) => boolean): boolean => {
    let object: Json = {};
    for (const key of keysOf(input)) {
      const before: Json = object;
      object = null;
      collectWalk(env, member(input, key), (value) => {
        const copy: JsonObject = { ...(before as JsonObject | null) };
        putMember(copy, key, value);
        object = copy;
      });
    }
    return body.run(env, object, emit);
  };
  return { run: walk, trace: (env, at, input, emit) => walk(env, input, (value) => emit(at, value)) };
}
