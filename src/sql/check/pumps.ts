/** What a pump writes to its stream: which column of the query fills which of the target, and how it is converted. */
import { convertTo } from '../functions/convert.ts';
import type { PlanExpression } from '../plan/expression.ts';
import type { PumpPlan } from '../plan/plan.ts';
import { SqlError } from '../sql-error.ts';
import type { Insert, Name } from '../syntax/tree.ts';
import type { Column, SqlType } from '../types.ts';
import { typeText } from '../values/type-text.ts';
import { hint } from './calls.ts';
import type { Checked, Environment, NamedRelation, Wanted } from './context.ts';
import { findRelation, isErrorStream, lastOf, spanOf } from './environment.ts';
import type { OpenRelation } from './open-relations.ts';
import { checkQuery } from './queries.ts';
import { TIMESTAMP } from './scope.ts';
import { didYouMean } from './suggestions.ts';

type Written = Pick<PumpPlan, 'target' | 'query' | 'assignments' | 'rowtime'>;

export const checkInsert = (insert: Insert, environment: Environment): Written => {
  const target = targetOf(insert, environment);
  // What is filled by the first column of the query, by the second, and so on; -1 is ROWTIME.
  const listed = insert.columns === undefined ? undefined : listedColumns(insert.columns, target);
  const wanted = listed ?? target.columns.map((_, index) => index);
  const checked = checkQuery(insert.query, environment, wantedOf(wanted, target));
  if (!checked.isStream && !environment.isTyping)
    throw new SqlError(insert.query.span, `A pump needs a stream to read from: its query has none in FROM`);
  const filled = listed ?? positions(checked, target, insert);
  if (filled.length !== checked.relation.columns.length && !environment.isTyping)
    throw countMismatch(filled.length, checked, insert);
  return {
    target: target.name,
    query: checked.relation,
    ...assign(filled, checked, target, insert, environment),
  };
};

const wantedOf = (wanted: readonly number[], target: NamedRelation): Wanted =>
  wanted.map((index) => (index < 0 ? ROWTIME_COLUMN : target.columns[index]!));

const ROWTIME_COLUMN: Column = { name: 'ROWTIME', type: TIMESTAMP };

const targetOf = (insert: Insert, environment: Environment): NamedRelation => {
  const name = lastOf(insert.into);
  if (isErrorStream(name))
    throw new SqlError(
      spanOf(insert.into),
      `'${name}' is the name of the service's own error stream: no pump can write to it`,
    );
  const target = findRelation(environment, insert.into);
  if (target.kind === 'table')
    throw new SqlError(spanOf(insert.into), `'${name}' is a reference table: no pump can write to it`);
  if (target.origin === 'input')
    throw new SqlError(
      spanOf(insert.into),
      `'${name}' is an input of the application: no pump can write to it; create a stream with CREATE STREAM`,
    );
  return target;
};

const listedColumns = (columns: readonly Name[], target: NamedRelation): readonly number[] => {
  const found: number[] = [];
  for (const name of columns) {
    const index = targetColumn(name, target);
    if (found.includes(index))
      throw new SqlError(name.span, `Target column '${name.text}' is assigned more than once`);
    found.push(index);
  }
  return found;
};

const targetColumn = (name: Name, target: NamedRelation): number => {
  if (name.text === 'ROWTIME') return -1;
  const index = target.columns.findIndex((column) => column.name === name.text);
  if (index >= 0) return index;
  if (target.open !== undefined) return target.open.column(name.text);
  throw new SqlError(
    name.span,
    `Unknown target column '${name.text}'${didYouMean(
      name.text,
      target.columns.map((column) => column.name),
    )}`,
  );
};

/** Without a list of columns they are filled one after another; an item AS ROWTIME may stand among them. */
const positions = (checked: Checked, target: NamedRelation, insert: Insert): readonly number[] => {
  const { columns } = checked.relation;
  if (target.open !== undefined) return columns.map(({ name }) => openTarget(name, target.open!));
  if (columns.length === target.columns.length && checked.open === undefined)
    return columns.map((_, index) => index);
  const rowtime = columns.findIndex(({ name }) => name === 'ROWTIME');
  if (columns.length === target.columns.length + 1 && rowtime >= 0)
    return columns.map((_, index) => (index === rowtime ? -1 : index > rowtime ? index - 1 : index));
  if (checked.open === undefined) throw countMismatch(target.columns.length, checked, insert);
  // `SELECT *` from a stream that nobody declared: it has the columns of the target, by their names.
  for (const { name } of target.columns) checked.open.column(name);
  return columns.map(({ name }) => target.columns.findIndex((column) => column.name === name));
};

const openTarget = (name: string, open: OpenRelation): number =>
  name === 'ROWTIME' ? -1 : open.column(name);

const countMismatch = (count: number, checked: Checked, insert: Insert): SqlError =>
  new SqlError(
    insert.span,
    `Number of INSERT target columns (${count}) does not equal number of source items (${checked.relation.columns.length})`,
  );

const assign = (
  filled: readonly number[],
  { relation }: Checked,
  target: NamedRelation,
  insert: Insert,
  environment: Environment,
): Pick<Written, 'assignments' | 'rowtime'> => {
  const source = (index: number): PlanExpression => ({
    op: 'column',
    index: index + 1,
    type: relation.columns[index]?.type ?? { name: 'ANY' },
  });
  const assignments = target.columns.map((column, index): PlanExpression => {
    const from = filled.indexOf(index);
    if (from >= 0 && from < relation.columns.length)
      return assigned(source(from), relation.columns[from]!, column, target, insert, environment);
    if (column.isNotNull === true)
      throw new SqlError(
        insert.span,
        `Column '${column.name}' has no default value and does not allow NULLs`,
      );
    return { op: 'literal', value: null, type: column.type };
  });
  const rowtime = filled.indexOf(-1);
  const hasRowtime = rowtime >= 0 && insert.columns !== undefined;
  return {
    assignments,
    rowtime: hasRowtime
      ? assigned(source(rowtime), relation.columns[rowtime]!, ROWTIME_COLUMN, target, insert, environment)
      : undefined,
  };
};

const assigned = (
  from: PlanExpression,
  source: Column,
  column: Column,
  target: NamedRelation,
  insert: Insert,
  environment: Environment,
): PlanExpression => {
  // A column of an open target is what is written to it.
  if (target.open !== undefined)
    hint(environment, { ...from, type: column.type } as PlanExpression, from.type, 'target');
  if (environment.isTyping) return from;
  const what = (type: SqlType): string => typeText(type);
  try {
    return convertTo(from, column.type, 'assign', insert.span);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new SqlError(
      insert.query.span,
      `Cannot assign to target field '${column.name}' of type ${what(column.type)} from source field '${source.name}' of type ${what(source.type)}; use CAST`,
    );
  }
};
