/** Expressions of the tree, over the names of a scope, as expressions of the plan. */
import { castTo, convertTo, differenceOf } from '../functions/convert.ts';
import { comparedType } from '../functions/type-rules.ts';
import type { PlanExpression } from '../plan/expression.ts';
import { type Span, SqlError } from '../sql-error.ts';
import type { Expression } from '../syntax/tree.ts';
import { typeText } from '../values/type-text.ts';
import { callByName, checkCall, hint } from './calls.ts';
import type { Context } from './context.ts';
import { refuseLarge } from './expression-size.ts';
import { datetimeLiteral, intervalLiteral, numberLiteral, qualifierOf, textLiteral } from './literals.ts';
import { findColumn, resolvePath } from './scope.ts';

const BOOLEAN = { name: 'BOOLEAN' } as const;

export const checkExpression = (tree: Expression, context: Context): PlanExpression => {
  const check = (part: Expression): PlanExpression => checkExpression(part, context);
  const { span } = tree;
  const call = (name: string, ...args: readonly PlanExpression[]): PlanExpression =>
    callByName(name, args, span, context.environment);
  const negated = (isNegated: boolean, expression: PlanExpression): PlanExpression =>
    isNegated ? call('NOT', expression) : expression;
  switch (tree.kind) {
    case 'null':
      return { op: 'literal', value: null, type: { name: 'NULL' } };
    case 'boolean':
      return { op: 'literal', value: tree.value, type: BOOLEAN };
    case 'number':
      return numberLiteral(tree.text, span);
    case 'string':
      return textLiteral(tree.value);
    case 'datetime':
      return datetimeLiteral(tree.type, tree.text, span);
    case 'interval':
      return intervalLiteral(tree);
    case 'path':
      return checkPath(tree, context);
    case 'unary':
      if (tree.operator === 'NOT') return call('NOT', check(tree.operand));
      return call(tree.operator, check(tree.operand));
    case 'binary':
      if (tree.left.kind === 'row' || tree.right.kind === 'row')
        return compareRows(tree.left, tree.operator, tree.right, span, context);
      return call(tree.operator, check(tree.left), check(tree.right));
    case 'difference':
      return recovering(context, () => {
        const [left, right] = [check(tree.left), check(tree.right)];
        for (const side of [left, right]) hint(context.environment, side, { name: 'TIMESTAMP' }, 'operator');
        return differenceOf(left, right, qualifierOf(tree.qualifier, span), span);
      });
    case 'is':
      return negated(tree.isNegated, call(`IS ${tree.what}`, check(tree.operand)));
    case 'distinct from':
      return negated(tree.isNegated, call('IS DISTINCT FROM', check(tree.left), check(tree.right)));
    case 'between': {
      const operand = check(tree.operand);
      refuseLarge(operand, tree.isSymmetric ? 4 : 2, span);
      const [low, high] = [check(tree.low), check(tree.high)];
      const within = (from: PlanExpression, to: PlanExpression): PlanExpression =>
        call('AND', call('>=', operand, from), call('<=', operand, to));
      const inside = tree.isSymmetric ? call('OR', within(low, high), within(high, low)) : within(low, high);
      return negated(tree.isNegated, inside);
    }
    case 'in':
      return negated(tree.isNegated, checkIn(tree, context));
    case 'exists':
      return context.environment.checker.subquery('exists', [], tree.query, context, span);
    case 'subquery':
      return context.environment.checker.subquery('scalar', [], tree.query, context, span);
    case 'like': {
      const args = [tree.operand, tree.pattern, ...(tree.escape === undefined ? [] : [tree.escape])];
      return negated(tree.isNegated, call(tree.operator, ...args.map(check)));
    }
    case 'row':
      throw new SqlError(span, 'A row of several values may only be compared, or stand before IN');
    case 'case':
      return checkCase(tree, context);
    case 'cast':
      return recovering(context, () => castTo(check(tree.operand), tree.type, span));
    case 'round to':
      return call(`${tree.direction} TO`, check(tree.operand), textLiteral(tree.unit));
    case 'extract':
      return call('EXTRACT', textLiteral(tree.unit), check(tree.operand));
    case 'temporal': {
      const { left, right } = tree;
      const ends = [
        left.from,
        left.to ?? left.from,
        right.from,
        ...(right.to === undefined ? [] : [right.to]),
      ];
      return negated(tree.isNegated, call(tree.operator, ...ends.map(check)));
    }
    case 'call':
      return checkCall(tree, context);
  }
};

