/** SELECT DISTINCT: of a stream it needs an expression of time in the select list, as GROUP BY does. ROWTIME itself does not make rows differ. */
import type { PlanExpression } from '../plan/expression.ts';
import type { Relation } from '../plan/plan.ts';
import { isSameExpression } from '../plan/walk.ts';
import { SqlError } from '../sql-error.ts';
import type { Select } from '../syntax/tree.ts';
import type { Checked } from './context.ts';
import { timeKey } from './grouping.ts';
import { ROWTIME, type Times } from './monotonic.ts';

export const distinctOf = (
  { relation: input, times }: { readonly relation: Relation; readonly times: Times },
  isStream: boolean,
  select: Select,
): Checked => {
  const { columns } = input;
  const all = columns.map(({ type }, index): PlanExpression => ({ op: 'column', index: index + 1, type }));
  if (!isStream)
    return {
      relation: { op: 'distinct', columns, input, keys: all, time: -1, timeOf: 'row' },
      isStream,
      times,
      open: undefined,
    };
  const isRowtime = (key: PlanExpression): boolean => {
    const form = key.op === 'column' ? times.get(key.index)?.form : undefined;
    return form !== undefined && isSameExpression(form, ROWTIME);
  };
  const others = all.filter((key) => !isRowtime(key));
  const hasRowtime = others.length < all.length;
  const refuse = (): SqlError =>
    new SqlError(
      select.span,
      `SELECT STREAM DISTINCT requires at least one monotonic expression in the select list, or its rows would have to be kept for ever; add a window, as in STEP(s.ROWTIME BY INTERVAL '1' MINUTE)`,
    );
  // With ROWTIME alone, rows of the same moment are told apart.
  const hasTime = others.some((key) => key.op === 'column' && times.has(key.index));
  const keys = hasTime || !hasRowtime ? others : [{ ...ROWTIME }, ...others];
  const { time, timeOf, planKeys } = timeKey(keys, times, refuse);
  return {
    relation: { op: 'distinct', columns, input, keys: planKeys, time, timeOf },
    isStream,
    times,
    open: undefined,
  };
};
