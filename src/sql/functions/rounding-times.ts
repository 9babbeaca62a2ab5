/**
 * FLOOR(t TO unit), CEIL(t TO unit), STEP(t BY interval), STEP(n BY literal) and EXTRACT. STEP of days and finer counts from 1970-01-01 00:00:00, of
 * months and years from January 1970 (decision 0543, where AWS's example of five days contradicts AWS's formula).
 */
import { type Span, SqlError } from '../sql-error.ts';
import type { PlanExpression } from '../plan/expression.ts';
import type { SqlType, TimeUnit } from '../types.ts';
import { civilOf, DAY_MS, dayOf, daysOf, timeOfDay } from '../values/datetime.ts';
import { type Exact, exact, inRange } from '../values/exact.ts';
import { rankOf, UNIT_SIZES } from '../values/interval.ts';
import { convertTo } from './convert.ts';
import { call, cannotApply, expectCount, literal, type ScalarDefinition, strict } from './definition.ts';
import { isDatetime, isInteger, isUntyped } from './type-rules.ts';

const UNITS: readonly string[] = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'];

/** Months since January 1970 of the day that a time falls on. */
const monthOf = (timeMs: number): number => {
  const { year, month } = civilOf(dayOf(timeMs));
  return (year - 1970) * 12 + (month - 1);
};

const startOfMonth = (months: number): number => {
  const year = Math.floor(months / 12);
  return daysOf(1970 + year, months - year * 12 + 1, 1) * DAY_MS;
};

const floorMonths = (timeMs: number, months: number): number =>
  startOfMonth(Math.floor(monthOf(timeMs) / months) * months);

const ceilMonths = (timeMs: number, months: number): number => {
  const floor = floorMonths(timeMs, months);
  return floor === timeMs ? floor : startOfMonth(monthOf(floor) + months);
};

const isMonths = (unit: TimeUnit): boolean => rankOf(unit) <= 1;

const unitOf = (name: string, arg: PlanExpression | undefined, span: Span): TimeUnit => {
  if (arg?.op === 'literal' && typeof arg.value === 'string' && UNITS.includes(arg.value))
    return arg.value as TimeUnit;
  throw new SqlError(span, `${name} takes one of the units ${UNITS.join(', ')}`);
};

/** A time, or what is taken for a TIMESTAMP because nobody knows its type. */
const timeOf = (
  name: string,
  args: readonly PlanExpression[],
  arg: PlanExpression,
  form: string,
  span: Span,
): PlanExpression => {
  if (isDatetime(arg.type)) return arg;
  if (!isUntyped(arg.type)) return cannotApply(name, args, [form], span);
  return convertTo(arg, { name: 'TIMESTAMP' }, 'argument', span);
};

const roundTo = (direction: 'FLOOR' | 'CEIL'): ScalarDefinition => {
  const name = `${direction} TO`;
  const signature = `${direction}(<datetime> TO <unit>) | ${direction}(<interval> TO <unit>)`;
  return strict({
    name,
    signature,
    kinds: ['time', 'any'],
    resolve: (args, { span }) => {
      expectCount(args, 2, 2, { name: direction, signature }, span);
      const unit = unitOf(direction, args[1], span);
      const [value] = args as readonly [PlanExpression, PlanExpression];
      // What AWS's older examples make windows of: FLOOR((ROWTIME - TIMESTAMP '…') SECOND / 10 TO SECOND).
      if (value.type.name === 'INTERVAL' && rankOf(value.type.qualifier.from) > 1 && !isMonths(unit))
        return call(name, [value, args[1]!], value.type, span);
      const time = timeOf(direction, [args[0]!], args[0]!, signature, span);
      if (time.type.name === 'TIME' && rankOf(unit) <= 2)
        throw new SqlError(span, `A TIME has no ${unit} to round to`);
      return call(name, [time, args[1]!], time.type, span);
    },
    bind: ({ result }) => {
      if (result.name === 'INTERVAL') {
        const round = direction === 'FLOOR' ? Math.floor : Math.ceil;
        return (value: number, unit: string) => {
          const size = UNIT_SIZES[unit as TimeUnit];
          return round(value / size) * size + 0;
        };
      }
      return direction === 'FLOOR'
        ? (time: number, unit: string) => floorTo(time, unit as TimeUnit)
        : (time: number, unit: string) => {
            const ceiling = ceilTo(time, unit as TimeUnit);
            return result.name === 'TIME' ? timeOfDay(ceiling) : ceiling;
          };
    },
    inline: ([time], { constants }) => {
      const unit = constants[1] as TimeUnit;
      if (direction === 'CEIL' || unit === undefined || isMonths(unit)) return undefined;
      return `Math.floor(${time} / ${UNIT_SIZES[unit]}) * ${UNIT_SIZES[unit]}`;
    },
  });
};

