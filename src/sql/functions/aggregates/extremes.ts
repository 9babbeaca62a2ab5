/** MIN and MAX, of every type that has an order. A frame that slides keeps them in a monotonic queue of its own, so nothing is taken back here. */
import { assert } from '../../../base/assert.ts';
import type { SqlValue } from '../../value.ts';
import { isBeforeOf } from '../comparison.ts';
import { cannotApply, expectCount } from '../definition.ts';
import type { Accumulator, AggregateFunction } from '../function.ts';
import { aggregateCall } from './definition.ts';

class Extreme implements Accumulator {
  #best: SqlValue = null;
  readonly #isBetter: (value: never, than: never) => boolean;

  constructor(isBetter: (value: never, than: never) => boolean) {
    this.#isBetter = isBetter;
  }

  add(args: readonly SqlValue[]): void {
    const value = args[0]!;
    if (value === null) return;
    if (this.#best === null || this.#isBetter(value as never, this.#best as never)) this.#best = value;
  }

  remove(): void {
    assert(false, 'MIN and MAX take nothing back');
  }

  result(): SqlValue {
    return this.#best;
  }

  save(): unknown {
    return this.#best;
  }

  restore(state: unknown): void {
    this.#best = state as SqlValue;
  }
}

const extreme = (name: 'MIN' | 'MAX'): AggregateFunction => {
  const signature = `${name}([ALL | DISTINCT] <comparable>)`;
  return {
    name,
    signature,
    kindOf: () => 'any',
    resolve: (args, site) => {
      expectCount(args, 1, 1, { name, signature }, site.span);
      const [arg] = args;
      if (arg!.type.name === 'RECORD') return cannotApply(name, args, [`${name}(<COMPARABLE>)`], site.span);
      return aggregateCall(name, args, arg!.type, site);
    },
    isAggregate: true,
    canRemove: false,
    accumulator: ({ args }) => {
      const isBefore = isBeforeOf(args[0]!.type);
      return new Extreme(name === 'MIN' ? isBefore : (a, b) => isBefore(b, a));
    },
  };
};

export const EXTREMES: readonly AggregateFunction[] = [extreme('MIN'), extreme('MAX')];
