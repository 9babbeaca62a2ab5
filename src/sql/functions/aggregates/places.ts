/** FIRST_VALUE, LAST_VALUE, NTH_VALUE and LAG: the value of one row of a frame, found by its place. */
import type { PlanExpression } from '../../plan/expression.ts';
import { SqlError } from '../../sql-error.ts';
import type { SqlType } from '../../types.ts';
import type { SqlValue } from '../../value.ts';
import { convertTo } from '../convert.ts';
import { cannotApply, expectCount } from '../definition.ts';
import type { Accumulator, AggregateFunction, CallSite } from '../function.ts';
import { isExactNumber, isUntyped } from '../type-rules.ts';
import { aggregateCall } from './definition.ts';
import { ValueQueue } from './value-queue.ts';

/** What it finds: from the values of the frame, and the arguments of the newest row. */
type Finder = (values: ValueQueue, current: readonly SqlValue[]) => SqlValue;

class Place implements Accumulator {
  readonly #values = new ValueQueue();
  #current: readonly SqlValue[] = [];
  readonly #find: Finder;
  readonly #keepsNulls: boolean;

  constructor(find: Finder, keepsNulls: boolean) {
    this.#find = find;
    this.#keepsNulls = keepsNulls;
  }

  add(args: readonly SqlValue[]): void {
    if (this.#keepsNulls || args[0] !== null) this.#values.push(args[0]!);
    this.#current = args;
  }

  remove(args: readonly SqlValue[]): void {
    if (this.#keepsNulls || args[0] !== null) this.#values.shift();
  }

  result(): SqlValue {
    return this.#find(this.#values, this.#current);
  }

  save(): unknown {
    return [this.#values.save(), this.#current];
  }

  restore(state: unknown): void {
    const [values, current] = state as [readonly SqlValue[], readonly SqlValue[]];
    this.#values.restore(values);
    this.#current = current;
  }
}

/** The `n`th from one end, which counts from 1; null where there are not so many. */
const nth = (values: ValueQueue, n: number, isFromLast: boolean): SqlValue =>
  n >= 1 && n <= values.length ? values.at(isFromLast ? values.length - n : n - 1) : null;

const endValue = (name: 'FIRST_VALUE' | 'LAST_VALUE'): AggregateFunction => {
  const signature = `${name}(<any>) [IGNORE NULLS | RESPECT NULLS]`;
  return {
    name,
    signature,
    kindOf: () => 'any',
    resolve: (args, site) => {
      expectCount(args, 1, 1, { name, signature }, site.span);
      return aggregateCall(name, args, args[0]!.type, site);
    },
    isAggregate: true,
    canRemove: true,
    accumulator: ({ isIgnoringNulls }) =>
      new Place((values) => nth(values, 1, name === 'LAST_VALUE'), !isIgnoringNulls),
  };
};

const wholeNumber = (
  name: string,
  args: readonly PlanExpression[],
  index: number,
  site: CallSite,
): PlanExpression => {
  const arg = args[index]!;
  const isWhole =
    isUntyped(arg.type) || (isExactNumber(arg.type) && (arg.type.name !== 'DECIMAL' || arg.type.scale === 0));
  if (!isWhole) return cannotApply(name, args, [`${name}(<ANY>, <INTEGER>)`], site.span);
  if (arg.op === 'literal' && typeof arg.value === 'number' && arg.value < 0)
    throw new SqlError(site.span, `${name} takes no negative place`);
  return convertTo(arg, { name: 'INTEGER' }, 'argument', site.span);
};

const NTH_VALUE: AggregateFunction = {
  name: 'NTH_VALUE',
  signature: 'NTH_VALUE(<any>, <integer>) [FROM FIRST | FROM LAST] [IGNORE NULLS | RESPECT NULLS]',
  kindOf: (index) => (index === 0 ? 'any' : 'integer'),
  resolve: (args, site) => {
    expectCount(args, 2, 2, NTH_VALUE, site.span);
    const place = wholeNumber('NTH_VALUE', args, 1, site);
    return aggregateCall('NTH_VALUE', [args[0]!, place], args[0]!.type, site);
  },
  isAggregate: true,
  canRemove: true,
  accumulator: ({ isIgnoringNulls, isFromLast }) =>
    new Place(
      (values, [, n]) => (typeof n === 'number' ? nth(values, n, isFromLast) : null),
      !isIgnoringNulls,
    ),
};

/** The value `n` rows before the newest one. Where nulls are ignored, the newest row's own is no place to count from. */
const lagged: (isIgnoringNulls: boolean) => Finder = (isIgnoringNulls) => (values, current) => {
  const [value, n = 1, otherwise = null] = current;
  if (typeof n !== 'number') return null;
  const isCounted = !isIgnoringNulls || value !== null;
  // With nothing to count back, it is the row's own value, null or not.
  if (n === 0) return value ?? null;
  const index = values.length - n - (isCounted ? 1 : 0);
  return index >= 0 ? values.at(index) : otherwise;
};

const LAG: AggregateFunction = {
  name: 'LAG',
  signature: 'LAG(<any> [, <integer> [, <any>]]) [IGNORE NULLS | RESPECT NULLS]',
  kindOf: (index) => (index === 1 ? 'integer' : index === 0 ? 'any' : 'same'),
  resolve: (args, site) => {
    expectCount(args, 1, 3, LAG, site.span);
    const type: SqlType = args[0]!.type;
    const rest = args
      .slice(1)
      .map((arg, index) =>
        index === 0 ? wholeNumber('LAG', args, 1, site) : convertTo(arg, type, 'argument', site.span),
      );
    return aggregateCall('LAG', [args[0]!, ...rest], type, site);
  },
  isAggregate: false,
  canRemove: true,
  accumulator: ({ isIgnoringNulls }) => new Place(lagged(isIgnoringNulls), !isIgnoringNulls),
};

export const PLACES: readonly AggregateFunction[] = [
  endValue('FIRST_VALUE'),
  endValue('LAST_VALUE'),
  NTH_VALUE,
  LAG,
];