const floorTo = (timeMs: number, unit: TimeUnit): number =>
  isMonths(unit)
    ? floorMonths(timeMs, UNIT_SIZES[unit])
    : Math.floor(timeMs / UNIT_SIZES[unit]) * UNIT_SIZES[unit];

const ceilTo = (timeMs: number, unit: TimeUnit): number =>
  isMonths(unit)
    ? ceilMonths(timeMs, UNIT_SIZES[unit])
    : Math.ceil(timeMs / UNIT_SIZES[unit]) * UNIT_SIZES[unit] + 0;

/** The largest multiple that is not above the value: `STEP(-1 BY 5)` is -5 by AWS's sentence, although the division it names gives 0. */
const stepExact = (value: Exact, by: Exact): Exact => {
  if (typeof value === 'number' && typeof by === 'number') {
    const stepped = Math.floor(value / by) * by;
    if (Number.isSafeInteger(stepped)) return stepped + 0;
  }
  const [whole, size] = [BigInt(value), BigInt(by)];
  const rest = whole % size;
  return exact(whole - (rest < 0n ? rest + size : rest));
};

const STEP_MONTHS_MAX = 36_000;
const STEP_MS_MAX = 1e14;

const STEP = strict({
  name: 'STEP',
  signature: 'STEP(<datetime> BY <interval literal>) | STEP(<integer> BY <integer literal>)',
  kindOf: (index) => (index === 0 ? 'any' : 'interval'),
  resolve: (args, { span }) => {
    expectCount(args, 2, 2, STEP, span);
    const [value, by] = args as readonly [PlanExpression, PlanExpression];
    const forms = ['STEP(<DATETIME> BY <INTERVAL>)', 'STEP(<INTEGER> BY <INTEGER>)'];
    if (by.op !== 'literal') throw new SqlError(span, `STEP takes a literal after BY: ${STEP.signature}`);
    if (typeof by.value !== 'number' || by.value <= 0)
      throw new SqlError(span, 'STEP takes a size above zero');
    if (by.type.name === 'INTERVAL') {
      if (by.value > (isMonths(by.type.qualifier.from) ? STEP_MONTHS_MAX : STEP_MS_MAX))
        throw new SqlError(span, 'STEP takes a size of three thousand years at most');
      const time = timeOf('STEP', args, value, forms[0]!, span);
      return call('STEP', [time, by], time.type, span);
    }
    if (!isInteger(by.type)) return cannotApply('STEP', args, forms, span);
    const whole = isUntyped(value.type) ? convertTo(value, { name: 'BIGINT' }, 'argument', span) : value;
    if (!isInteger(whole.type)) return cannotApply('STEP', args, forms, span);
    return call('STEP', [whole, by], whole.type, span);
  },
  bind: ({ types, result }) => {
    const [, by] = types as readonly [SqlType, SqlType];
    if (isInteger(result)) {
      const { name } = result;
      return (value: Exact, size: Exact) => inRange(stepExact(value, size), name);
    }
    if (by.name === 'INTERVAL' && isMonths(by.qualifier.from)) return floorMonths;
    return result.name === 'DATE'
      ? (time: number, size: number) => dayOf(Math.floor(time / size) * size) * DAY_MS
      : (time: number, size: number) => Math.floor(time / size) * size;
  },
  inline: ([time, size], { types, result }) => {
    const [, by] = types as readonly [SqlType, SqlType];
    if (result.name !== 'TIMESTAMP' || by.name !== 'INTERVAL' || isMonths(by.qualifier.from))
      return undefined;
    return `Math.floor(${time} / ${size}) * ${size}`;
  },
});

