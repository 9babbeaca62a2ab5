/** What the functions with patterns share: a constant pattern is compiled once and its faults are the program's; of others the last few are kept. */
import type { PlanExpression } from '../plan/expression.ts';
import { PatternError } from '../regex/node.ts';
import { type Span, SqlError } from '../sql-error.ts';
import { RowError, type SqlValue } from '../value.ts';

const KEPT_MAX = 50;

/** From one text, or two, to what was compiled of them. */
export type Compile<T> = (pattern: string, escape: string | undefined) => T;

const asRowError = (error: unknown): unknown =>
  error instanceof PatternError ? new RowError('INVALID_ARGUMENT', error.message) : error;

/** At run time: a fault of the pattern is the row's. */
export const compiling = <T>(
  compile: Compile<T>,
  pattern: SqlValue | undefined,
  escape: SqlValue | undefined,
): Compile<T> => {
  const compileRow: Compile<T> = (given, escape) => {
    try {
      return compile(given, escape);
    } catch (error) {
      throw asRowError(error);
    }
  };
  if (typeof pattern === 'string' && escape !== null) {
    let constant: T | undefined;
    return (given, escape) => (constant ??= compileRow(given, escape));
  }
  const kept = new Map<string, T>();
  return (given, escape) => {
    const key = `${escape ?? ''}\u0000${given}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = compileRow(given, escape);
    if (kept.size >= KEPT_MAX) kept.delete(kept.keys().next().value!);
    kept.set(key, made);
    return made;
  };
};

/** Before the first row: a constant that is no pattern is an error of the program. */
export const checkPattern = (
  compile: Compile<unknown>,
  pattern: PlanExpression | undefined,
  escape: PlanExpression | undefined,
  span: Span,
): void => {
  if (pattern?.op !== 'literal' || typeof pattern.value !== 'string') return;
  if (escape !== undefined && (escape.op !== 'literal' || typeof escape.value !== 'string')) return;
  try {
    compile(pattern.value, escape?.value as string | undefined);
  } catch (error) {
    if (error instanceof PatternError) throw new SqlError(span, error.message);
    throw error;
  }
};

export const escapeChar = (escape: string | undefined): string | undefined => {
  if (escape !== undefined && escape.length !== 1)
    throw new PatternError(`Invalid escape character '${escape}': it has to be one character`);
  return escape;
};
