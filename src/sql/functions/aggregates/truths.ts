/** ANY and EVERY, of conditions. UNKNOWN counts neither for nor against: of nothing else, ANY is false and EVERY true. */
import type { SqlValue } from '../../value.ts';
import { convertTo } from '../convert.ts';
import { cannotApply, expectCount } from '../definition.ts';
import type { Accumulator, AggregateFunction } from '../function.ts';
import { isUntyped } from '../type-rules.ts';
import { aggregateCall } from './definition.ts';

/** How many rows have this value. */
class CountOf implements Accumulator {
  #count = 0;
  readonly #wanted: boolean;

  constructor(wanted: boolean) {
    this.#wanted = wanted;
  }

  add(args: readonly SqlValue[]): void {
    const value = args[0]!;
    if (value === this.#wanted) this.#count++;
  }

  remove(args: readonly SqlValue[]): void {
    const value = args[0]!;
    if (value === this.#wanted) this.#count--;
  }

  /** ANY: one is true. EVERY: none is false. */
  result(): SqlValue {
    return this.#count > 0 === this.#wanted;
  }

  save(): unknown {
    return this.#count;
  }

  restore(state: unknown): void {
    this.#count = state as number;
  }
}

const truth = (name: 'ANY' | 'EVERY'): AggregateFunction => {
  const signature = `${name}(<boolean>)`;
  return {
    name,
    signature,
    kindOf: () => 'boolean',
    resolve: (args, site) => {
      expectCount(args, 1, 1, { name, signature }, site.span);
      const [arg] = args;
      if (arg!.type.name !== 'BOOLEAN' && !isUntyped(arg!.type))
        return cannotApply(name, args, [`${name}(<BOOLEAN>)`], site.span);
      const condition = convertTo(arg!, { name: 'BOOLEAN' }, 'argument', site.span);
      return aggregateCall(name, [condition], { name: 'BOOLEAN' }, site);
    },
    isAggregate: true,
    canRemove: true,
    accumulator: () => new CountOf(name === 'ANY'),
  };
};

export const TRUTHS: readonly AggregateFunction[] = [truth('ANY'), truth('EVERY')];
