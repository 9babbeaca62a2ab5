/** What makes values and takes them apart: literals, strings, indices, arrays, objects, operators. */
import { charge, chargeString, raise, Raised, type Machine } from './machine.ts';
import {
  BROKEN,
  collect,
  combine,
  isInPlace,
  NOWHERE,
  oneNode,
  valueNode,
  type At,
  type Env,
  type Node,
} from './node.ts';
import { described, type Operation } from './operators.ts';
import { getIndex } from './paths.ts';
import { quoted } from './print.ts';
import { isObject, keptKey, memberKept, putMember, shownKey, type Json, type JsonObject } from './value.ts';

export function literalNode(value: Json): Node {
  const node = oneNode(() => value);
  if (typeof value !== 'string') return node;
  const text: Node = { ...node, trace: (_env, _at, _input, emit) => emit(NOWHERE, value) };
  constants.set(text, value);
  return text;
}

/** Which nodes are constant strings: keys that can be looked up at once. */
const constants = new WeakMap<Node, string>();

/** The last part that has several outputs changes slowest. `format` is what makes text of a value. */
export function stringNode(machine: Machine, format: Node, parts: readonly (string | Node)[]): Node {
  const texts = parts.map((part) => (typeof part === 'string' ? part : ''));
  const nodes = parts
    .flatMap((part, at) => (typeof part === 'string' ? [] : [{ node: part, at }]))
    .toReversed();
  const join = (env: Env, values: readonly Json[]): string => {
    let length = 0;
    const all = [...texts];
    nodes.forEach(({ at }, i) => {
      const text = format.one!(env, values[i]!) as string;
      all[at] = text;
      length += text.length;
    });
    chargeString(machine, length);
    return all.join('');
  };
  const sources = nodes.map(({ node }) => node);
  const run: Node['run'] = (env, input, emit) =>
    combine(sources, env, input, (values) => emit(join(env, values)));
  const trace: Node['trace'] = (env, _, input, emit) => run(env, input, (value) => emit(NOWHERE, value));
  if (sources.some(({ one }) => one === undefined)) return { run, trace };
  return {
    run,
    trace,
    one: (env, input) =>
      join(
        env,
        sources.map((node) => node.one!(env, input)),
      ),
  };
}

export function indexNode(target: Node, key: Node, isOptional: boolean): Node {
  const look = isOptional ? lookIfPossible : getIndex;
  const trace: Node['trace'] = (env, at, input, emit) =>
    key.run(env, input, (wanted) =>
      target.trace(env, at, input, (place, value) => {
        const found = accessed(place, value, wanted, look);
        return found !== undefined && emit({ up: place, key: wanted, value: found }, found);
      }),
    );
  const run: Node['run'] = (env, input, emit) =>
    key.run(env, input, (wanted) =>
      target.run(env, input, (value) => {
        const found = look(value, wanted);
        return found !== undefined && emit(found);
      }),
    );
  const keyOne = key.one;
  const targetOne = target.one;
  if (keyOne === undefined || targetOne === undefined || isOptional) return { run, trace };
  const one =
    constantKey(key, targetOne) ??
    ((env: Env, input: Json) => {
      const wanted = keyOne(env, input);
      return getIndex(targetOne(env, input), wanted);
    });
  return { run: (env, input, emit) => emit(one(env, input)), trace, one };
}

/** The common case, `.name`: the key is looked up as it is kept. */
function constantKey(key: Node, target: NonNullable<Node['one']>): Node['one'] | undefined {
  const name = constants.get(key);
  if (name === undefined) return undefined;
  const kept = keptKey(name);
  return (env, input) => {
    const value = target(env, input);
    return isObject(value) ? memberKept(value, kept) : getIndex(value, name);
  };
}

/** Undefined where `target[key]` is an error. */
function lookIfPossible(target: Json, key: Json): Json | undefined {
  try {
    return getIndex(target, key);
  } catch (error) {
    if (error instanceof Raised) return undefined;
    throw error;
  }
}

function accessed(
  at: At,
  value: Json,
  key: Json,
  look: (target: Json, key: Json) => Json | undefined,
): Json | undefined {
  if (!isInPlace(at, value))
    raise(`Invalid path expression near attempt to access element ${quoted(key)} of ${quoted(value, 29)}`);
  return look(value, key);
}

