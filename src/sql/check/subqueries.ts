/**
 * Queries in expressions: IN, EXISTS, and those that give one value. They are asked of reference tables, whose rows are at hand. EXISTS may speak of
 * the row outside by equalities, which become an IN.
 */
import { convertTo } from '../functions/convert.ts';
import { comparedType } from '../functions/type-rules.ts';
import type { PlanExpression } from '../plan/expression.ts';
import type { Relation } from '../plan/plan.ts';
import { type Span, SqlError } from '../sql-error.ts';
import type { Expression, Path, Query, Select } from '../syntax/tree.ts';
import type { Column } from '../types.ts';
import { typeText } from '../values/type-text.ts';
import { callByName, hint } from './calls.ts';
import type { Checker, Context } from './context.ts';
import { findRelation } from './environment.ts';
import { checkExpression } from './expressions.ts';

export const planSubquery: Checker['subquery'] = (kind, operands, query, context, span) => {
  if (kind === 'exists') {
    const correlated = correlatedExists(query, context, span);
    if (correlated !== undefined) return correlated;
  }
  const { relation, isStream } = context.environment.checker.query(query, context.environment);
  if (isStream) throw overStream(span);
  if (kind === 'exists')
    return { op: 'table query', kind, operands, query: relation, type: { name: 'BOOLEAN' } };
  if (kind === 'scalar') {
    if (relation.columns.length !== 1)
      throw new SqlError(
        span,
        `A subquery that stands for a value must have one column; it has ${relation.columns.length}`,
      );
    return { op: 'table query', kind, operands, query: relation, type: relation.columns[0]!.type };
  }
  return inQuery(operands, relation, context, span);
};

const overStream = (span: Span): SqlError =>
  new SqlError(
    span,
    'A subquery in an expression must be over a reference table: a stream has no end at which its rows would be known; join the stream in FROM instead',
  );

const inQuery = (
  operands: readonly PlanExpression[],
  relation: Relation,
  context: Context,
  span: Span,
): PlanExpression => {
  if (operands.length !== relation.columns.length)
    throw new SqlError(
      span,
      `Values passed to IN operator must have compatible types: ${operands.length} on the left, ${relation.columns.length} columns on the right`,
    );
  const { environment } = context;
  const pairs = operands.map((operand, index) => {
    const column = relation.columns[index]!;
    const own: PlanExpression = { op: 'column', index: index + 1, type: column.type };
    if (operand.type.name !== 'NULL') hint(environment, own, operand.type, 'partner');
    hint(environment, operand, column.type, 'partner');
    const type = comparedType([operand.type, column.type]);
    if (type === undefined)
      throw new SqlError(
        span,
        `Values passed to IN operator must have compatible types; they are ${typeText(operand.type)}, ${typeText(column.type)}`,
      );
    return {
      operand: convertTo(operand, type, 'compare', span),
      own: convertTo(own, type, 'compare', span),
      column: { name: column.name, type } satisfies Column,
    };
  });
  const isSame = pairs.every(({ own }) => own.op === 'column');
  return {
    op: 'table query',
    kind: 'in',
    operands: pairs.map(({ operand }) => operand),
    query: isSame
      ? relation
      : {
          op: 'project',
          columns: pairs.map(({ column }) => column),
          input: relation,
          expressions: pairs.map(({ own }) => own),
          rowtime: undefined,
        },
    type: { name: 'BOOLEAN' },
  };
};

const conjunctsOf = (tree: Expression): readonly Expression[] =>
  tree.kind === 'binary' && tree.operator === 'AND'
    ? [...conjunctsOf(tree.left), ...conjunctsOf(tree.right)]
    : [tree];

/** EXISTS (SELECT … FROM t WHERE t.a = outer.b AND …) is (outer.b) IN (SELECT t.a FROM t WHERE …), but never unknown. */
const correlatedExists = (query: Query, context: Context, span: Span): PlanExpression | undefined => {
  if (query.kind !== 'select' || query.where === undefined || query.from?.kind !== 'relation')
    return undefined;
  if (query.groupBy !== undefined || query.stagger !== undefined || query.having !== undefined)
    return undefined;
  const { from } = query;
  const inner = from.alias?.name.text ?? from.name.at(-1)!.text;
  const relation = findRelation(context.environment, from.name);
  const isInner = (path: Path): boolean =>
    path.length > 1 ? path[0]!.text === inner : relation.columns.some(({ name }) => name === path[0]!.text);
  const isOuter = (tree: Expression): boolean =>
    tree.kind === 'path' &&
    !isInner(tree.path) &&
    context.scope.sources.some(({ names, columns }) =>
      tree.path.length > 1
        ? names.at(-1) === tree.path[0]!.text
        : columns.some(({ name }) => name === tree.path[0]!.text),
    );
  const outer: Expression[] = [];
  const own: Expression[] = [];
  const rest: Expression[] = [];
  for (const condition of conjunctsOf(query.where)) {
    const isEquality = condition.kind === 'binary' && condition.operator === '=';
    if (isEquality && isOuter(condition.left) && !isOuter(condition.right)) {
      outer.push(condition.left);
      own.push(condition.right);
    } else if (isEquality && isOuter(condition.right) && !isOuter(condition.left)) {
      outer.push(condition.right);
      own.push(condition.left);
    } else rest.push(condition);
  }
  if (outer.length === 0) return undefined;
  const plain: Select = {
    ...query,
    isDistinct: false,
    orderBy: undefined,
    items: own.map((expression) => ({
      kind: 'expression',
      expression,
      alias: undefined,
      span: expression.span,
    })),
    where: rest.length === 0 ? undefined : rest.reduce(both),
  };
  const { relation: keys, isStream } = context.environment.checker.query(plain, context.environment);
  if (isStream) throw overStream(span);
  const operands = outer.map((tree) => checkExpression(tree, context));
  return callByName('IS TRUE', [inQuery(operands, keys, context, span)], span, context.environment);
};

const both = (left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  operator: 'AND',
  left,
  right,
  span: { start: left.span.start, end: right.span.end },
});
