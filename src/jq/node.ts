/**
 * What a program is compiled to: closures that push each output to `emit`, depth first. `emit` answers whether to stop; a
 * closure that was told to stop, or that broke out of a label, answers so too, and each caller passes it on. An error is a
 * thrown `Raised`, and because outputs are pushed, what follows a `try` runs inside it, exactly as in jq 1.6.
 *
 * `one` is the short way of an expression that has one output for every input. `trace` is the same evaluation when paths
 * are wanted: with each value it hands on where that value was found.
 */
import { JqRefusal } from './errors.ts';
import { raise } from './machine.ts';
import { quoted } from './print.ts';
import type { Json } from './value.ts';

export type Emit = (value: Json) => boolean;
export type EmitAt = (at: At, value: Json) => boolean;

export type Node = {
  readonly run: (env: Env, input: Json, emit: Emit) => boolean;
  readonly trace: (env: Env, at: At, input: Json, emit: EmitAt) => boolean;
  readonly one?: (env: Env, input: Json) => Json;
};

/** The variables, labels and filters that are in reach, innermost first; the compiler knows how many steps out each is. */
export type Env = Cell | null;
export class Cell {
  readonly outer: Env;
  readonly value: Json;
  readonly filter: Node | null;
  /** Where the filter was written. */
  readonly home: Env;
  /** Of a label: whether a break leads to it. */
  isBroken = false;

  constructor(outer: Env, value: Json, filter: Node | null = null, home: Env = null) {
    this.outer = outer;
    this.value = value;
    this.filter = filter;
    this.home = home;
  }
}

export function outward(env: Env, steps: number): Env {
  let cell = env;
  for (let i = 0; i < steps; i++) cell = cell!.outer;
  return cell;
}

/** Thrown where an expression with `one` output breaks out of a label, and caught by the label. */
export const BROKEN: unique symbol = Symbol('broken');

/** A place in the input: the last key of its path, and the value that stands there. */
export type At = { readonly up: At | null; readonly key: Json; readonly value: Json };

export function rootAt(value: Json): At {
  return { up: null, key: null, value };
}

/** Where a new string is. JavaScript could not tell it from an equal one in the input, jq can. */
export const NOWHERE: At = rootAt({});

export function pathOf(at: At): Json[] {
  const path: Json[] = [];
  for (let place = at; place.up !== null; place = place.up) path.push(place.key);
  return path.toReversed();
}

/** Whether `value` is still what stands at the place, and not something computed from it. */
export function isInPlace(at: At, value: Json): boolean {
  return Object.is(at.value, value);
}

export function requireInPlace(at: At, value: Json): void {
  if (!isInPlace(at, value)) raiseOutOfPlace(value);
}

export function raiseOutOfPlace(value: Json): never {
  raise(`Invalid path expression with result ${quoted(value, 29)}`);
}

/**
 * The node, refused where paths are wanted. jq follows paths through what it has written in jq itself, and which of its steps it stumbles over
 * there, or takes for a path because a computed number equals what stands in its place, nothing else can tell.
 */
export function withoutPaths(node: Node, what: string): Node {
  const trace: Node['trace'] = () => {
    throw new JqRefusal('unsupported', `${what} inside path(…) or left of an assignment is refused.`);
  };
  return { ...node, trace };
}

/** A node that computes values which are nowhere in the input. */
export function valueNode(run: Node['run']): Node {
  return { run, trace: (env, at, input, emit) => run(env, input, (value) => emit(at, value)) };
}

/** A node that has exactly one output, which is nowhere in the input. */
export function oneNode(one: NonNullable<Node['one']>): Node {
  return {
    one,
    run: (env, input, emit) => emit(one(env, input)),
    trace: (env, at, input, emit) => emit(at, one(env, input)),
  };
}

/** Runs a node for what it does to `each`; a break out of it goes on as `Broken`. */
export function collect(node: Node, env: Env, input: Json, each: (value: Json) => void): void {
  const isStopped = node.run(env, input, (value) => {
    each(value);
    return false;
  });
  if (isStopped) throw BROKEN;
}

/** Every combination of the outputs of `nodes`, the outputs of the first changing slowest. */
export function combine(
  nodes: readonly Node[],
  env: Env,
  input: Json,
  emit: (values: Json[]) => boolean,
): boolean {
  const values: Json[] = [];
  const from = (at: number): boolean =>
    at === nodes.length
      ? emit(values)
      : nodes[at]!.run(env, input, (value) => {
          values[at] = value;
          return from(at + 1);
        });
  return from(0);
}
