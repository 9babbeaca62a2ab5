/** What decides which expression runs next: pipes, conditions, errors, labels, calls. */
import { JqRefusal } from './errors.ts';
import { CALLS_DEEP_MAX, charge, Raised, type Machine } from './machine.ts';
import { BROKEN, Cell, NOWHERE, oneNode, outward, valueNode, type Env, type Node } from './node.ts';
import { isTruthy } from './value.ts';

export const IDENTITY: Node = {
  one: (_, input) => input,
  run: (_, input, emit) => emit(input),
  trace: (_, at, input, emit) => emit(at, input),
};

export function pipeNode(left: Node, right: Node): Node {
  const trace: Node['trace'] = (env, at, input, emit) =>
    left.trace(env, at, input, (place, value) => right.trace(env, place, value, emit));
  const first = left.one;
  const second = right.one;
  if (first === undefined)
    return { run: (env, input, emit) => left.run(env, input, (value) => right.run(env, value, emit)), trace };
  if (second === undefined)
    return { run: (env, input, emit) => right.run(env, first(env, input), emit), trace };
  const one = (env: Env, input: Parameters<typeof first>[1]) => second(env, first(env, input));
  return { one, run: (env, input, emit) => emit(one(env, input)), trace };
}

export function commaNode(machine: Machine, left: Node, right: Node): Node {
  return {
    run: (env, input, emit) => {
      charge(machine, 1);
      return left.run(env, input, emit) || right.run(env, input, emit);
    },
    trace: (env, at, input, emit) => {
      charge(machine, 1);
      return left.trace(env, at, input, emit) || right.trace(env, at, input, emit);
    },
  };
}

export function ifNode(condition: Node, yes: Node, no: Node): Node {
  const run: Node['run'] = (env, input, emit) =>
    condition.run(env, input, (value) => (isTruthy(value) ? yes : no).run(env, input, emit));
  const trace: Node['trace'] = (env, at, input, emit) =>
    condition.run(env, input, (value) => (isTruthy(value) ? yes : no).trace(env, at, input, emit));
  const test = condition.one;
  if (test === undefined || yes.one === undefined || no.one === undefined) return { run, trace };
  return { one: (env, input) => (isTruthy(test(env, input)) ? yes : no).one!(env, input), run, trace };
}

/** `and` when `decided` is false, `or` when it is true: the right side runs only when the left does not decide. */
export function logicNode(decided: boolean, left: Node, right: Node): Node {
  const first = left.one;
  const second = right.one;
  if (first !== undefined && second !== undefined)
    return oneNode((env, input) =>
      isTruthy(first(env, input)) === decided ? decided : isTruthy(second(env, input)),
    );
  return valueNode((env, input, emit) =>
    left.run(env, input, (value) =>
      isTruthy(value) === decided ? emit(decided) : right.run(env, input, (other) => emit(isTruthy(other))),
    ),
  );
}

/** `left // right`: the outputs of `left` that are neither null nor false, or those of `right` when there are none. */
export function alternativeNode(left: Node, right: Node): Node {
  const run: Node['run'] = (env, input, emit) => {
    let isFound = false;
    const isStopped = left.run(env, input, (value) => {
      if (!isTruthy(value)) return false;
      isFound = true;
      return emit(value);
    });
    return isStopped || (!isFound && right.run(env, input, emit));
  };
  const trace: Node['trace'] = (env, at, input, emit) => {
    let isFound = false;
    const isStopped = left.trace(env, at, input, (place, value) => {
      if (!isTruthy(value)) return false;
      isFound = true;
      return emit(place, value);
    });
    return isStopped || (!isFound && right.trace(env, at, input, emit));
  };
  const first = left.one;
  const second = right.one;
  if (first === undefined || second === undefined) return { run, trace };
  const one: Node['one'] = (env, input) => {
    const value = first(env, input);
    return isTruthy(value) ? value : second(env, input);
  };
  return { one, run, trace };
}

