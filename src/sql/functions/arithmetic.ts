/**
 * `+`, `-`, `*`, `/`, of numbers, intervals and times. The types of results are those of `type-rules.ts`; what does not fit in them is a row error.
 * Whole numbers and short decimals are inlined as plain arithmetic on numbers with one check; nothing but a value that needs it is a bigint.
 */
import type { PlanExpression } from '../plan/expression.ts';
import type { Span } from '../sql-error.ts';
import type { SqlType } from '../types.ts';
import { addMonths, DAY_MS, dayOf, isTime, timeOfDay } from '../values/datetime.ts';
import { checkDigits, divideDecimal, rescale } from '../values/decimal.ts';
import {
  addExact,
  divideByZero,
  divideExact,
  type Exact,
  inRange,
  INTEGER_RANGES,
  multiplyExact,
  negateExact,
  overflow,
  subtractExact,
} from '../values/exact.ts';
import { UNIT_SIZES } from '../values/interval.ts';
import { typeText } from '../values/type-text.ts';
import { finite } from './cast.ts';
import { convertTo } from './convert.ts';
import {
  type Binding,
  call,
  cannotApply,
  expectCount,
  type InlineCode,
  type ScalarDefinition,
  strict,
} from './definition.ts';
import {
  asDecimal,
  commonQualifier,
  isApproximate,
  isDatetime,
  isDayTimeInterval,
  isInteger,
  isNumber,
  isUntyped,
  productType,
  quotientType,
  sumType,
} from './type-rules.ts';

type Operator = '+' | '-' | '*' | '/';

const FORMS: Readonly<Record<Operator, readonly string[]>> = {
  '+': [
    '<NUMERIC> + <NUMERIC>',
    '<DATETIME_INTERVAL> + <DATETIME_INTERVAL>',
    '<DATETIME> + <DATETIME_INTERVAL>',
    '<DATETIME_INTERVAL> + <DATETIME>',
  ],
  '-': [
    '<NUMERIC> - <NUMERIC>',
    '<DATETIME_INTERVAL> - <DATETIME_INTERVAL>',
    '<DATETIME> - <DATETIME_INTERVAL>',
  ],
  '*': ['<NUMERIC> * <NUMERIC>', '<DATETIME_INTERVAL> * <NUMERIC>', '<NUMERIC> * <DATETIME_INTERVAL>'],
  '/': ['<NUMERIC> / <NUMERIC>', '<DATETIME_INTERVAL> / <NUMERIC>'],
};

/** An operand whose type nobody knows goes along with the other one; two such are doubles. */
const withTypes = (args: readonly PlanExpression[], span: Span): readonly PlanExpression[] => {
  const known = args.find((arg) => !isUntyped(arg.type));
  const other: SqlType =
    known === undefined || isDatetime(known.type) || !(isNumber(known.type) || known.type.name === 'INTERVAL')
      ? { name: 'DOUBLE' }
      : isNumber(known.type)
        ? { name: 'DOUBLE' }
        : known.type;
  return args.map((arg) => (isUntyped(arg.type) ? convertTo(arg, other, 'argument', span) : arg));
};

const resolveBinary = (operator: Operator, args: readonly PlanExpression[], span: Span): PlanExpression => {
  const [left, right] = withTypes(args, span) as readonly [PlanExpression, PlanExpression];
  const result = resultOf(operator, left.type, right.type);
  if (result === undefined) return cannotApply(operator, args, FORMS[operator], span);
  if (isNumber(result) && isApproximate(result))
    return call(
      operator,
      [convertTo(left, result, 'argument', span), convertTo(right, result, 'argument', span)],
      result,
      span,
    );
  return call(operator, [left, right], result, span);
};

