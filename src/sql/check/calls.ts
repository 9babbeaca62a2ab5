/** Calls: of functions, operators, functions of the program. The functions themselves know what they take (`functions/`). */
import { convertTo } from '../functions/convert.ts';
import { findAggregate } from '../functions/aggregates.ts';
import type { ArgumentKind, CallSite, ScalarFunction } from '../functions/function.ts';
import { findScalar } from '../functions/scalars.ts';
import type { PlanExpression } from '../plan/expression.ts';
import { mapExpression } from '../plan/walk.ts';
import { type Span, SqlError } from '../sql-error.ts';
import type { Call, CursorArgument, Expression } from '../syntax/tree.ts';
import type { SqlType } from '../types.ts';
import { typeText } from '../values/type-text.ts';
import type { Context, Environment, UserFunction } from './context.ts';
import { refuseLarge } from './expression-size.ts';
import { type Weight, typeOfKind } from './open-relations.ts';

const PLAIN_SITE = {
  form: undefined,
  isDistinct: false,
  isStar: false,
  nulls: undefined,
  from: undefined,
} as const;

/** Tells an open column what it is used as. */
export const hint = ({ open }: Environment, expression: PlanExpression, use: SqlType, weight: Weight): void =>
  open?.hint(expression.type, use, weight);

export const hintColumns = (
  environment: Environment,
  expressions: readonly PlanExpression[],
  wanted: readonly (SqlType | undefined)[],
): void => {
  for (const [index, expression] of expressions.entries()) {
    const type = wanted[index];
    if (type !== undefined) hint(environment, expression, type, 'target');
  }
};

/** A literal beside an open column says little of it: `price > 40` is no reason to take prices for whole numbers, `kind = 1` is. */
const asPartner = (partner: PlanExpression, name: string): readonly [SqlType, Weight] => {
  if (partner.op !== 'literal') return [partner.type, 'partner'];
  const isExact = name === '=' || name === '<>' || name === 'IN';
  const isNumber = ['INTEGER', 'BIGINT', 'DECIMAL', 'DOUBLE'].includes(partner.type.name);
  const type: SqlType =
    isNumber && !(isExact && partner.type.name !== 'DECIMAL') ? { name: 'DOUBLE' } : partner.type;
  return [type, 'operator'];
};

/** What an argument that is used with its neighbours is, by these: `time - INTERVAL '5' MINUTE`, `kind = 'x'`. */
const hintByPartner = (
  environment: Environment,
  name: string,
  argument: PlanExpression,
  partners: readonly PlanExpression[],
): void => {
  if (argument.type.name !== 'ANY' && argument.op === 'literal') return;
  const partner = partners.find(
    (one) => one !== argument && one.type.name !== 'ANY' && one.type.name !== 'NULL',
  );
  const isArithmetic = name === '+' || name === '-';
  if (partner === undefined) {
    if (isArithmetic && partners.length > 1) hint(environment, argument, { name: 'DOUBLE' }, 'operator');
  } else if (isArithmetic) {
    const isTime = partner.type.name === 'INTERVAL';
    hint(environment, argument, { name: isTime ? 'TIMESTAMP' : 'DOUBLE' }, 'operator');
  } else hint(environment, argument, ...asPartner(partner, name));
};

export const hintArguments = (
  environment: Environment,
  name: string,
  kindOf: (index: number, count: number) => ArgumentKind,
  args: readonly PlanExpression[],
): void => {
  if (environment.open === undefined) return;
  if (args.every(({ type }) => type.name !== 'ANY')) return;
  const kinds = args.map((_, index) => kindOf(index, args.length));
  const alike = args.filter((_, index) => kinds[index] === 'same');
  for (const [index, argument] of args.entries()) {
    const kind = kinds[index]!;
    // STEP takes times and whole numbers; what it steps by says which.
    const type = typeOfKind(name === 'STEP' && args[1]?.type.name === 'INTERVAL' ? 'timestamp' : kind);
    if (type !== undefined && kind !== 'interval') hint(environment, argument, type, 'operator');
    else if (kind === 'same') hintByPartner(environment, name, argument, alike);
  }
};

export const callFunction = (
  scalar: ScalarFunction,
  args: readonly PlanExpression[],
  site: CallSite,
  environment: Environment,
): PlanExpression => {
  hintArguments(environment, scalar.name, (index, count) => scalar.kindOf(index, count), args);
  if (!environment.isTyping) return scalar.resolve(args, site);
  try {
    return scalar.resolve(args, site);
  } catch (error) {
    if (error instanceof SqlError) return { op: 'literal', value: null, type: { name: 'ANY' } };
    throw error;
  }
};

/** An operator, or a function whose syntax is its own. */
export const callByName = (
  name: string,
  args: readonly PlanExpression[],
  span: Span,
  environment: Environment,
): PlanExpression => {
  const scalar = findScalar(name);
  if (scalar === undefined) throw new SqlError(span, `Function '${name}' is not supported`);
  return callFunction(scalar, args, { ...PLAIN_SITE, span }, environment);
};

export const isCursor = (argument: Expression | CursorArgument): argument is CursorArgument =>
  argument.kind === 'cursor';

