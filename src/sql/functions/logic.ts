/**
 * NOT, AND, OR, IS …, CASE, COALESCE and NULLIF. AND, OR, CASE and COALESCE evaluate no more than they need: that is the compiler's and the plain
 * evaluation's business, which know them by name; what stands here is their types, and their value where all arguments are known.
 */
import type { PlanExpression } from '../plan/expression.ts';
import type { Span } from '../sql-error.ts';
import { SqlError } from '../sql-error.ts';
import type { SqlType } from '../types.ts';
import type { SqlValue } from '../value.ts';
import { alike } from './comparison.ts';
import { convertTo } from './convert.ts';
import {
  call,
  cannotApply,
  expectCount,
  lenient,
  literal,
  type ScalarDefinition,
  strict,
} from './definition.ts';
import { commonType, isUntyped } from './type-rules.ts';

const BOOLEAN: SqlType = { name: 'BOOLEAN' };

const conditions = (
  name: string,
  args: readonly PlanExpression[],
  form: string,
  span: Span,
): readonly PlanExpression[] => {
  for (const { type } of args)
    if (type.name !== 'BOOLEAN' && !isUntyped(type)) return cannotApply(name, args, [form], span);
  return args.map((arg) => convertTo(arg, BOOLEAN, 'argument', span));
};

const NOT = strict({
  name: 'NOT',
  signature: 'NOT <boolean>',
  kinds: ['boolean'],
  resolve: (args, { span }) => {
    expectCount(args, 1, 1, NOT, span);
    return call('NOT', conditions('NOT', args, NOT.signature, span), BOOLEAN, span);
  },
  bind: () => (value: boolean) => !value,
  inline: ([value]) => `!${value}`,
});

const connective = (name: 'AND' | 'OR'): ScalarDefinition => {
  /** The value that decides alone. */
  const decisive = name === 'OR';
  const signature = `<boolean> ${name} <boolean>`;
  return lenient({
    name,
    signature,
    kinds: ['boolean'],
    canBeNull: true,
    resolve: (args, { span }) => {
      expectCount(args, 2, Infinity, { name, signature }, span);
      return call(name, conditions(name, args, signature, span), BOOLEAN, span);
    },
    bind:
      () =>
      (...values: readonly SqlValue[]) => {
        if (values.includes(decisive)) return decisive;
        return values.includes(null) ? null : !decisive;
      },
  });
};

const IS_WHAT: Readonly<Record<string, boolean | null>> = {
  NULL: null,
  UNKNOWN: null,
  TRUE: true,
  FALSE: false,
};

const is = (what: string, isNegated: boolean): ScalarDefinition => {
  const name = `IS ${isNegated ? 'NOT ' : ''}${what}`;
  const wanted = IS_WHAT[what]!;
  const signature = `<${what === 'NULL' ? 'any' : 'boolean'}> ${name}`;
  return lenient({
    name,
    signature,
    kinds: [what === 'NULL' ? 'any' : 'boolean'],
    resolve: (args, { span }) => {
      expectCount(args, 1, 1, { name, signature }, span);
      return call(name, what === 'NULL' ? args : conditions(name, args, signature, span), BOOLEAN, span);
    },
    bind: () => (value: SqlValue) => (value === wanted) !== isNegated,
    inline: ([value]) => `${value} ${isNegated ? '!==' : '==='} ${wanted}`,
  });
};

/** Branches of one type. Without any typed branch the result is a null of no type. */
const branches = (
  name: string,
  args: readonly PlanExpression[],
  span: Span,
): { readonly type: SqlType; readonly args: readonly PlanExpression[] } => {
  const type = commonType(args.map((arg) => arg.type));
  if (type === undefined)
    throw new SqlError(span, `Illegal mixing of types in ${name} or its branches: ${cannotMix(args)}`);
  return {
    type,
    args: args.map((arg) =>
      arg.type.name === 'ANY' && type.name === 'ANY' ? arg : convertTo(arg, type, 'argument', span),
    ),
  };
};

const cannotMix = (args: readonly PlanExpression[]): string =>
  [...new Set(args.map((arg) => arg.type.name))].join(', ');

/** (when, then, when, then, …, else). */
const CASE = lenient({
  name: 'CASE',
  signature: 'CASE WHEN <boolean> THEN <any> … ELSE <any> END',
  canBeNull: true,
  kindOf: (index, count) => (index % 2 === 0 && index < count - 1 ? 'boolean' : 'same'),
  resolve: (args, { span }) => {
    const withElse = args.length % 2 === 1 ? args : [...args, literal(null, { name: 'NULL' })];
    const isWhen = (index: number): boolean => index % 2 === 0 && index < withElse.length - 1;
    const whens = conditions(
      'CASE',
      withElse.filter((_, index) => isWhen(index)),
      CASE.signature,
      span,
    );
    const { type, args: thens } = branches(
      'CASE',
      withElse.filter((_, index) => !isWhen(index)),
      span,
    );
    const mixed = withElse.map((_, index) =>
      isWhen(index) ? whens[index / 2]! : thens[Math.floor(index / 2)]!,
    );
    return call('CASE', mixed, type, span);
  },
  bind:
    () =>
    (...values: readonly SqlValue[]) => {
      for (let i = 0; i < values.length - 1; i += 2) if (values[i] === true) return values[i + 1]!;
      return values.at(-1)!;
    },
});

const COALESCE = lenient({
  name: 'COALESCE',
  signature: 'COALESCE(<any>, <any>, …)',
  canBeNull: true,
  kinds: ['same'],
  resolve: (args, { span }) => {
    expectCount(args, 1, Infinity, COALESCE, span);
    const { type, args: alikes } = branches('COALESCE', args, span);
    return call('COALESCE', alikes, type, span);
  },
  bind:
    () =>
    (...values: readonly SqlValue[]) =>
      values.find((value) => value !== null) ?? null,
});

/** NULLIF(a, b) is CASE WHEN a = b THEN NULL ELSE a END, and is resolved to it. */
const NULLIF = lenient({
  name: 'NULLIF',
  signature: 'NULLIF(<any>, <any>)',
  canBeNull: true,
  kinds: ['same'],
  resolve: (args, { span }) => {
    expectCount(args, 2, 2, NULLIF, span);
    const isEqual = call('=', alike('NULLIF', args, [NULLIF.signature], span), BOOLEAN, span);
    const [value] = args as readonly [PlanExpression];
    return call('CASE', [isEqual, literal(null, value.type), value], value.type, span);
  },
  bind: () => (a: SqlValue, b: SqlValue) => (a === b ? null : a),
});

export const LOGIC: readonly ScalarDefinition[] = [
  NOT,
  connective('AND'),
  connective('OR'),
  ...Object.keys(IS_WHAT).flatMap((what) => [is(what, false), is(what, true)]),
  CASE,
  COALESCE,
  NULLIF,
];
