/**
 * EXP_AVG(value, half-life) OVER …: an average in which a value of one half-life ago weighs half as much as one of now. "Now" is the ROWTIME of the
 * newest row, which is why the call takes the row's ROWTIME as a third argument of its own.
 */
import type { PlanExpression } from '../../plan/expression.ts';
import { SqlError } from '../../sql-error.ts';
import type { SqlType } from '../../types.ts';
import { ROWTIME_INDEX, type SqlValue } from '../../value.ts';
import { finite } from '../cast.ts';
import { convertTo } from '../convert.ts';
import { cannotApply, expectCount } from '../definition.ts';
import type { Accumulator, AggregateFunction } from '../function.ts';
import { isDayTimeInterval, isNumber, isUntyped } from '../type-rules.ts';
import { aggregateCall } from './definition.ts';
import { ValueQueue } from './value-queue.ts';

const DOUBLE: SqlType = { name: 'DOUBLE' };
const ROWTIME: PlanExpression = { op: 'column', index: ROWTIME_INDEX, type: { name: 'TIMESTAMP' } };

class ExponentialAverage implements Accumulator {
  readonly #values = new ValueQueue();
  readonly #times = new ValueQueue();
  readonly #halfLifeMs: number;
  /** Of all values, as they weigh at `nowMs`. */
  #weighted = 0;
  #weights = 0;
  #nowMs = 0;
  #removed = 0;

  constructor(halfLifeMs: number) {
    this.#halfLifeMs = halfLifeMs;
  }

  #weightAfter(elapsedMs: number): number {
    return 2 ** (-elapsedMs / this.#halfLifeMs);
  }

  add([value, , time]: readonly SqlValue[]): void {
    const nowMs = time as number;
    const fading = this.#weightAfter(nowMs - this.#nowMs);
    this.#weighted *= fading;
    this.#weights *= fading;
    this.#nowMs = nowMs;
    if (value === null) return;
    this.#values.push(value!);
    this.#times.push(nowMs);
    this.#weighted += value as number;
    this.#weights += 1;
  }

  remove([value]: readonly SqlValue[]): void {
    if (value === null) return;
    const weight = this.#weightAfter(this.#nowMs - (this.#times.at(0) as number));
    this.#weighted -= (this.#values.at(0) as number) * weight;
    this.#weights -= weight;
    this.#values.shift();
    this.#times.shift();
    // What subtraction leaves behind does not grow: after as many removals as there are values all is summed anew.
    if (++this.#removed > this.#values.length) this.#sumAnew();
  }

  #sumAnew(): void {
    this.#removed = 0;
    this.#weighted = 0;
    this.#weights = 0;
    for (let i = 0; i < this.#values.length; i++) {
      const weight = this.#weightAfter(this.#nowMs - (this.#times.at(i) as number));
      this.#weighted += (this.#values.at(i) as number) * weight;
      this.#weights += weight;
    }
  }

  result(): SqlValue {
    if (this.#values.length === 0 || this.#weights <= 0) return null;
    return finite(this.#weighted / this.#weights, 'DOUBLE');
  }

  save(): unknown {
    return [
      this.#values.save(),
      this.#times.save(),
      this.#weighted,
      this.#weights,
      this.#nowMs,
      this.#removed,
    ];
  }

  restore(state: unknown): void {
    const [values, times, weighted, weights, nowMs, removed] = state as [
      readonly SqlValue[],
      readonly SqlValue[],
      number,
      number,
      number,
      number,
    ];
    this.#values.restore(values);
    this.#times.restore(times);
    this.#weighted = weighted;
    this.#weights = weights;
    this.#nowMs = nowMs;
    this.#removed = removed;
  }
}

const EXP_AVG: AggregateFunction = {
  name: 'EXP_AVG',
  signature: 'EXP_AVG(<numeric>, <interval literal>)',
  kindOf: (index) => (index === 0 ? 'number' : 'interval'),
  resolve: (args, site) => {
    expectCount(args, 2, 2, EXP_AVG, site.span);
    const [value, halfLife] = args as readonly [PlanExpression, PlanExpression];
    if (!isNumber(value.type) && !isUntyped(value.type))
      return cannotApply('EXP_AVG', args, ['EXP_AVG(<NUMERIC>, <DATETIME_INTERVAL>)'], site.span);
    if (!isDayTimeInterval(halfLife.type) || halfLife.op !== 'literal' || !((halfLife.value as number) > 0))
      throw new SqlError(site.span, 'EXP_AVG takes an interval literal above zero as its half-life');
    return aggregateCall(
      'EXP_AVG',
      [convertTo(value, DOUBLE, 'argument', site.span), halfLife, ROWTIME],
      DOUBLE,
      site,
    );
  },
  isAggregate: false,
  canRemove: true,
  accumulator: ({ args }) => new ExponentialAverage((args[1] as { readonly value: number }).value),
};

export const EXPONENTIAL_AVERAGES: readonly AggregateFunction[] = [EXP_AVG];
