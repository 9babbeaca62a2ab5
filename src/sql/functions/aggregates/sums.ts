/**
 * COUNT, SUM and AVG. Whole numbers and decimals are summed exactly, doubles too (`double-sum.ts`), so that a sliding window takes values back without
 * drift. Result types are decision 0542: a sum of whole numbers is a BIGINT, the average of whole numbers is of their type and cut towards zero.
 */
import type { AggregateCall } from '../../plan/plan.ts';
import type { SqlType } from '../../types.ts';
import type { SqlValue } from '../../value.ts';
import { checkDigits, DECIMAL_DIGITS_MAX } from '../../values/decimal.ts';
import {
  addExact,
  divideExact,
  divideRounded,
  exact,
  type Exact,
  inRange,
  subtractExact,
} from '../../values/exact.ts';
import { finite } from '../cast.ts';
import { convertTo } from '../convert.ts';
import { cannotApply, expectCount } from '../definition.ts';
import type { Accumulator, AggregateFunction } from '../function.ts';
import { asDecimal, isApproximate, isInteger, isNumber, isUntyped } from '../type-rules.ts';
import { aggregateCall } from './definition.ts';
import { DoubleSum } from './double-sum.ts';

/** COUNT(*) has no argument, and almost every other COUNT has one. */
const hasAll = (args: readonly SqlValue[]): boolean =>
  args.length === 0 || (args[0] !== null && (args.length === 1 || !args.includes(null)));

class Count implements Accumulator {
  #count = 0;

  add(args: readonly SqlValue[]): void {
    if (hasAll(args)) this.#count++;
  }

  remove(args: readonly SqlValue[]): void {
    if (hasAll(args)) this.#count--;
  }

  result(): SqlValue {
    return this.#count;
  }

  save(): unknown {
    return this.#count;
  }

  restore(state: unknown): void {
    this.#count = state as number;
  }
}

/** Of whole numbers and decimals: their sum and how many there are. */
class ExactTotal implements Accumulator {
  #sum: Exact = 0;
  #count = 0;
  readonly #finish: (sum: Exact, count: number) => SqlValue;

  constructor(finish: (sum: Exact, count: number) => SqlValue) {
    this.#finish = finish;
  }

  add(args: readonly SqlValue[]): void {
    const value = args[0]!;
    if (value === null) return;
    this.#sum = addExact(this.#sum, value as Exact);
    this.#count++;
  }

  remove(args: readonly SqlValue[]): void {
    const value = args[0]!;
    if (value === null) return;
    this.#sum = subtractExact(this.#sum, value as Exact);
    this.#count--;
  }

  result(): SqlValue {
    return this.#count === 0 ? null : this.#finish(this.#sum, this.#count);
  }

  save(): unknown {
    return [this.#sum, this.#count];
  }

  restore(state: unknown): void {
    [this.#sum, this.#count] = state as [Exact, number];
  }
}

class DoubleTotal implements Accumulator {
  readonly #sum = new DoubleSum();
  #count = 0;
  readonly #isAverage: boolean;

  constructor(isAverage: boolean) {
    this.#isAverage = isAverage;
  }

  add(args: readonly SqlValue[]): void {
    const value = args[0]!;
    if (value === null) return;
    this.#sum.add(value as number);
    this.#count++;
  }

  remove(args: readonly SqlValue[]): void {
    const value = args[0]!;
    if (value === null) return;
    this.#sum.remove(value as number);
    this.#count--;
  }

  result(): SqlValue {
    if (this.#count === 0) return null;
    const [sum] = this.#sum.pair;
    return finite(this.#isAverage ? sum / this.#count : sum, 'DOUBLE') + 0;
  }

  save(): unknown {
    return [this.#count, this.#sum.save()];
  }

  restore(state: unknown): void {
    const [count, sum] = state as [number, unknown];
    this.#count = count;
    this.#sum.restore(sum);
  }
}

const COUNT: AggregateFunction = {
  name: 'COUNT',
  signature: 'COUNT(*) | COUNT([ALL | DISTINCT] <any>)',
  kindOf: () => 'any',
  resolve: (args, site) => {
    if (!site.isStar) expectCount(args, 1, Infinity, COUNT, site.span);
    return aggregateCall('COUNT', args, { name: 'BIGINT' }, site);
  },
  isAggregate: true,
  canRemove: true,
  accumulator: () => new Count(),
};

const total = (name: 'SUM' | 'AVG'): AggregateFunction => {
  const signature = `${name}([ALL | DISTINCT] <numeric>)`;
  const self: AggregateFunction = {
    name,
    signature,
    kindOf: () => 'number',
    resolve: (args, site) => {
      expectCount(args, 1, 1, { name, signature }, site.span);
      const { type } = args[0]!;
      const isFit = isNumber(type) || isUntyped(type);
      if (!isFit) return cannotApply(name, args, [`${name}(<NUMERIC>)`], site.span);
      const typed = isUntyped(type)
        ? convertTo(args[0]!, { name: 'DOUBLE' }, 'argument', site.span)
        : args[0]!;
      return aggregateCall(name, [typed], resultType(name, typed.type), site);
    },
    isAggregate: true,
    canRemove: true,
    accumulator: (call) => totalOf(name, call),
  };
  return self;
};

const resultType = (name: 'SUM' | 'AVG', type: SqlType): SqlType => {
  if (isApproximate(type)) return { name: 'DOUBLE' };
  if (isInteger(type)) return name === 'AVG' ? type : { name: 'BIGINT' };
  if (name === 'AVG') return type;
  return { name: 'DECIMAL', precision: DECIMAL_DIGITS_MAX, scale: asDecimal(type).scale };
};

const totalOf = (name: 'SUM' | 'AVG', { args, type }: AggregateCall): Accumulator => {
  if (isApproximate(args[0]!.type)) return new DoubleTotal(name === 'AVG');
  if (name === 'AVG') {
    return type.name === 'DECIMAL'
      ? new ExactTotal((sum, count) => exact(divideRounded(BigInt(sum), BigInt(count))))
      : new ExactTotal((sum, count) => divideExact(sum, count));
  }
  if (isInteger(type)) return new ExactTotal((sum) => inRange(sum, type.name));
  const { precision, scale } = type.name === 'DECIMAL' ? type : { precision: DECIMAL_DIGITS_MAX, scale: 0 };
  return new ExactTotal((sum) => checkDigits(sum, precision, scale));
};

export const SUMS: readonly AggregateFunction[] = [COUNT, total('SUM'), total('AVG')];