const checkPath = (tree: Extract<Expression, { kind: 'path' }>, context: Context): PlanExpression => {
  const { path } = tree;
  const first = path[0]!;
  if (path.length === 1) {
    if (first.text === 'ROWTIME' && context.rowtime !== undefined) {
      const rowtime = context.rowtime();
      context.environment.origins.set(rowtime, tree);
      return rowtime;
    }
    const named = findColumn(context.scope, first) ?? context.named?.(first);
    if (named !== undefined) {
      if (named.op !== 'column') return named;
      const column = { ...named };
      context.environment.origins.set(column, tree);
      return column;
    }
  }
  const found = resolvePath(context.scope, path);
  context.environment.origins.set(found.op === 'field' ? innermost(found) : found, tree);
  return found;
};

const innermost = (expression: PlanExpression): PlanExpression =>
  expression.op === 'field' ? innermost(expression.of) : expression;

/** While open relations are being typed, an error must not hide the uses behind it. */
export const recovering = (context: Context, check: () => PlanExpression): PlanExpression => {
  if (!context.environment.isTyping) return check();
  try {
    return check();
  } catch (error) {
    if (error instanceof SqlError) return { op: 'literal', value: null, type: { name: 'ANY' } };
    throw error;
  }
};

const itemsOf = (tree: Expression): readonly Expression[] => (tree.kind === 'row' ? tree.items : [tree]);

/** (a, b) = (c, d) is a = c AND b = d. */
const compareRows = (
  left: Expression,
  operator: string,
  right: Expression,
  span: Span,
  context: Context,
): PlanExpression => {
  const [lefts, rights] = [itemsOf(left), itemsOf(right)];
  if (lefts.length !== rights.length)
    throw new SqlError(span, 'Unequal number of entries in row expressions');
  if (operator !== '=' && operator !== '<>')
    throw new SqlError(span, `Cannot apply '${operator}' to rows; compare their values one by one`);
  const { environment } = context;
  const pairs = lefts.map((item, index) =>
    callByName(
      '=',
      [checkExpression(item, context), checkExpression(rights[index]!, context)],
      span,
      environment,
    ),
  );
  const all = pairs.reduce((before, pair) => callByName('AND', [before, pair], span, environment));
  return operator === '=' ? all : callByName('NOT', [all], span, environment);
};

const checkIn = (tree: Extract<Expression, { kind: 'in' }>, context: Context): PlanExpression => {
  const { operand, list, span } = tree;
  const { environment } = context;
  if ('kind' in list) {
    const operands = itemsOf(operand).map((item) => checkExpression(item, context));
    return context.environment.checker.subquery('in', operands, list, context, span);
  }
  if (operand.kind === 'row' || list.some((item) => item.kind === 'row'))
    return list
      .map((item) => compareRows(operand, '=', item, span, context))
      .reduce((before, one) => callByName('OR', [before, one], span, environment));
  const args = [operand, ...list].map((item) => checkExpression(item, context));
  if (!environment.isTyping && comparedType(args.map(({ type }) => type)) === undefined)
    throw new SqlError(
      span,
      `Values passed to IN operator must have compatible types; they are ${[...new Set(args.map(({ type }) => typeText(type)))].join(', ')}`,
    );
  return callByName('IN', args, span, environment);
};

/** CASE's arguments are when, then, …, else; with an operand, each WHEN is an equation. */
const checkCase = (tree: Extract<Expression, { kind: 'case' }>, context: Context): PlanExpression => {
  const { environment } = context;
  const operand = tree.operand === undefined ? undefined : checkExpression(tree.operand, context);
  if (operand !== undefined) refuseLarge(operand, tree.branches.length, tree.span);
  const args = tree.branches.flatMap(({ when, then }) => {
    const condition = checkExpression(when, context);
    return [
      operand === undefined ? condition : callByName('=', [operand, condition], when.span, environment),
      checkExpression(then, context),
    ];
  });
  args.push(
    tree.otherwise === undefined
      ? { op: 'literal', value: null, type: { name: 'NULL' } }
      : checkExpression(tree.otherwise, context),
  );
  return callByName('CASE', args, tree.span, environment);
};

/** A condition, in the words of AWS's validator where it is none. */
export const checkCondition = (tree: Expression, context: Context): PlanExpression => {
  const condition = checkExpression(tree, context);
  hint(context.environment, condition, BOOLEAN, 'operator');
  const { name } = condition.type;
  if (name === 'BOOLEAN' || name === 'ANY') return condition;
  if (name === 'NULL') return convertTo(condition, BOOLEAN, 'argument', tree.span);
  throw new SqlError(tree.span, `${context.clause} must be a condition`);
};