const fieldOfTime = (timeMs: number, unit: TimeUnit): number => {
  if (rankOf(unit) <= 2) {
    const { year, month, day } = civilOf(dayOf(timeMs));
    return unit === 'YEAR' ? year : unit === 'MONTH' ? month : day;
  }
  const time = timeOfDay(timeMs);
  if (unit === 'HOUR') return Math.floor(time / UNIT_SIZES.HOUR);
  if (unit === 'MINUTE') return Math.floor(time / UNIT_SIZES.MINUTE) % 60;
  return time % UNIT_SIZES.MINUTE;
};

/** Of an interval: with its sign, and the leading field unbounded. */
const fieldOfInterval = (value: number, unit: TimeUnit, leading: TimeUnit): number => {
  const size = Math.abs(value);
  const sign = value < 0 ? -1 : 1;
  const modulo = unit === leading ? Infinity : unit === 'HOUR' ? 24 : unit === 'MONTH' ? 12 : 60;
  if (unit === 'SECOND') return sign * (modulo === Infinity ? size : size % UNIT_SIZES.MINUTE) + 0;
  return sign * (Math.floor(size / UNIT_SIZES[unit]) % modulo) + 0;
};

const EXTRACT = strict({
  name: 'EXTRACT',
  signature: 'EXTRACT(<unit> FROM <datetime or interval>)',
  kinds: ['any', 'time'],
  resolve: (args, { span }) => {
    expectCount(args, 2, 2, EXTRACT, span);
    const [named, of] = args as readonly [PlanExpression, PlanExpression];
    const unit = unitOf('EXTRACT', named, span);
    const type: SqlType =
      unit === 'SECOND' ? { name: 'DECIMAL', precision: 5, scale: 3 } : { name: 'BIGINT' };
    const forms = [
      'EXTRACT(<DATETIME INTERVAL> FROM <DATETIME>)',
      'EXTRACT(<DATETIME INTERVAL> FROM <INTERVAL>)',
    ];
    if (of.type.name === 'INTERVAL') {
      const { from, to } = of.type.qualifier;
      const isIn = rankOf(unit) >= rankOf(from) && rankOf(unit) <= rankOf(to);
      return isIn ? call('EXTRACT', args, type, span) : literal(0, type);
    }
    if (!isDatetime(of.type) && !isUntyped(of.type)) return cannotApply('EXTRACT', [of], forms, span);
    const time = isUntyped(of.type) ? convertTo(of, { name: 'TIMESTAMP' }, 'argument', span) : of;
    if (time.type.name === 'TIME' && rankOf(unit) <= 2) throw new SqlError(span, `A TIME has no ${unit}`);
    return call('EXTRACT', [named, time], type, span);
  },
  bind: ({ types }) => {
    const [, of] = types as readonly [SqlType, SqlType];
    if (of.name !== 'INTERVAL') return (unit: string, time: number) => fieldOfTime(time, unit as TimeUnit);
    const { from } = of.qualifier;
    return (unit: string, value: number) => fieldOfInterval(value, unit as TimeUnit, from);
  },
});

export const ROUNDING_TIMES: readonly ScalarDefinition[] = [roundTo('FLOOR'), roundTo('CEIL'), STEP, EXTRACT];
