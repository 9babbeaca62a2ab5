/** Every aggregate and analytic function by its name, in capitals. */
import { EXPONENTIAL_AVERAGES } from './aggregates/exponential-average.ts';
import { EXTREMES } from './aggregates/extremes.ts';
import { PLACES } from './aggregates/places.ts';
import { SUMS } from './aggregates/sums.ts';
import { TRUTHS } from './aggregates/truths.ts';
import { VARIANCES } from './aggregates/variances.ts';
import type { AggregateFunction } from './function.ts';

const AGGREGATES: ReadonlyMap<string, AggregateFunction> = new Map(
  [...SUMS, ...VARIANCES, ...EXTREMES, ...PLACES, ...TRUTHS, ...EXPONENTIAL_AVERAGES].map((aggregate) => [
    aggregate.name,
    aggregate,
  ]),
);

export const findAggregate = (name: string): AggregateFunction | undefined => AGGREGATES.get(name);

export const aggregateNames = (): readonly string[] => [...AGGREGATES.keys()];
