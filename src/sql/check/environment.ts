/** Streams and tables by their names. */
import type { Path } from '../syntax/tree.ts';
import { type Span, SqlError } from '../sql-error.ts';
import type { Environment, NamedRelation } from './context.ts';
import { didYouMean } from './suggestions.ts';

/** ERROR_STREAM is the service's, in any case. */
export const isErrorStream = (name: string): boolean => name.toUpperCase() === 'ERROR_STREAM';

export const lastOf = (path: Path): string => path.at(-1)!.text;

export const spanOf = (path: Path): Span => ({
  start: path[0]!.span.start,
  end: path.at(-1)!.span.end,
});

/** A schema in front of the name is not looked at: an application has one. */
export const findRelation = (environment: Environment, path: Path): NamedRelation => {
  const name = lastOf(path);
  const found = environment.relations.get(name);
  if (found !== undefined) return found;
  if (isErrorStream(name))
    throw new SqlError(
      spanOf(path),
      `Object '${name}' cannot be read: the error stream is the service's; give it to an output of the application instead`,
    );
  if (environment.later.has(name))
    throw new SqlError(
      spanOf(path),
      `Object '${name}' not found: its CREATE STREAM stands further down; statements are run in their order`,
    );
  if (environment.open === undefined)
    throw new SqlError(
      spanOf(path),
      `Object '${name}' not found${didYouMean(name, environment.relations.keys())}`,
    );
  const kind = environment.openTables.has(name) ? 'table' : 'stream';
  const open = environment.open.relation(name, kind);
  return { kind, origin: 'open', name, columns: open.columns, open };
};
