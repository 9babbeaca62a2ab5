/** Queries: SELECT (`select.ts`), VALUES, and set operators. */
import { convertTo } from '../functions/convert.ts';
import { commonType } from '../functions/type-rules.ts';
import type { PlanExpression } from '../plan/expression.ts';
import type { Relation } from '../plan/plan.ts';
import { isSameExpression } from '../plan/walk.ts';
import { type Span, SqlError } from '../sql-error.ts';
import type { Query } from '../syntax/tree.ts';
import type { Column } from '../types.ts';
import { typeText } from '../values/type-text.ts';
import { type Checked, type Environment, type Wanted, plainContext } from './context.ts';
import { checkExpression } from './expressions.ts';
import { NO_TIMES, ROWTIME, type Time, type Times } from './monotonic.ts';
import type { OpenRelation } from './open-relations.ts';
import { orderResult } from './order.ts';
import { hintColumns } from './calls.ts';
import { checkSelect } from './select.ts';

export const checkQuery = (query: Query, environment: Environment, wanted: Wanted = []): Checked => {
  switch (query.kind) {
    case 'select':
      return checkSelect(query, environment, wanted);
    case 'values':
      return valuesOf(query, environment, wanted);
    case 'set operation': {
      const combined = setOperation(query, environment, wanted);
      return query.orderBy === undefined
        ? combined
        : orderResult(combined, query.orderBy, plainContext(environment, 'ORDER BY'));
    }
  }
};

const valuesOf = (
  query: Extract<Query, { kind: 'values' }>,
  environment: Environment,
  wanted: Wanted,
): Checked => {
  const context = plainContext(environment, 'VALUES');
  const rows = query.rows.map((row) => row.map((value) => checkExpression(value, context)));
  const width = rows[0]!.length;
  if (rows.some((row) => row.length !== width))
    throw new SqlError(query.span, 'Unequal number of entries in rows of VALUES');
  for (const row of rows)
    hintColumns(
      environment,
      row,
      wanted.map(({ type }) => type),
    );
  const columns = rows[0]!.map((_, index): Column => {
    const types = rows.map((row) => row[index]!.type);
    const type = commonType(types);
    if (type === undefined)
      throw new SqlError(
        query.span,
        `Values of column ${index + 1} must have compatible types; they are ${[...new Set(types.map(typeText))].join(', ')}`,
      );
    return { name: `EXPR$${index}`, type };
  });
  return {
    relation: {
      op: 'values',
      columns,
      rows: rows.map((row) =>
        row.map((value, index) => convertTo(value, columns[index]!.type, 'argument', query.span)),
      ),
    },
    isStream: false,
    times: NO_TIMES,
    open: undefined,
  };
};

const setOperation = (
  query: Extract<Query, { kind: 'set operation' }>,
  environment: Environment,
  wanted: Wanted,
): Checked => {
  const { operator, isAll, span } = query;
  const left = checkQuery(query.left, environment, wanted);
  const given = checkQuery(query.right, environment, wanted);
  const open = isStar(query.left) && isStar(query.right) ? bothOpen(left, given) : undefined;
  const right = open === undefined ? given : inOrderOf(left, given, open);
  const name = isAll ? (`${operator} ALL` as const) : operator;
  if (left.isStream !== right.isStream)
    throw new SqlError(span, 'Set operator cannot combine streaming and non-streaming inputs');
  if (left.isStream && name !== 'UNION ALL')
    throw new SqlError(
      span,
      `${name} cannot be applied to streams, which have no end: UNION ALL is the only set operator that can`,
    );
  if (name === 'EXCEPT ALL' || name === 'INTERSECT ALL')
    throw new SqlError(span, `${name} is not supported; write ${operator}`);
  for (const [index, { type }] of left.relation.columns.entries()) {
    const other = right.relation.columns[index]?.type;
    if (other === undefined) break;
    environment.open?.hint(type, other, 'partner');
    environment.open?.hint(other, type, 'partner');
  }
  const columns = commonColumns(left.relation, right.relation, name, span);
  const [first, second] = [converted(left.relation, columns, span), converted(right.relation, columns, span)];
  if (!left.isStream)
    return {
      relation: { op: 'set', columns, operator: name, left: first, right: second },
      isStream: false,
      times: NO_TIMES,
      open: undefined,
    };
  return {
    relation: { op: 'merge', columns, inputs: [...mergeInputs(first), ...mergeInputs(second)] },
    isStream: true,
    times: commonTimes(left.times, right.times),
    open,
  };
};

const isStar = (query: Query): boolean =>
  query.kind === 'select'
    ? query.items.length === 1 && query.items[0]!.kind === 'all'
    : query.kind === 'set operation' && isStar(query.left) && isStar(query.right);

/** `SELECT *` from two undeclared relations: what is named of the one is a column of the other too. */
const bothOpen = (left: Checked, right: Checked): OpenRelation | undefined => {
  if (left.open === undefined || right.open === undefined) return undefined;
  const [one, other] = [left.open, right.open];
  return {
    name: one.name,
    kind: one.kind,
    columns: one.columns,
    column(name) {
      other.column(name);
      return one.column(name);
    },
  };
};

/** The right side with the columns of the left one, by their names. */
const inOrderOf = (left: Checked, right: Checked, open: OpenRelation): Checked => {
  const names = [...left.relation.columns, ...right.relation.columns].map(({ name }) => name);
  for (const name of names) open.column(name);
  const { columns } = right.relation;
  const places = left.relation.columns.map(({ name }) => columns.findIndex((column) => column.name === name));
  // Where one is still to come, so is another pass.
  if (places.includes(-1) || places.every((place, index) => place === index)) return right;
  const expressions = places.map((place): PlanExpression => ({
    op: 'column',
    index: place + 1,
    type: columns[place]!.type,
  }));
  return {
    ...right,
    relation: {
      op: 'project',
      columns: places.map((place) => columns[place]!),
      input: right.relation,
      expressions,
      rowtime: undefined,
    },
  };
};

/** A merge of merges is one merge. */
const mergeInputs = (relation: Relation): readonly Relation[] =>
  relation.op === 'merge' ? relation.inputs : [relation];

const commonColumns = (left: Relation, right: Relation, name: string, span: Span): readonly Column[] => {
  if (left.columns.length !== right.columns.length)
    throw new SqlError(
      span,
      `Column count mismatch in ${name}: ${left.columns.length} on the left, ${right.columns.length} on the right`,
    );
  return left.columns.map((column, index) => {
    const other = right.columns[index]!;
    const type = commonType([column.type, other.type]);
    if (type === undefined)
      throw new SqlError(
        span,
        `Type mismatch in column ${index + 1} of ${name}: ${typeText(column.type)} on the left, ${typeText(other.type)} on the right`,
      );
    return { name: column.name, type };
  });
};

const converted = (relation: Relation, columns: readonly Column[], span: Span): Relation => {
  const expressions = relation.columns.map(({ type }, index) =>
    convertTo({ op: 'column', index: index + 1, type }, columns[index]!.type, 'argument', span),
  );
  if (expressions.every(({ op }) => op === 'column')) return relation;
  return { op: 'project', columns, input: relation, expressions, rowtime: undefined };
};

/** What is the same function of ROWTIME on both sides is one of the merged ROWTIME. */
const commonTimes = (left: Times, right: Times): Times => {
  const times = new Map<number, Time>([[0, { direction: 'ascending', form: ROWTIME }]]);
  for (const [index, time] of left) {
    const other = right.get(index);
    if (time.form !== undefined && other?.form !== undefined && isSameExpression(time.form, other.form))
      times.set(index, time);
  }
  return times;
};
