/**
 * VAR_POP, VAR_SAMP, STDDEV_POP and STDDEV_SAMP (and STDDEV, STD_DEV, which are STDDEV_SAMP), all of them DOUBLE. They are computed from the sums of the
 * values and of their squares, as AWS's pages say, but exactly: of whole numbers and decimals in whole numbers, of doubles with every rounding error
 * kept, so that values of a billion with a variance of one come out right, and nothing drifts as a window slides.
 */
import type { SqlType } from '../../types.ts';
import type { SqlValue } from '../../value.ts';
import { addExact, type Exact, multiplyExact, overflow, subtractExact } from '../../values/exact.ts';
import { convertTo } from '../convert.ts';
import { cannotApply, expectCount } from '../definition.ts';
import type { Accumulator, AggregateFunction } from '../function.ts';
import { asDecimal, isApproximate, isNumber, isUntyped } from '../type-rules.ts';
import { aggregateCall } from './definition.ts';
import { DoubleSum, twoSum } from './double-sum.ts';

/** From n² times the population variance. */
type Finish = (count: number, scaled: number) => SqlValue;

const DOUBLE: SqlType = { name: 'DOUBLE' };
const SPLITTER = 2 ** 27 + 1;
/** The square of more than this is no double. */
const LARGEST = 2 ** 500;

/** The exact product of two doubles, as two (Dekker). */
const twoProduct = (a: number, b: number): readonly [number, number] => {
  const product = a * b;
  const [aHigh, bHigh] = [SPLITTER * a - (SPLITTER * a - a), SPLITTER * b - (SPLITTER * b - b)];
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  return [product, aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)];
};

class DoubleSpread implements Accumulator {
  readonly #sum = new DoubleSum();
  readonly #squares = new DoubleSum();
  #count = 0;
  #tooLarge = 0;
  readonly #finish: Finish;

  constructor(finish: Finish) {
    this.#finish = finish;
  }

  add(args: readonly SqlValue[]): void {
    const value = args[0]!;
    if (value === null) return;
    this.#count++;
    this.#change(value as number, 1);
  }

  remove(args: readonly SqlValue[]): void {
    const value = args[0]!;
    if (value === null) return;
    this.#count--;
    this.#change(value as number, -1);
  }

  #change(value: number, sign: 1 | -1): void {
    if (value > LARGEST || value < -LARGEST) {
      this.#tooLarge += sign;
      return;
    }
    const [square, error] = twoProduct(value, value);
    this.#sum.add(sign * value);
    this.#squares.add(sign * square);
    if (error !== 0) this.#squares.add(sign * error);
  }

  result(): SqlValue {
    if (this.#tooLarge > 0) return overflow('DOUBLE');
    const n = this.#count;
    const [sum, sumRest] = this.#sum.pair;
    const [squares, squaresRest] = this.#squares.pair;
    const [left, leftRest] = twoProduct(n, squares);
    const [right, rightRest] = twoProduct(sum, sum);
    const [difference, error] = twoSum(left, -right);
    const scaled = difference + (error + (leftRest - rightRest + (n * squaresRest - 2 * sum * sumRest)));
    return this.#finish(n, Math.max(0, scaled));
  }

  save(): unknown {
    return [this.#count, this.#tooLarge, this.#sum.save(), this.#squares.save()];
  }

  restore(state: unknown): void {
    const [count, tooLarge, sum, squares] = state as [number, number, unknown, unknown];
    this.#count = count;
    this.#tooLarge = tooLarge;
    this.#sum.restore(sum);
    this.#squares.restore(squares);
  }
}

class ExactSpread implements Accumulator {
  #sum: Exact = 0;
  #squares: Exact = 0;
  #count = 0;
  readonly #finish: Finish;
  readonly #unit: number;

  constructor(finish: Finish, scale: number) {
    this.#finish = finish;
    this.#unit = 10 ** (2 * scale);
  }

  add(args: readonly SqlValue[]): void {
    const value = args[0]!;
    if (value === null) return;
    this.#count++;
    this.#sum = addExact(this.#sum, value as Exact);
    this.#squares = addExact(this.#squares, multiplyExact(value as Exact, value as Exact));
  }

  remove(args: readonly SqlValue[]): void {
    const value = args[0]!;
    if (value === null) return;
    this.#count--;
    this.#sum = subtractExact(this.#sum, value as Exact);
    this.#squares = subtractExact(this.#squares, multiplyExact(value as Exact, value as Exact));
  }

  result(): SqlValue {
    const scaled = subtractExact(
      multiplyExact(this.#count, this.#squares),
      multiplyExact(this.#sum, this.#sum),
    );
    return this.#finish(this.#count, Number(scaled) / this.#unit);
  }

  save(): unknown {
    return [this.#count, this.#sum, this.#squares];
  }

  restore(state: unknown): void {
    [this.#count, this.#sum, this.#squares] = state as [number, Exact, Exact];
  }
}

const spread = (name: string, isSample: boolean, isRoot: boolean): AggregateFunction => {
  const signature = `${name}([ALL | DISTINCT] <numeric>)`;
  const finish: Finish = (count, scaled) => {
    if (count < (isSample ? 2 : 1)) return null;
    const variance = scaled / count / (isSample ? count - 1 : count);
    return isRoot ? Math.sqrt(variance) : variance;
  };
  return {
    name,
    signature,
    kindOf: () => 'number',
    resolve: (args, site) => {
      expectCount(args, 1, 1, { name, signature }, site.span);
      const [arg] = args;
      if (!isNumber(arg!.type) && !isUntyped(arg!.type))
        return cannotApply(name, args, [`${name}(<NUMERIC>)`], site.span);
      const value = isUntyped(arg!.type) ? convertTo(arg!, DOUBLE, 'argument', site.span) : arg!;
      return aggregateCall(name, [value], DOUBLE, site);
    },
    isAggregate: true,
    canRemove: true,
    accumulator: ({ args }) => {
      const { type } = args[0]!;
      return isApproximate(type) ? new DoubleSpread(finish) : new ExactSpread(finish, asDecimal(type).scale);
    },
  };
};

export const VARIANCES: readonly AggregateFunction[] = [
  spread('VAR_POP', false, false),
  spread('VAR_SAMP', true, false),
  spread('STDDEV_POP', false, true),
  spread('STDDEV_SAMP', true, true),
  spread('STDDEV', true, true),
  spread('STD_DEV', true, true),
];
