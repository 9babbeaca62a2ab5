/** Assignments: every one of them sets the paths of its left side, one after the other. */
import { charge, type Machine } from './machine.ts';
import { BROKEN, pathOf, requireInPlace, rootAt, valueNode, type Env, type Node } from './node.ts';
import { OPERATIONS } from './operators.ts';
import { deletePaths, getPath, setPath } from './paths.ts';
import { isTruthy, type Json } from './value.ts';
import type { BinaryOperator } from './ast.ts';

/** Calls `each` with every path of `target` in `input`, as they are in `input` before anything is set. */
function forPaths(machine: Machine, target: Node, env: Env, input: Json, each: (path: Json[]) => void): void {
  const isStopped = target.trace(env, rootAt(input), input, (at, value) => {
    charge(machine, 1);
    requireInPlace(at, value);
    each(pathOf(at));
    return false;
  });
  if (isStopped) throw BROKEN;
}

/** `paths = values`: once for each value. */
export function assignNode(machine: Machine, target: Node, values: Node): Node {
  return valueNode((env, input, emit) =>
    values.run(env, input, (value) => {
      let result = input;
      forPaths(machine, target, env, input, (path) => (result = setPath(machine, result, path, value)));
      return emit(result);
    }),
  );
}

/** `paths |= update`: the first output of the update counts, and without any the path is deleted. */
export function modifyNode(machine: Machine, target: Node, update: Node): Node {
  return valueNode((env, input, emit) => emit(modified(machine, target, update, env, input)));
}

export function modified(machine: Machine, target: Node, update: Node, env: Env, input: Json): Json {
  let result = input;
  forPaths(machine, target, env, input, (path) => {
    const before = result;
    let isSet = false;
    const isStopped = update.run(env, getPath(before, path), (value) => {
      isSet = true;
      result = setPath(machine, before, path, value);
      return true;
    });
    if (isStopped && !isSet) throw BROKEN;
    // Also after an output, when a `?` in the update kept us from stopping there: so does jq 1.6.
    if (!isStopped) result = deletePaths(machine, before, [path]);
  });
  return result;
}

/** `paths op= values`: once for each value, which is computed from the whole input. */
export function updateNode(machine: Machine, operator: string, target: Node, values: Node): Node {
  const change =
    operator === '//'
      ? (old: Json, value: Json): Json => (isTruthy(old) ? old : value)
      : (old: Json, value: Json): Json => OPERATIONS[operator as BinaryOperator](machine, old, value);
  return valueNode((env, input, emit) =>
    values.run(env, input, (value) => {
      let result = input;
      forPaths(machine, target, env, input, (path) => {
        result = setPath(machine, result, path, change(getPath(result, path), value));
      });
      return emit(result);
    }),
  );
}
