import { isBeforeOf } from '../functions/comparison.ts';
import type { Relation } from '../plan/plan.ts';
import { valueOf } from './expressions.ts';
import type { Receiver } from './operator.ts';
import type { Site } from './site.ts';
import { Sort } from './sort.ts';

export const buildSort = (
  { input, time, timeOf, by }: Extract<Relation, { op: 'sort' }>,
  out: Receiver,
  site: Site,
): Sort => {
  const sort = new Sort(
    by.map(({ expression, isDescending }) => ({
      key: valueOf(expression, site),
      isBefore: isBeforeOf(expression.type),
      isDescending,
    })),
    { of: timeOf, key: valueOf(time, site) },
    site.errors(input),
    out,
  );
  return site.register(sort);
};