const resultOf = (operator: Operator, a: SqlType, b: SqlType): SqlType | undefined => {
  if (isNumber(a) && isNumber(b)) {
    if (operator === '*') return productType(a, b);
    return operator === '/' ? quotientType(a, b) : sumType(a, b);
  }
  if (operator === '*' && isNumber(a) && b.name === 'INTERVAL') return b;
  if ((operator === '*' || operator === '/') && a.name === 'INTERVAL' && isNumber(b)) return a;
  if (operator === '*' || operator === '/') return undefined;
  if (a.name === 'INTERVAL' && b.name === 'INTERVAL') {
    if (isDayTimeInterval(a) !== isDayTimeInterval(b)) return undefined;
    return { name: 'INTERVAL', qualifier: commonQualifier(a.qualifier, b.qualifier) };
  }
  if (isDatetime(a) && b.name === 'INTERVAL') return a;
  return operator === '+' && a.name === 'INTERVAL' && isDatetime(b) ? b : undefined;
};

const whole = (operator: Operator, a: Exact, b: Exact): Exact => {
  if (operator === '+') return addExact(a, b);
  if (operator === '-') return subtractExact(a, b);
  return operator === '*' ? multiplyExact(a, b) : divideExact(a, b);
};

const double = (operator: Operator, a: number, b: number): number => {
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  return b === 0 ? divideByZero() : a / b;
};

const bindNumbers = (operator: Operator, { types, result }: Binding) => {
  if (result.name === 'DOUBLE' || result.name === 'REAL') {
    const { name } = result;
    return (a: number, b: number) => finite(double(operator, a, b), name);
  }
  if (isInteger(result)) {
    const { name } = result;
    return (a: Exact, b: Exact) => inRange(whole(operator, a, b), name);
  }
  const { precision, scale } = asDecimal(result);
  const [left, right] = [asDecimal(types[0]!), asDecimal(types[1]!)];
  if (operator === '/')
    return (a: Exact, b: Exact) =>
      checkDigits(divideDecimal(a, left.scale, b, right.scale, scale), precision, scale);
  if (operator === '*')
    return (a: Exact, b: Exact) =>
      checkDigits(rescale(multiplyExact(a, b), left.scale + right.scale, scale), precision, scale);
  return (a: Exact, b: Exact) =>
    checkDigits(
      whole(operator, rescale(a, left.scale, scale), rescale(b, right.scale, scale)),
      precision,
      scale,
    );
};

/** A time plus milliseconds or months. A DATE stays at midnight, and a TIME goes round the clock. */
const shiftTime = (timeMs: number, by: number, type: SqlType, isMonths: boolean): number => {
  const shifted = isMonths ? addMonths(timeMs, by) : timeMs + by;
  if (!isTime(shifted)) return overflow(type.name);
  if (type.name === 'DATE') return dayOf(shifted) * DAY_MS;
  return type.name === 'TIME' ? timeOfDay(shifted) : shifted;
};

const safeInterval = (value: number, type: SqlType): number =>
  Number.isSafeInteger(value) ? value + 0 : overflow(typeText(type));

const bindTimes = (operator: Operator, { types, result }: Binding) => {
  const [a, b] = types as readonly [SqlType, SqlType];
  if (isDatetime(a) || isDatetime(b)) {
    const isMonths = !isDayTimeInterval(isDatetime(a) ? b : a);
    if (!isDatetime(a)) return (by: number, time: number) => shiftTime(time, by, result, isMonths);
    return operator === '-'
      ? (time: number, by: number) => shiftTime(time, -by, result, isMonths)
      : (time: number, by: number) => shiftTime(time, by, result, isMonths);
  }
  if (operator === '+') return (x: number, y: number) => safeInterval(x + y, result);
  if (operator === '-') return (x: number, y: number) => safeInterval(x - y, result);
  const isLeft = a.name === 'INTERVAL';
  const scale = 10 ** (isLeft ? asScale(b) : asScale(a));
  if (operator === '*') {
    return isLeft
      ? (x: number, y: Exact) => safeInterval(Math.round((x * Number(y)) / scale), result)
      : (x: Exact, y: number) => safeInterval(Math.round((Number(x) * y) / scale), result);
  }
  return (x: number, y: Exact) =>
    safeInterval(Math.trunc((x * scale) / (Number(y) || divideByZero())), result);
};

