/** ABS, CEIL, FLOOR, EXP, LN, LOG10, MOD, POWER and SQRT. The transcendental ones are DOUBLE; what has no value is a row error. */
import type { PlanExpression } from '../plan/expression.ts';
import type { SqlType } from '../types.ts';
import { RowError } from '../value.ts';
import { powerOfTen } from '../values/decimal.ts';
import { exact, type Exact, inRange, negateExact, remainderExact } from '../values/exact.ts';
import { finite } from './cast.ts';
import { convertTo } from './convert.ts';
import { call, cannotApply, expectCount, type ScalarDefinition, strict } from './definition.ts';
import { isApproximate, isExactNumber, isInteger, isNumber, isUntyped } from './type-rules.ts';

const DOUBLE: SqlType = { name: 'DOUBLE' };

const invalid = (message: string): never => {
  throw new RowError('INVALID_ARGUMENT', message);
};

/** Of doubles, to a double. */
const ofDoubles = (
  name: string,
  names: readonly string[],
  compute: (...values: number[]) => number,
): ScalarDefinition => {
  const signature = `${name}(${names.map((each) => `<${each}>`).join(', ')})`;
  return strict({
    name,
    signature,
    kinds: ['number'],
    resolve: (args, { span }) => {
      expectCount(args, names.length, names.length, { name, signature }, span);
      for (const { type } of args)
        if (!isNumber(type) && !isUntyped(type))
          return cannotApply(name, args, [`${name}(${names.map(() => '<NUMERIC>').join(', ')})`], span);
      const doubles = args.map((arg) => convertTo(arg, DOUBLE, 'argument', span));
      return call(name, doubles, DOUBLE, span);
    },
    bind:
      () =>
      (...values: number[]) =>
        finite(compute(...values), 'DOUBLE'),
  });
};

const logarithm = (name: string, compute: (value: number) => number): ScalarDefinition =>
  ofDoubles(name, ['numeric'], (value) =>
    value! > 0 ? compute(value!) : invalid(`${name} of a number that is not above zero`),
  );

const power = (base: number, exponent: number): number => {
  if (base === 0 && exponent < 0) return invalid('POWER of zero with a negative exponent');
  if (base < 0 && !Number.isInteger(exponent))
    return invalid('POWER of a negative number with an exponent that is not whole');
  return base ** exponent;
};

const floorExact = (value: Exact, scale: number, isCeiling: boolean): Exact => {
  if (scale === 0) return value;
  const size = powerOfTen(scale);
  if (typeof value === 'number' && typeof size === 'number')
    return (isCeiling ? Math.ceil(value / size) : Math.floor(value / size)) + 0;
  const [whole, divisor] = [BigInt(value), BigInt(size)];
  const quotient = whole / divisor;
  const rest = whole - quotient * divisor;
  return exact(isCeiling ? quotient + (rest > 0n ? 1n : 0n) : quotient - (rest < 0n ? 1n : 0n));
};

const rounding = (name: 'FLOOR' | 'CEIL' | 'CEILING'): ScalarDefinition => {
  const isCeiling = name !== 'FLOOR';
  const signature = `${name}(<numeric>)`;
  return strict({
    name,
    signature,
    kinds: ['number'],
    resolve: (args, { span }) => {
      expectCount(args, 1, 1, { name, signature }, span);
      const [arg] = args as readonly [PlanExpression];
      if (!isNumber(arg.type) && !isUntyped(arg.type))
        return cannotApply(name, args, [`${name}(<NUMERIC>)`, `${name}(<DATETIME> TO <TIME UNIT>)`], span);
      const value = isUntyped(arg.type) ? convertTo(arg, DOUBLE, 'argument', span) : arg;
      if (isInteger(value.type)) return value;
      const type = value.type.name === 'DECIMAL' ? { ...value.type, scale: 0 } : value.type;
      return call(name, [value], type, span);
    },
    bind: ({ types }) => {
      const [from] = types as readonly [SqlType];
      if (from.name === 'DECIMAL') return (value: Exact) => floorExact(value, from.scale, isCeiling);
      return isCeiling ? (value: number) => Math.ceil(value) + 0 : (value: number) => Math.floor(value);
    },
  });
};

const ABS = strict({
  name: 'ABS',
  signature: 'ABS(<numeric or interval>)',
  kinds: ['number'],
  resolve: (args, { span }) => {
    expectCount(args, 1, 1, ABS, span);
    const [arg] = args as readonly [PlanExpression];
    if (isUntyped(arg.type)) return call('ABS', [convertTo(arg, DOUBLE, 'argument', span)], DOUBLE, span);
    if (!isNumber(arg.type) && arg.type.name !== 'INTERVAL')
      return cannotApply('ABS', args, ['ABS(<NUMERIC>)', 'ABS(<DATETIME_INTERVAL>)'], span);
    return call('ABS', [arg], arg.type, span);
  },
  bind: ({ result }) => {
    if (isApproximate(result) || result.name === 'INTERVAL') return (value: number) => Math.abs(value);
    const absolute = (value: Exact): Exact => (value < 0 ? negateExact(value) : value);
    return isInteger(result) ? (value: Exact) => inRange(absolute(value), result.name) : absolute;
  },
});

/** Of whole numbers, DECIMAL of scale 0 among them; the result has the divisor's type. */
const MOD = strict({
  name: 'MOD',
  signature: 'MOD(<integer>, <integer>)',
  kinds: ['integer'],
  resolve: (args, { span }) => {
    expectCount(args, 2, 2, MOD, span);
    const whole = args.map((arg) =>
      isUntyped(arg.type) ? convertTo(arg, { name: 'BIGINT' }, 'argument', span) : arg,
    );
    for (const { type } of whole)
      if (!isExactNumber(type) || (type.name === 'DECIMAL' && type.scale > 0))
        return cannotApply('MOD', args, ['MOD(<EXACT_NUMERIC>, <EXACT_NUMERIC>)'], span);
    return call('MOD', whole, whole[1]!.type, span);
  },
  bind: () => remainderExact,
  inline: ([a, b], { types, constants }, code) => {
    const isShort = types.every((type) => isInteger(type) && type.name !== 'BIGINT');
    if (typeof constants[1] !== 'number' || constants[1] === 0) return undefined;
    return isShort
      ? `${a} % ${b} + 0`
      : `typeof ${a} === 'number' ? ${a} % ${b} + 0 : ${code.constant(remainderExact)}(${a}, ${b})`;
  },
});

export const NUMERIC: readonly ScalarDefinition[] = [
  ABS,
  rounding('FLOOR'),
  rounding('CEIL'),
  rounding('CEILING'),
  ofDoubles('EXP', ['numeric'], (value) => Math.exp(value!)),
  logarithm('LN', Math.log),
  logarithm('LOG10', Math.log10),
  MOD,
  ofDoubles('POWER', ['base', 'exponent'], (base, exponent) => power(base!, exponent!)),
  ofDoubles('SQRT', ['numeric'], (value) =>
    value! >= 0 ? Math.sqrt(value!) : invalid('SQRT of a negative number'),
  ),
];
