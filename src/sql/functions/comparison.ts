/**
 * `=`, `<>`, `<`, `<=`, `>`, `>=`, IS [NOT] DISTINCT FROM and IN. Both sides are brought to one type that loses nothing, so that values compare as
 * JavaScript compares them; CHAR alone ignores the blanks it was filled with. Text is ordered by its UTF-16 units, as Java orders it.
 */
import type { PlanExpression } from '../plan/expression.ts';
import type { Span } from '../sql-error.ts';
import type { SqlType } from '../types.ts';
import type { SqlValue } from '../value.ts';
import { convertTo } from './convert.ts';
import {
  type Binding,
  call,
  cannotApply,
  expectCount,
  type InlineCode,
  lenient,
  type ScalarDefinition,
  strict,
} from './definition.ts';
import { comparedType, isBinary } from './type-rules.ts';

type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** All of one type; throws where there is none. */
export const alike = (
  name: string,
  args: readonly PlanExpression[],
  forms: readonly string[],
  span: Span,
): readonly PlanExpression[] => {
  const common = comparedType(args.map((arg) => arg.type));
  if (common === undefined || common.name === 'RECORD') return cannotApply(name, args, forms, span);
  return args.map((arg) => convertTo(arg, common, 'compare', span));
};

const compareBinary = (a: Uint8Array, b: Uint8Array): number => {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
};

const comparePadded = (a: string, b: string): number => {
  const [left, right] = [unpadded(a), unpadded(b)];
  return left < right ? -1 : left === right ? 0 : 1;
};

const unpadded = (text: string): string => {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 32) end--;
  return end === text.length ? text : text.slice(0, end);
};

/** For MIN, MAX and sorting: whether `a` comes before `b`. */
export const isBeforeOf = (type: SqlType): ((a: never, b: never) => boolean) => {
  const comparer = comparerOf([type]);
  return comparer === undefined ? (a, b) => a < b : (a, b) => comparer(a, b) < 0;
};

/** Undefined where JavaScript's own operators compare the values. */
const comparerOf = (types: readonly SqlType[]): ((a: never, b: never) => number) | undefined => {
  if (types.some(isBinary)) return compareBinary;
  return types.some((type) => type.name === 'CHAR') ? comparePadded : undefined;
};

const TESTS: Readonly<Record<Comparison, (a: unknown, b: unknown) => boolean>> = {
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
  '<': (a, b) => (a as number) < (b as number),
  '<=': (a, b) => (a as number) <= (b as number),
  '>': (a, b) => (a as number) > (b as number),
  '>=': (a, b) => (a as number) >= (b as number),
};

const inlineComparison = (
  symbol: string,
  a: string,
  b: string,
  types: readonly SqlType[],
  code: InlineCode,
): string => {
  const comparer = comparerOf(types);
  return comparer === undefined
    ? `${a} ${symbol} ${b}`
    : `${code.constant(comparer)}(${a}, ${b}) ${symbol} 0`;
};

const comparison = (name: Comparison): ScalarDefinition => {
  const signature = `<comparable> ${name} <comparable>`;
  const symbol = name === '=' ? '===' : name === '<>' ? '!==' : name;
  return strict({
    name,
    signature,
    kinds: ['same'],
    resolve: (args, { span }) => {
      expectCount(args, 2, 2, { name, signature }, span);
      return call(name, alike(name, args, [signature], span), { name: 'BOOLEAN' }, span);
    },
    bind: ({ types }) => {
      const test = TESTS[name];
      const comparer = comparerOf(types);
      return comparer === undefined ? test : (a: never, b: never) => test(comparer(a, b), 0);
    },
    inline: ([a, b], { types }, code) => inlineComparison(symbol, a!, b!, types, code),
  });
};

const distinctFrom = (name: 'IS DISTINCT FROM' | 'IS NOT DISTINCT FROM'): ScalarDefinition => {
  const signature = `<any> ${name} <any>`;
  const symbol = name === 'IS DISTINCT FROM' ? '!==' : '===';
  const isNegated = name === 'IS NOT DISTINCT FROM';
  return lenient({
    name,
    signature,
    kinds: ['same'],
    resolve: (args, { span }) => {
      expectCount(args, 2, 2, { name, signature }, span);
      return call(name, alike(name, args, [signature], span), { name: 'BOOLEAN' }, span);
    },
    bind: ({ types }) => {
      const comparer = comparerOf(types);
      return (a: SqlValue, b: SqlValue) => {
        if (a === null || b === null || comparer === undefined) return (a !== b) !== isNegated;
        return (comparer(a as never, b as never) !== 0) !== isNegated;
      };
    },
    inline: ([a, b], { types }) => (comparerOf(types) === undefined ? `${a} ${symbol} ${b}` : undefined),
  });
};

/** Text without the blanks that do not count, binary as text: what a set can find. */
const memberKey = (types: readonly SqlType[]): ((value: SqlValue) => SqlValue) => {
  if (types.some((type) => type.name === 'CHAR'))
    return (value) => (value === null ? null : unpadded(value as string));
  if (types.some(isBinary)) return (value) => (value === null ? null : (value as Uint8Array).join());
  return (value) => value;
};

const bindIn = ({ types, constants }: Binding) => {
  const keyOf = memberKey(types);
  const list = constants.slice(1);
  if (list.length === types.length - 1 && list.every((value) => value !== undefined)) {
    const members = new Set(list.map(keyOf));
    const missed = members.delete(null) ? null : false;
    return (value: SqlValue) => (value === null ? null : members.has(keyOf(value)) || missed);
  }
  return (value: SqlValue, ...members: readonly SqlValue[]) => {
    if (value === null) return null;
    const key = keyOf(value);
    let missed: false | null = false;
    for (const member of members) {
      if (member === null) missed = null;
      else if (keyOf(member) === key) return true;
    }
    return missed;
  };
};

/** x IN (a, b, …): UNKNOWN where it is not found and one of them is null. */
const IN: ScalarDefinition = {
  ...lenient({
    name: 'IN',
    signature: '<any> IN (<any>, …)',
    kinds: ['same'],
    resolve: (args, { span }) => {
      expectCount(args, 2, Infinity, IN, span);
      return call('IN', alike('IN', args, [IN.signature], span), { name: 'BOOLEAN' }, span);
    },
    bind: bindIn,
  }),
  canBeNull: true,
};

export const COMPARISONS: readonly ScalarDefinition[] = [
  comparison('='),
  comparison('<>'),
  comparison('<'),
  comparison('<='),
  comparison('>'),
  comparison('>='),
  distinctFrom('IS DISTINCT FROM'),
  distinctFrom('IS NOT DISTINCT FROM'),
  IN,
];
