/** What the families of aggregates share. */
import type { PlanExpression } from '../../plan/expression.ts';
import type { AggregateCall } from '../../plan/plan.ts';
import type { SqlType } from '../../types.ts';
import type { CallSite } from '../function.ts';

export const aggregateCall = (
  name: string,
  args: readonly PlanExpression[],
  type: SqlType,
  site: CallSite,
): AggregateCall => ({
  name,
  args,
  isDistinct: site.isDistinct,
  isIgnoringNulls: site.nulls === 'IGNORE',
  isFromLast: site.from === 'LAST',
  type,
});