export const checkCall = (tree: Call, context: Context): PlanExpression => {
  const { name, span } = tree;
  const { environment } = context;
  const own = environment.functions.some((one) => one.name === name.text);
  if (tree.over !== undefined || (!own && findScalar(name.text) === undefined)) {
    if (findAggregate(name.text) === undefined) throw unknownFunction(tree, context);
    return context.aggregate(tree, context);
  }
  refuseAggregateWords(tree);
  const args = checkArguments(tree, context);
  if (own) return inlineFunction(name.text, args, span, environment);
  return callFunction(findScalar(name.text)!, args, { ...siteOf(tree) }, environment);
};

const refuseAggregateWords = (tree: Call): void => {
  const word = tree.isStar
    ? '*'
    : tree.isDistinct
      ? 'DISTINCT'
      : tree.nulls !== undefined
        ? `${tree.nulls} NULLS`
        : undefined;
  if (word !== undefined)
    throw new SqlError(tree.span, `'${word}' may not stand in a call of '${tree.name.text}'`);
};

export const siteOf = (tree: Call): CallSite => ({
  form: tree.form,
  span: tree.span,
  isDistinct: tree.isDistinct,
  isStar: tree.isStar,
  nulls: tree.nulls,
  from: tree.from,
});

export const checkArguments = (tree: Call, context: Context): readonly PlanExpression[] =>
  tree.args.map((argument) => {
    if (isCursor(argument))
      throw new SqlError(argument.span, 'CURSOR may only stand in a table function in FROM');
    return context.environment.checker.expression(argument, context);
  });

const FAMILIES: Readonly<Record<string, string>> = {
  TINYINT: 'NUMERIC',
  SMALLINT: 'NUMERIC',
  INTEGER: 'NUMERIC',
  BIGINT: 'NUMERIC',
  DECIMAL: 'NUMERIC',
  REAL: 'NUMERIC',
  DOUBLE: 'NUMERIC',
  CHAR: 'CHARACTER',
  VARCHAR: 'CHARACTER',
};

const signatureOf = (name: string, args: readonly PlanExpression[]): string =>
  `${name}(${args.map(({ type }) => `<${FAMILIES[type.name] ?? type.name}>`).join(', ')})`;

const TABLE_FUNCTION = /^(?:RANDOM_CUT_FOREST|HOTSPOTS|TOP_K_ITEMS|COUNT_DISTINCT_ITEMS|GROUP_RANK)/;

const unknownFunction = (tree: Call, context: Context): SqlError => {
  const { name, span } = tree;
  if (TABLE_FUNCTION.test(name.text))
    return new SqlError(
      span,
      `'${name.text}' gives rows: write FROM TABLE(${name.text}(CURSOR(SELECT STREAM …), …))`,
    );
  if (name.text === 'MONOTONIC' || tree.args.some(isCursor))
    return new SqlError(span, `No match found for function signature ${name.text}`);
  const args = recoveredArguments(tree, context);
  return new SqlError(span, `No match found for function signature ${signatureOf(name.text, args)}`);
};

/** Errors in the arguments of an unknown function are told first: they come first in the text. */
const recoveredArguments = (tree: Call, context: Context): readonly PlanExpression[] =>
  checkArguments(tree, context);

/** A function of the program is its body, with the arguments in it; overloads are told apart by the types of the parameters. */
const inlineFunction = (
  name: string,
  args: readonly PlanExpression[],
  span: Span,
  environment: Environment,
): PlanExpression => {
  const overloads = environment.functions.filter((one) => one.name === name);
  const matching = overloads.filter((one) => one.parameters.length === args.length);
  if (matching.length === 0)
    throw new SqlError(
      span,
      `Invalid number of arguments to function '${name}'. Was expecting ${overloads
        .map((one) => one.parameters.length)
        .join(' or ')} arguments`,
    );
  for (const [index, argument] of args.entries())
    hint(environment, argument, matching[0]!.parameters[index]!.type, 'partner');
  const exact = matching.find((one) =>
    one.parameters.every(({ type }, index) => type.name === args[index]!.type.name),
  );
  for (const one of exact === undefined ? matching : [exact]) {
    const converted = convertedArguments(one, args, span);
    if (converted !== undefined) return inlined(one, converted, span, environment);
  }
  if (environment.isTyping) return { op: 'literal', value: null, type: matching[0]!.returns };
  throw new SqlError(
    span,
    `No match found for function signature ${signatureOf(name, args)}; parameters are ${matching[0]!.parameters
      .map((parameter) => typeText(parameter.type))
      .join(', ')}`,
  );
};

const convertedArguments = (
  { parameters }: UserFunction,
  args: readonly PlanExpression[],
  span: Span,
): readonly PlanExpression[] | undefined => {
  try {
    return args.map((argument, index) => convertTo(argument, parameters[index]!.type, 'argument', span));
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
};

const inlined = (
  { body, isStrict, returns }: UserFunction,
  converted: readonly PlanExpression[],
  span: Span,
  environment: Environment,
): PlanExpression => {
  const replaced = mapExpression(body, (part) =>
    part.op === 'column' && part.index > 0 ? converted[part.index - 1] : undefined,
  );
  refuseLarge(replaced, 1, span);
  if (!isStrict || converted.length === 0) return replaced;
  const isNull = converted
    .map((argument) => callByName('IS NULL', [argument], span, environment))
    .reduce((before, one) => callByName('OR', [before, one], span, environment));
  const nothing: PlanExpression = { op: 'literal', value: null, type: returns };
  return callByName('CASE', [isNull, nothing, replaced], span, environment);
};
