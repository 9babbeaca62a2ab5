/**
 * How a scalar function of this room is written: once for values (`bind`), and, where that pays, once more as JavaScript text (`inline`). `bind` makes
 * a plain function of the arguments for the types and the constants of one call, so that patterns, templates and scales are worked out once; it is
 * what compiled code calls, and without constants it is the oracle.
 */
import type { PlanExpression } from '../plan/expression.ts';
import { type Span, SqlError } from '../sql-error.ts';
import type { SqlType } from '../types.ts';
import type { SqlValue } from '../value.ts';
import { typeText } from '../values/type-text.ts';
import type { ArgumentKind, CallSite, ScalarFunction } from './function.ts';

/** What is known of a call before the first row. */
export type Binding = {
  readonly types: readonly SqlType[];
  /** The value of each argument that is a literal; undefined where it is none. */
  readonly constants: readonly (SqlValue | undefined)[];
  readonly result: SqlType;
};

/** Of the evaluated arguments. Where the function is strict, none of them is null. */
export type BoundFunction = (...args: never[]) => SqlValue;

/** What text of an inlined call can ask for. */
export interface InlineCode {
  /** The name of a value that was worked out beforehand: a function, a table, a constant. */
  constant(value: unknown): string;
  /** The name of a new variable, which the text may assign to. */
  variable(): string;
}

export type ScalarDefinition = ScalarFunction & {
  /** Null where any argument is null. */
  readonly isStrict: boolean;
  /** A strict function may give null nevertheless. */
  readonly canBeNull: boolean;
  bind(binding: Binding): BoundFunction;
  /**
   * A JavaScript expression of the value. `args` are names of constants and variables, or literals, none null where the function is strict. Undefined
   * where the bound function should be called.
   */
  inline?(args: readonly string[], binding: Binding, code: InlineCode): string | undefined;
};

type Written = {
  readonly name: string;
  readonly signature: string;
  readonly kinds?: readonly ArgumentKind[];
  kindOf?(index: number, count: number): ArgumentKind;
  resolve(args: readonly PlanExpression[], site: CallSite): PlanExpression;
  bind(binding: Binding): BoundFunction;
  inline?(args: readonly string[], binding: Binding, code: InlineCode): string | undefined;
  readonly canBeNull?: boolean;
};

const NO_CONSTANTS: readonly undefined[] = [];

const define = (written: Written, isStrict: boolean): ScalarDefinition => {
  const { kinds } = written;
  return {
    canBeNull: false,
    kindOf: (index) => kinds?.[Math.min(index, kinds.length - 1)] ?? 'any',
    ...written,
    isStrict,
    evaluate(args, types, result) {
      if (isStrict && args.includes(null)) return null;
      const bound = written.bind({ types, constants: NO_CONSTANTS, result });
      return (bound as (...args: readonly SqlValue[]) => SqlValue)(...args);
    },
  };
};

/** Null where any argument is null. */
export const strict = (written: Written): ScalarDefinition => define(written, true);
/** Sees nulls, and all arguments are evaluated. */
export const lenient = (written: Written): ScalarDefinition => define(written, false);

export const call = (
  name: string,
  args: readonly PlanExpression[],
  type: SqlType,
  span: Span,
): PlanExpression => ({ op: 'call', name, args, type, span });

export const literal = (value: SqlValue, type: SqlType): PlanExpression => ({ op: 'literal', value, type });

/** In the words of AWS's validator. */
export const cannotApply = (
  name: string,
  args: readonly PlanExpression[],
  forms: readonly string[],
  span: Span,
): never => {
  const types = args.map((arg) => `<${typeText(arg.type)}>`);
  const shown = /^[A-Z]/.test(name) ? `${name}(${types.join(', ')})` : types.join(` ${name} `);
  throw new SqlError(
    span,
    `Cannot apply '${name}' to arguments of type '${shown}'. Supported form(s): ${forms.map((form) => `'${form}'`).join(' ')}`,
  );
};

/** `from` to `to` arguments. */
export const expectCount = (
  args: readonly PlanExpression[],
  from: number,
  to: number,
  definition: { readonly name: string; readonly signature: string },
  span: Span,
): void => {
  if (args.length >= from && args.length <= to) return;
  const wanted = from === to ? `${from}` : to === Infinity ? `${from} or more` : `${from} to ${to}`;
  throw new SqlError(
    span,
    `Invalid number of arguments to function '${definition.name}'. Was expecting ${wanted} arguments: ${definition.signature}`,
  );
};
