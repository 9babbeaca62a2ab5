/** Builtins about paths. */
import { modified } from '../compile-assign.ts';
import { charge, chargeArray, type Machine } from '../machine.ts';
import {
  BROKEN,
  isInPlace,
  oneNode,
  pathOf,
  raiseOutOfPlace,
  requireInPlace,
  rootAt,
  valueNode,
  type At,
  type Node,
} from '../node.ts';
import { deletePaths, getPath, hasKey, setPath } from '../paths.ts';
import { isObject, shownKey, type Json } from '../value.ts';
import { native, type Builtins } from './builtin.ts';
import { iterated } from './flow.ts';

export const PATHS: Builtins = {
  'path/1': ([body]) =>
    valueNode((env, input, emit) =>
      body!.trace(env, rootAt(input), input, (at, value) => {
        requireInPlace(at, value);
        return emit(pathOf(at));
      }),
    ),
  'getpath/1': ([path]) => getPathNode(path!),
  'setpath/2': native((machine, input, path, value) => setPath(machine, input, path!, value!)),
  'delpaths/1': native((machine, input, paths) => deletePaths(machine, input, paths!)),
  'has/1': native((_, input, key) => hasKey(input, key!)),
  'del/1': ([body], machine) =>
    oneNode((env, input) => {
      const paths: Json[] = [];
      const isStopped = body!.trace(env, rootAt(input), input, (at, value) => {
        charge(machine, 1);
        requireInPlace(at, value);
        paths.push(pathOf(at));
        return false;
      });
      if (isStopped) throw BROKEN;
      return deletePaths(machine, input, paths);
    }),
  'paths/0': (_, machine) => valueNode((_env, input, emit) => pathsBelow(machine, input, [], emit)),
  'map_values/1': ([body], machine) => oneNode((env, input) => modified(machine, EACH, body!, env, input)),
};

/** `.[]`, for `map_values`. */
const EACH: Node = {
  run: () => false,
  trace: (_env, at, input, emit) => {
    for (const [key, value] of placesIn(input)) if (emit({ up: at, key, value }, value)) return true;
    return false;
  },
};

function placesIn(input: Json): [Json, Json][] {
  if (Array.isArray(input)) return input.map((value, at) => [at, value]);
  if (isObject(input)) return Object.entries(input).map(([kept, value]) => [shownKey(kept), value]);
  iterated(input);
  return [];
}

/** Inside `path(…)` the path is followed, even through what is null. */
function getPathNode(path: Node): Node {
  return {
    run: (env, input, emit) => path.run(env, input, (keys) => emit(getPath(input, keys))),
    trace: (env, at, input, emit) =>
      path.run(env, input, (keys) => {
        const found = getPath(input, keys);
        if (!isInPlace(at, input)) raiseOutOfPlace(found);
        let place: At = at;
        for (const key of keys as Json[]) place = { up: place, key, value: found };
        return emit(place, found);
      }),
  };
}

function pathsBelow(machine: Machine, input: Json, above: Json[], emit: (path: Json) => boolean): boolean {
  if (typeof input !== 'object' || input === null) return false;
  for (const [key, value] of placesIn(input)) {
    const path = [...above, key];
    chargeArray(machine, path.length);
    if (emit(path) || pathsBelow(machine, value, path, emit)) return true;
  }
  return false;
}
