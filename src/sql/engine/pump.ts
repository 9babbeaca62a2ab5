/** The end of a pump: what a query gives becomes a row of the stream. */
import type { PlanExpression } from '../plan/expression.ts';
import type { PumpPlan, StreamPlan } from '../plan/plan.ts';
import { RowError, type Row } from '../value.ts';
import { projectInto } from './build.ts';
import type { Receiver } from './operator.ts';
import type { RowErrors } from './row-errors.ts';
import type { Site } from './site.ts';

export const pumpInto = (pump: PumpPlan, target: StreamPlan, port: Receiver, site: Site): Receiver => {
  const checked = withoutNulls(
    target,
    site.errors({ op: 'values', rows: [], columns: target.columns }),
    port,
  );
  const { query, assignments, rowtime } = pump;
  if (rowtime === undefined && isAsItIs(assignments, query.columns.length)) return checked;
  return projectInto(query, { expressions: assignments, rowtime }, checked, site);
};

/** A query whose columns are those of the stream, without any conversion. */
const isAsItIs = (assignments: readonly PlanExpression[], width: number): boolean =>
  assignments.length === width &&
  assignments.every((assignment, index) => assignment.op === 'column' && assignment.index === index + 1);

/** NOT NULL of CREATE STREAM. */
const withoutNulls = ({ name, columns }: StreamPlan, errors: RowErrors, port: Receiver): Receiver => {
  const indexes = columns.flatMap((column, index) => (column.isNotNull === true ? [index + 1] : []));
  if (indexes.length === 0) return port;
  return {
    row: (row: Row) => {
      const nullAt = indexes.find((index) => row[index] === null);
      if (nullAt === undefined) return port.row(row);
      const column = columns[nullAt - 1]?.name;
      errors(new RowError('NULL_VALUE', `Column '${column}' of stream '${name}' must not be null`), row);
      port.bound(row[0] as number);
    },
    bound: (timeMs) => port.bound(timeMs),
  };
};
