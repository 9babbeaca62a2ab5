/** `as`, `reduce` and `foreach`: what gives names to values, taken apart by patterns. */
import type { Ast, Pattern } from './ast.ts';
import { charge, Raised, type Machine } from './machine.ts';
import { BROKEN, Cell, valueNode, withoutPaths, type Env, type Node } from './node.ts';
import { getIndex } from './paths.ts';
import type { Json } from './value.ts';

/** Runs `inside` for every way in which `value` can be taken apart. */
type Binder = (env: Env, value: Json, inside: (env: Env) => boolean) => boolean;
/** Takes `value` apart into `values`, the values of the names, and then goes on. */
type Matcher = (env: Env, value: Json, values: Json[], next: () => boolean) => boolean;

export function bindNode(
  machine: Machine,
  source: Node,
  patterns: readonly Pattern[],
  key: (ast: Ast) => Node,
  bodyOf: (names: readonly string[]) => Node,
): Node {
  const names = namesOf(patterns);
  const body = bodyOf(names);
  const bind = binder(machine, patterns, names, key);
  const run: Node['run'] = (env, input, emit) =>
    source.run(env, input, (value) => bind(env, value, (inside) => body.run(inside, input, emit)));
  const trace: Node['trace'] = (env, at, input, emit) =>
    source.run(env, input, (value) => bind(env, value, (inside) => body.trace(inside, at, input, emit)));
  const given = source.one;
  const { one } = body;
  if (patterns.length > 1) return withoutPaths({ run, trace }, '?//');
  if (given === undefined || one === undefined || !isVariable(patterns)) return { run, trace };
  return { run, trace, one: (env, input) => one(new Cell(env, given(env, input)), input) };
}

export type Loop = {
  readonly source: Node;
  readonly patterns: readonly Pattern[];
  readonly key: (ast: Ast) => Node;
  readonly body: (names: readonly string[]) => { readonly update: Node; readonly extract: Node | null };
};

/** The last output of the update is the next state; without any output the state is null. */
export function reduceNode(machine: Machine, loop: Loop, init: Node): Node {
  const names = namesOf(loop.patterns);
  const { update } = loop.body(names);
  const bind = binder(machine, loop.patterns, names, loop.key);
  const { one } = update;
  const reduceFrom = (env: Env, input: Json, start: Json): Json => {
    let state = start;
    const step = (inside: Env): boolean => {
      charge(machine, 1);
      if (one !== undefined) {
        state = one(inside, state);
        return false;
      }
      const before = state;
      state = null;
      return update.run(inside, before, (value) => {
        state = value;
        return false;
      });
    };
    if (loop.source.run(env, input, (item) => bind(env, item, step))) throw BROKEN;
    return state;
  };
  const first = init.one;
  const run: Node['run'] = (env, input, emit) =>
    init.run(env, input, (start) => emit(reduceFrom(env, input, start)));
  const node = withoutPaths(valueNode(run), 'reduce');
  return first === undefined
    ? node
    : { ...node, one: (env, input) => reduceFrom(env, input, first(env, input)) };
}

export function foreachNode(machine: Machine, loop: Loop, init: Node): Node {
  const names = namesOf(loop.patterns);
  const { update, extract } = loop.body(names);
  const bind = binder(machine, loop.patterns, names, loop.key);
  return {
    run: (env, input, emit) =>
      init.run(env, input, (start) => {
        let state = start;
        return loop.source.run(env, input, (item) =>
          bind(env, item, (inside) => {
            charge(machine, 1);
            const before = state;
            state = null;
            return update.run(inside, before, (value) => {
              state = value;
              return extract === null ? emit(value) : extract.run(inside, value, emit);
            });
          }),
        );
      }),
    trace: (env, at, input, emit) =>
      init.trace(env, at, input, (startAt, start) => {
        let state = start;
        return loop.source.trace(env, startAt, input, (itemAt, item) =>
          bind(env, item, (inside) => {
            charge(machine, 1);
            const before = state;
            state = null;
            return update.trace(inside, itemAt, before, (place, value) => {
              state = value;
              return extract === null ? emit(place, value) : extract.trace(inside, place, value, emit);
            });
          }),
        );
      }),
  };
}

function isVariable(patterns: readonly Pattern[]): boolean {
  return patterns.length === 1 && patterns[0]!.kind === 'variable';
}

/** The names of all patterns, in the order of their cells. */
function namesOf(patterns: readonly Pattern[]): string[] {
  const names = new Set<string>();
  const add = (pattern: Pattern): void => {
    if (pattern.kind === 'variable') names.add(pattern.name);
    else if (pattern.kind === 'array') pattern.items.forEach(add);
    else
      for (const { variable, pattern: inner } of pattern.entries) {
        if (variable !== null) names.add(variable);
        if (inner !== null) add(inner);
      }
  };
  patterns.forEach(add);
  return [...names];
}

/** With several patterns, an error of one (or of what then follows, as in jq) makes the next one be tried, all names null again. */
function binder(
  machine: Machine,
  patterns: readonly Pattern[],
  names: readonly string[],
  key: (ast: Ast) => Node,
): Binder {
  if (isVariable(patterns)) return (env, value, inside) => inside(new Cell(env, value));
  const matchers = patterns.map((pattern) => matcher(pattern, names, key));
  const attempt = (match: Matcher, env: Env, value: Json, inside: (env: Env) => boolean): boolean => {
    const values: Json[] = names.map(() => null);
    return match(env, value, values, () =>
      inside(values.reduce<Env>((outer, each) => new Cell(outer, each), env)),
    );
  };
  return (env, value, inside) => {
    for (const match of matchers.slice(0, -1)) {
      const { depth } = machine;
      try {
        return attempt(match, env, value, inside);
      } catch (error) {
        if (!(error instanceof Raised)) throw error;
        machine.depth = depth;
      }
    }
    return attempt(matchers.at(-1)!, env, value, inside);
  };
}

function matcher(pattern: Pattern, names: readonly string[], key: (ast: Ast) => Node): Matcher {
  if (pattern.kind === 'variable') {
    const at = names.indexOf(pattern.name);
    return (_, value, values, next) => {
      values[at] = value;
      return next();
    };
  }
  if (pattern.kind === 'array')
    return inOrder(
      pattern.items.map((item, i) => {
        const match = matcher(item, names, key);
        return (env, value, values, next) => match(env, getIndex(value, i), values, next);
      }),
    );
  return inOrder(
    pattern.entries.map((entry) => {
      const keyNode = key(entry.key);
      const at = entry.variable === null ? -1 : names.indexOf(entry.variable);
      const match = entry.pattern === null ? null : matcher(entry.pattern, names, key);
      return (env, value, values, next) =>
        keyNode.run(env, value, (name) => {
          const found = getIndex(value, name);
          if (at >= 0) values[at] = found;
          return match === null ? next() : match(env, found, values, next);
        });
    }),
  );
}

function inOrder(matchers: readonly Matcher[]): Matcher {
  return (env, value, values, next) => {
    const from = (at: number): boolean =>
      at === matchers.length ? next() : matchers[at]!(env, value, values, () => from(at + 1));
    return from(0);
  };
}