/** What follows the body runs inside the `try` as well: jq 1.6 catches its errors, and so do we. Without handler, errors end it, and so does a
 * break out of it: jq 1.6 takes that for an error, and goes on after the `try`. */
export function tryNode(machine: Machine, body: Node, handler: Node | null): Node {
  const caught = (error: unknown, depth: number): Raised => {
    if (!(error instanceof Raised)) throw error;
    machine.depth = depth;
    return error;
  };
  return {
    run: (env, input, emit) => {
      const { depth } = machine;
      let error: Raised;
      try {
        return body.run(env, input, emit) && handler !== null;
      } catch (thrown) {
        if (thrown === BROKEN && handler === null) return false;
        error = caught(thrown, depth);
      }
      return handler !== null && handler.run(env, error.value, emit);
    },
    trace: (env, at, input, emit) => {
      const { depth } = machine;
      let error: Raised;
      try {
        return body.trace(env, at, input, emit) && handler !== null;
      } catch (thrown) {
        if (thrown === BROKEN && handler === null) return false;
        error = caught(thrown, depth);
      }
      const place = typeof error.value === 'string' ? NOWHERE : at;
      return handler !== null && handler.trace(env, place, error.value, emit);
    },
  };
}

export function labelNode(body: Node): Node {
  const around = (env: Env, inside: (cell: Cell) => boolean): boolean => {
    const cell = new Cell(env, null);
    try {
      return inside(cell) && !cell.isBroken;
    } catch (error) {
      if (error === BROKEN && cell.isBroken) return false;
      throw error;
    }
  };
  return {
    run: (env, input, emit) => around(env, (cell) => body.run(cell, input, emit)),
    trace: (env, at, input, emit) => around(env, (cell) => body.trace(cell, at, input, emit)),
  };
}

export function breakNode(steps: number): Node {
  return valueNode((env) => {
    outward(env, steps)!.isBroken = true;
    return true;
  });
}

export function variableNode(steps: number): Node {
  if (steps === 0) return oneNode((env) => env!.value);
  if (steps === 1) return oneNode((env) => env!.outer!.value);
  return oneNode((env) => outward(env, steps)!.value);
}

/** A call of a parameter: the filter that was given, where it was written. */
export function filterNode(machine: Machine, steps: number): Node {
  return {
    run: (env, input, emit) => {
      const cell = outward(env, steps)!;
      charge(machine, 1);
      return cell.filter!.run(cell.home, input, emit);
    },
    trace: (env, at, input, emit) => {
      const cell = outward(env, steps)!;
      charge(machine, 1);
      return cell.filter!.trace(cell.home, at, input, emit);
    },
  };
}

/** A function whose body is compiled, or is being compiled while calls of it are. */
export type Made = {
  node: Node | undefined;
  /** While its body is compiled: whether calls in it may take it to have one output each. */
  isTakenAsOne: boolean;
  isRecursive: boolean;
};

export function callNode(machine: Machine, made: Made, steps: number, args: readonly Node[]): Node {
  const enter = (env: Env): Env => {
    charge(machine, 1);
    if (++machine.depth > CALLS_DEEP_MAX)
      throw new JqRefusal('depth', `The program has more than ${CALLS_DEEP_MAX} calls inside each other.`);
    let inside = outward(env, steps);
    for (const arg of args) inside = new Cell(inside, null, arg, env);
    return inside;
  };
  const run: Node['run'] = (env, input, emit) => {
    const isStopped = made.node!.run(enter(env), input, emit);
    machine.depth--;
    return isStopped;
  };
  const trace: Node['trace'] = (env, at, input, emit) => {
    const isStopped = made.node!.trace(enter(env), at, input, emit);
    machine.depth--;
    return isStopped;
  };
  made.isRecursive ||= made.node === undefined;
  if (made.node === undefined ? !made.isTakenAsOne : made.node.one === undefined) return { run, trace };
  return {
    run,
    trace,
    one: (env, input) => {
      const value = made.node!.one!(enter(env), input);
      machine.depth--;
      return value;
    },
  };
}