const asScale = (type: SqlType): number => (type.name === 'DECIMAL' ? type.scale : 0);

const SAFE_DIGITS = 15;

const inlineNumbers = (
  operator: Operator,
  [a, b]: readonly [string, string],
  { types, result, constants }: Binding,
  code: InlineCode,
): string | undefined => {
  const isShort = types.every((type) => isInteger(type) && type.name !== 'BIGINT');
  if (result.name === 'DOUBLE' && operator !== '/') {
    const t = code.variable();
    return `(${t} = ${a} ${operator} ${b}, ${t} - ${t} === 0) ? ${t} : ${code.constant(overflow)}("DOUBLE")`;
  }
  if (isInteger(result) && isShort && operator !== '/') {
    const t = code.variable();
    const [min, max] = INTEGER_RANGES[result.name];
    // Two whole numbers of 31 bits multiply exactly where it matters: what is rounded is out of range. `+ 0` makes -0 the one zero.
    const value = operator === '*' ? `${a} * ${b} + 0` : `${a} ${operator} ${b}`;
    return `(${t} = ${value}, ${t} >= ${min} && ${t} <= ${max}) ? ${t} : ${code.constant(overflow)}(${JSON.stringify(result.name)})`;
  }
  const [, divisor] = constants;
  const isPlainDivisor = typeof divisor === 'number' && divisor !== 0 && divisor !== -1;
  if (operator === '/' && isPlainDivisor && isInteger(result) && isShort)
    return `Math.trunc(${a} / ${b}) + 0`;
  if (operator === '/' && isPlainDivisor && result.name === 'DOUBLE') {
    const t = code.variable();
    return `(${t} = ${a} / ${b}, ${t} - ${t} === 0) ? ${t} : ${code.constant(overflow)}("DOUBLE")`;
  }
  if (result.name === 'BIGINT') {
    const slow = code.constant(BIGINT_ROADS[operator]);
    if (operator === '/')
      return isPlainDivisor
        ? `typeof ${a} === 'number' ? Math.trunc(${a} / ${b}) + 0 : ${slow}(${a}, ${b})`
        : undefined;
    return safely(a, b, operator === '*' ? `${a} * ${b} + 0` : `${a} ${operator} ${b}`, slow, code);
  }
  if (result.name === 'DECIMAL' && operator !== '/') {
    const [left, right] = [asDecimal(types[0]!), asDecimal(types[1]!)];
    const isScaled = operator === '*' ? left.scale + right.scale === result.scale : true;
    if (!isScaled) return undefined;
    const isSafe = [left, right, result].every(({ precision }) => precision <= SAFE_DIGITS);
    const scaled = (value: string, scale: number): string =>
      scale === result.scale ? value : `${value} * 1e${result.scale - scale}`;
    const value =
      operator === '*' ? `${a} * ${b} + 0` : `${scaled(a, left.scale)} ${operator} ${scaled(b, right.scale)}`;
    if (isSafe) return value;
    const slow = code.constant(bindNumbers(operator, { types, result, constants }));
    // A safe integer has fewer digits than a DECIMAL of 16 or more may have. An operand that is scaled first has to stay safe itself.
    const staysSafe = [left, right].every(
      ({ precision, scale }) =>
        operator === '*' || scale === result.scale || precision + result.scale - scale <= SAFE_DIGITS,
    );
    return result.precision > SAFE_DIGITS && staysSafe ? safely(a, b, value, slow, code) : undefined;
  }
  return undefined;
};

