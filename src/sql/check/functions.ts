/** CREATE FUNCTION: one expression over its parameters, put into the calls (`calls.ts`). */
import { convertTo } from '../functions/convert.ts';
import { findAggregate } from '../functions/aggregates.ts';
import { findScalar } from '../functions/scalars.ts';
import type { PlanExpression } from '../plan/expression.ts';
import { SqlError } from '../sql-error.ts';
import type { Statement } from '../syntax/tree.ts';
import type { Column } from '../types.ts';
import { typeText } from '../values/type-text.ts';
import { type Environment, plainContext } from './context.ts';
import { lastOf, spanOf } from './environment.ts';
import { checkExpression } from './expressions.ts';
import { NO_SCOPE, type Source } from './scope.ts';

export const declareFunction = (
  statement: Extract<Statement, { kind: 'create function' }>,
  environment: Environment,
): void => {
  const name = lastOf(statement.name);
  const span = spanOf(statement.name);
  if (findScalar(name) !== undefined || findAggregate(name) !== undefined)
    throw new SqlError(span, `Function '${name}' is built in; choose another name`);
  const parameters = statement.parameters.map(({ name: parameter, type }): Column => ({
    name: parameter.text,
    type,
  }));
  for (const [index, { name: parameter }] of statement.parameters.entries())
    if (parameters.findIndex((other) => other.name === parameter.text) !== index)
      throw new SqlError(parameter.span, `Duplicate parameter name '${parameter.text}'`);
  const isSame = (one: { readonly parameters: readonly Column[] }): boolean =>
    one.parameters.length === parameters.length &&
    one.parameters.every(({ type }, index) => type.name === parameters[index]!.type.name);
  const { functions } = environment;
  const before = functions.findIndex((one) => one.name === name && isSame(one));
  if (before >= 0 && !statement.orReplace)
    throw new SqlError(span, `Object '${name}' already exists; write CREATE OR REPLACE FUNCTION`);
  const source: Source = {
    names: [name],
    offset: 0,
    columns: parameters,
    hasRowtime: false,
    open: undefined,
    isThrough: false,
    windowName: undefined,
  };
  const body = checkExpression(statement.body, {
    ...plainContext(environment, 'a function'),
    scope: { ...NO_SCOPE, sources: [source] },
  });
  const declared = {
    name,
    parameters,
    returns: statement.returns,
    isStrict: statement.isStrict,
    body: returned(body, statement),
  };
  if (before >= 0) functions.splice(before, 1, declared);
  else functions.push(declared);
};

const returned = (
  body: PlanExpression,
  { returns, body: tree }: Extract<Statement, { kind: 'create function' }>,
): PlanExpression => {
  try {
    return convertTo(body, returns, 'argument', tree.span);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new SqlError(
      tree.span,
      `The function returns ${typeText(returns)}, and its expression is ${typeText(body.type)}; use CAST`,
    );
  }
};