/** The key of a slice, `{start, end}`. */
export function sliceKeyNode(from: Node, to: Node): Node {
  return valueNode((env, input, emit) =>
    from.run(env, input, (start) => to.run(env, input, (end) => emit({ start, end }))),
  );
}

export function eachNode(machine: Machine, target: Node, isOptional: boolean): Node {
  const isIterable = (value: Json): value is Json[] | JsonObject => {
    if (typeof value === 'object' && value !== null) return true;
    if (!isOptional) raise(`Cannot iterate over ${described(value)}`);
    return false;
  };
  return {
    run: (env, input, emit) =>
      target.run(env, input, (value) => {
        if (!isIterable(value)) return false;
        if (Array.isArray(value)) {
          for (const item of value) {
            charge(machine, 1);
            if (emit(item)) return true;
          }
          return false;
        }
        for (const kept of Object.keys(value)) {
          charge(machine, 1);
          if (emit(value[kept]!)) return true;
        }
        return false;
      }),
    trace: (env, at, input, emit) =>
      target.trace(env, at, input, (up, value) => {
        if (!isInPlace(up, value))
          raise(`Invalid path expression near attempt to iterate through ${quoted(value, 29)}`);
        if (!isIterable(value)) return false;
        const isArray = Array.isArray(value);
        for (const kept of Object.keys(value)) {
          charge(machine, 1);
          const item = (value as JsonObject)[kept]!;
          if (emit({ up, key: isArray ? Number(kept) : shownKey(kept), value: item }, item)) return true;
        }
        return false;
      }),
  };
}

export function arrayNode(machine: Machine, body: Node | null): Node {
  if (body === null) return oneNode(() => []);
  const { one } = body;
  const node =
    one !== undefined
      ? oneNode((env, input) => [one(env, input)])
      : oneNode((env, input) => {
          const items: Json[] = [];
          collect(body, env, input, (item) => {
            charge(machine, 1);
            items.push(item);
          });
          return items;
        });
  // Where paths are wanted jq wants them of the items too, though the array itself is nowhere.
  const trace: Node['trace'] = (env, at, input, emit) => {
    const items: Json[] = [];
    const isStopped = body.trace(env, at, input, (_, item) => {
      charge(machine, 1);
      items.push(item);
      return false;
    });
    if (isStopped) throw BROKEN;
    return emit(at, items);
  };
  return { ...node, trace };
}

export function objectNode(entries: readonly { readonly key: Node; readonly value: Node }[]): Node {
  const names = entries.map(({ key }) => constants.get(key));
  if (names.every((name) => name !== undefined) && entries.every(({ value }) => value.one !== undefined)) {
    const kept = names.map(keptKey);
    const ones = entries.map(({ value }) => value.one!);
    return oneNode((env, input) => {
      const object: JsonObject = {};
      for (let i = 0; i < kept.length; i++) object[kept[i]!] = ones[i]!(env, input);
      return object;
    });
  }
  const nodes = entries.flatMap(({ key, value }) => [key, value]);
  return valueNode((env, input, emit) =>
    combine(nodes, env, input, (values) => {
      const object: JsonObject = {};
      for (let i = 0; i < values.length; i += 2) putMember(object, objectKey(values[i]!), values[i + 1]!);
      return emit(object);
    }),
  );
}

function objectKey(key: Json): string {
  if (typeof key === 'string') return key;
  raise(`Cannot use ${described(key)} as object key`);
}

export function negateNode(body: Node): Node {
  const negate = (value: Json): Json => {
    if (typeof value === 'number') return -value;
    raise(`${described(value)} cannot be negated`);
  };
  const { one } = body;
  if (one !== undefined) return oneNode((env, input) => negate(one(env, input)));
  return valueNode((env, input, emit) => body.run(env, input, (value) => emit(negate(value))));
}

/** The outputs of the right side change slowest, as in jq. */
export function binaryNode(machine: Machine, operation: Operation, left: Node, right: Node): Node {
  const first = left.one;
  const second = right.one;
  if (first !== undefined && second !== undefined)
    return oneNode((env, input) => {
      charge(machine, 1);
      const other = second(env, input);
      return operation(machine, first(env, input), other);
    });
  return valueNode((env, input, emit) =>
    right.run(env, input, (other) =>
      left.run(env, input, (value) => {
        charge(machine, 1);
        return emit(operation(machine, value, other));
      }),
    ),
  );
}
