/** Every aggregate and analytic function by its name, in capitals. */
import { EXTREMES } from './aggregates/extremes.ts';
import { SUMS } from './aggregates/sums.ts';
import type { AggregateFunction } from './function.ts';

const AGGREGATES: ReadonlyMap<string, AggregateFunction> = new Map(
  [...SUMS, ...EXTREMES].map((aggregate) => [aggregate.name, aggregate]),
);

export const findAggregate = (name: string): AggregateFunction | undefined => AGGREGATES.get(name);
