/** Builtins that decide what runs, how often, and where it ends. */
import { charge, raise, type Machine } from '../machine.ts';
import { BROKEN, collect, isInPlace, oneNode, valueNode, type EmitAt, type Node } from '../node.ts';
import { described, raiseTwo } from '../operators.ts';
import { quoted } from '../print.ts';
import { compare, isObject, isTruthy, shownKey, type Json } from '../value.ts';
import type { Builtins } from './builtin.ts';

const EMPTY: Node = valueNode(() => false);

export const FLOW: Builtins = {
  'empty/0': () => EMPTY,
  'not/0': () => oneNode((_, input) => !isTruthy(input)),
  // Raising null is how jq 1.6 says that there is no further output.
  'error/0': () => valueNode((_, input) => (input === null ? false : raise(input))),
  'error/1': ([message]) =>
    valueNode((env, input) => message!.run(env, input, (value) => (value === null ? false : raise(value)))),
  'select/1': ([condition]) => ({
    run: (env, input, emit) => condition!.run(env, input, (value) => isTruthy(value) && emit(input)),
    trace: (env, at, input, emit) =>
      condition!.run(env, input, (value) => isTruthy(value) && emit(at, input)),
  }),
  'recurse/0': (_, machine) => ({
    run: (_env, input, emit) => recurseValues(machine, input, emit),
    trace: (_env, at, input, emit) => recursePlaces(machine, at, input, emit),
  }),
  'first/1': ([body]) => limited(() => 1, body!),
  'limit/2': ([count, body], machine) => limitNode(machine, count!, body!),
  'isempty/1': ([body]) =>
    oneNode((env, input) => {
      let isEmpty = true;
      const isStopped = body!.run(env, input, () => {
        isEmpty = false;
        return true;
      });
      if (isStopped && isEmpty) throw BROKEN;
      return isEmpty;
    }),
  'any/2': ([source, condition]) => quantified(true, source!, condition!),
  'all/2': ([source, condition]) => quantified(false, source!, condition!),
  'range/2': ([from, to], machine) =>
    valueNode((env, input, emit) =>
      from!.run(env, input, (start) =>
        to!.run(env, input, (end) => {
          if (typeof start !== 'number' || typeof end !== 'number') raise('Range bounds must be numeric');
          for (let value = start; value < end; value++) {
            charge(machine, 1);
            if (emit(value)) return true;
          }
          return false;
        }),
      ),
    ),
  'map/1': ([body], machine) =>
    oneNode((env, input) => {
      const items: Json[] = [];
      const { one } = body!;
      for (const item of iterated(input)) {
        charge(machine, 1);
        if (one !== undefined) items.push(one(env, item));
        else collect(body!, env, item, (value) => items.push(value));
      }
      return items;
    }),
};

/** The items of an array or the members of an object, as `.[]` gives them. */
export function iterated(input: Json): Json[] {
  if (Array.isArray(input)) return input;
  if (isObject(input)) return Object.values(input);
  raise(`Cannot iterate over ${described(input)}`);
}

function recurseValues(machine: Machine, input: Json, emit: (value: Json) => boolean): boolean {
  charge(machine, 1);
  if (emit(input)) return true;
  if (typeof input !== 'object' || input === null) return false;
  for (const item of iterated(input)) if (recurseValues(machine, item, emit)) return true;
  return false;
}

function recursePlaces(machine: Machine, at: Parameters<EmitAt>[0], input: Json, emit: EmitAt): boolean {
  charge(machine, 1);
  if (emit(at, input)) return true;
  if (typeof input !== 'object' || input === null) return false;
  if (!isInPlace(at, input))
    raise(`Invalid path expression near attempt to iterate through ${quoted(input, 29)}`);
  const isArray = Array.isArray(input);
  for (const kept of Object.keys(input)) {
    const value = (input as { [kept: string]: Json })[kept]!;
    const key = isArray ? Number(kept) : shownKey(kept);
    if (recursePlaces(machine, { up: at, key, value }, value, emit)) return true;
  }
  return false;
}

/** The first outputs of `body`: at least one, for the end is looked for after each. */
function limited(countOf: () => number, body: Node): Node {
  return {
    run: (env, input, emit) => {
      let left = countOf();
      let isStopped = false;
      return (
        body.run(env, input, (value) => {
          isStopped = emit(value);
          return isStopped || --left <= 0;
        }) &&
        (isStopped || left > 0)
      );
    },
    trace: (env, at, input, emit) => {
      let left = countOf();
      let isStopped = false;
      return (
        body.trace(env, at, input, (place, value) => {
          isStopped = emit(place, value);
          return isStopped || --left <= 0;
        }) &&
        (isStopped || left > 0)
      );
    },
  };
}

/** A negative limit is none, and a limit of 0 is 1: as in jq 1.6. */
function limitNode(machine: Machine, count: Node, body: Node): Node {
  const within = (value: Json): Node => {
    charge(machine, 1);
    if (typeof value === 'number') return value < 0 ? body : limited(() => value, body);
    return compare(value, 0) < 0 ? body : limited(() => raiseTwo(value, 1, 'cannot be subtracted'), body);
  };
  return {
    run: (env, input, emit) => count.run(env, input, (value) => within(value).run(env, input, emit)),
    trace: (env, at, input, emit) =>
      count.run(env, input, (value) => within(value).trace(env, at, input, emit)),
  };
}

/**
 * `any` when `wanted` is true, `all` when it is false, as jq 1.6 writes them: `foreach` over the items, its state the last answer, and how often the state
 * was the decisive one is counted. So the end comes with the item after the decision; several answers for one item each count; and none
 * leaves null as the state, which ends `all`.
 */
function quantified(wanted: boolean, source: Node, condition: Node): Node {
  return oneNode((env, input) => {
    let state: Json = !wanted;
    let decisions = 0;
    let isEnded = false;
    const isStopped = source.run(env, input, (item) => {
      isEnded = isTruthy(state) === wanted;
      if (isEnded) return true;
      const before = state;
      state = null;
      return condition.run(env, item, (answer) => {
        state = isTruthy(answer) === wanted ? wanted : before;
        if (isTruthy(state) === wanted) decisions++;
        return false;
      });
    });
    if (isStopped && !isEnded) throw BROKEN;
    return wanted ? decisions === 1 : decisions === 0;
  });
}