const BIGINT_ROADS: Readonly<Record<Operator, (a: Exact, b: Exact) => Exact>> = {
  '+': (a, b) => inRange(addExact(a, b), 'BIGINT'),
  '-': (a, b) => inRange(subtractExact(a, b), 'BIGINT'),
  '*': (a, b) => inRange(multiplyExact(a, b), 'BIGINT'),
  '/': (a, b) => inRange(divideExact(a, b), 'BIGINT'),
};

/** As numbers where both are and the result is safe, else by a function that knows bigints. What is not safe is never rounded into safety. */
const safely = (a: string, b: string, value: string, slow: string, code: InlineCode): string => {
  const t = code.variable();
  return `(typeof ${a} === 'number' && typeof ${b} === 'number' && (${t} = ${value}) <= 9007199254740991 && ${t} >= -9007199254740991) ? ${t} : ${slow}(${a}, ${b})`;
};

const negateBound = ({ result }: Binding) => {
  if (isApproximate(result) || result.name === 'INTERVAL') return (a: number) => (a === 0 ? 0 : -a);
  return isInteger(result)
    ? (a: Exact) => inRange(negateExact(a), result.name)
    : (a: Exact) => negateExact(a);
};

const operator = (name: Operator): ScalarDefinition => {
  const signature = FORMS[name].join(' | ');
  const definition = strict({
    name,
    signature,
    kindOf: (_, count) => (count === 1 || name === '*' || name === '/' ? 'number' : 'same'),
    resolve: (args, { span }) => {
      const canBeUnary = name === '-' || name === '+';
      expectCount(args, canBeUnary ? 1 : 2, 2, { name, signature }, span);
      if (args.length === 2) return resolveBinary(name, args, span);
      const [arg] = withTypes(args, span) as readonly [PlanExpression];
      if (!isNumber(arg.type) && arg.type.name !== 'INTERVAL')
        return cannotApply(name, args, [`${name}<NUMERIC>`, `${name}<DATETIME_INTERVAL>`], span);
      if (name === '+') return arg;
      return arg.op === 'literal' && typeof arg.value === 'number' && arg.value !== 0
        ? { ...arg, value: -arg.value }
        : call(name, [arg], arg.type, span);
    },
    bind: (binding) => {
      if (binding.types.length === 1) return negateBound(binding);
      return isNumber(binding.result) ? bindNumbers(name, binding) : bindTimes(name, binding);
    },
    inline: (args, binding, code) => {
      if (args.length === 2 && isNumber(binding.result))
        return inlineNumbers(name, args as readonly [string, string], binding, code);
      return undefined;
    },
  });
  return definition;
};

/** `(a - b) qualifier`: what is finer than the qualifier is dropped. */
const DIFFERENCE = strict({
  name: 'DIFFERENCE',
  signature: '(<datetime> - <datetime>) <interval qualifier>',
  kinds: ['time', 'time'],
  resolve: (args) => args[0]!,
  bind: ({ result }) => {
    if (result.name !== 'INTERVAL') throw new TypeError('a difference is an interval');
    const { from, to } = result.qualifier;
    if (from === 'YEAR' || from === 'MONTH')
      return (a: number, b: number) => monthsBetween(a, b, to === 'YEAR' ? 12 : 1);
    const unit = to === 'SECOND' ? 1 : UNIT_SIZES[to];
    return (a: number, b: number) => Math.trunc((a - b) / unit) * unit + 0;
  },
});

/** Whole months from `b` to `a`, towards zero. */
const monthsBetween = (a: number, b: number, unit: number): number => {
  if (a < b) return -monthsBetween(b, a, unit) + 0;
  let months = Math.floor((a - b) / (28 * DAY_MS)) + 1;
  while (months > 0 && addMonths(b, months) > a) months--;
  return Math.floor(months / unit) * unit;
};

export const ARITHMETIC: readonly ScalarDefinition[] = [
  operator('+'),
  operator('-'),
  operator('*'),
  operator('/'),
  DIFFERENCE,
];
