/**
 * Which undeclared names are reference tables: nothing in the text says so but their use. A table stands beside a stream without a window, or in a
 * subquery of an expression; what is ever read alone, first, or through a window is a stream.
 */
import type { From, Program, Query } from '../syntax/tree.ts';

export const tablesByUse = (program: Program): ReadonlySet<string> => {
  const tables = new Set<string>();
  const streams = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) return value.forEach(walk);
    const node = value as { readonly kind?: unknown };
    if (node.kind === 'select') {
      const { from, ...rest } = value as Extract<Query, { kind: 'select' }>;
      if (from !== undefined) walkFrom(from, 'first');
      Object.values(rest).forEach(walk);
      return;
    }
    if (node.kind === 'insert')
      streams.add((value as { into: readonly { text: string }[] }).into.at(-1)!.text);
    if (node.kind === 'in' || node.kind === 'exists' || node.kind === 'subquery') {
      const { list, query, ...rest } = value as { list?: Query; query?: Query };
      for (const inner of [list, query])
        if (inner !== undefined && 'kind' in inner) walkQueryOfTable(inner);
        else walk(inner);
      Object.values(rest).forEach(walk);
      return;
    }
    Object.values(value).forEach(walk);
  };
  const walkQueryOfTable = (query: Query): void => {
    if (query.kind === 'select' && query.from?.kind === 'relation' && !query.isStream) {
      tables.add(query.from.name.at(-1)!.text);
      const { from, ...rest } = query;
      void from;
      Object.values(rest).forEach(walk);
    } else walk(query);
  };
  const walkFrom = (from: From, place: 'first' | 'beside'): void => {
    switch (from.kind) {
      case 'relation':
        if (place === 'first' || from.window !== undefined) streams.add(from.name.at(-1)!.text);
        else tables.add(from.name.at(-1)!.text);
        return;
      case 'join': {
        walkFrom(from.left, place);
        walkFrom(from.right, hasWindow(from.left) ? 'first' : 'beside');
        walk(from.on);
        return;
      }
      case 'subquery':
        return walk(from.query);
      case 'table function':
        return walk(from.call);
    }
  };
  walk(program.statements);
  return new Set([...tables].filter((name) => !streams.has(name)));
};

/** A window has to do with another stream: what stands beside one relation with a window is a stream, as its current row. */
const hasWindow = (from: From): boolean => 'window' in from && from.window !== undefined;
