/**
 * Implicit conversions, of which the dialect has few: any number to any number, text to text, and a null to everything. Columns of open streams, whose
 * type nobody knows, are cast as their values come.
 */
import type { PlanExpression } from '../plan/expression.ts';
import { type Span, SqlError } from '../sql-error.ts';
import type { IntervalQualifier, SqlType } from '../types.ts';
import { typeText } from '../values/type-text.ts';
import { canCast } from './cast.ts';
import { call, cannotApply, literal } from './definition.ts';
import { isDatetime, isInteger, isNumber, isSameType, isText, isUntyped } from './type-rules.ts';

const NOWHERE: Span = { start: 0, end: 0 };
const spanOf = (expression: PlanExpression): Span => ('span' in expression ? expression.span : NOWHERE);

/**
 * `assign`: into a column of a stream, where text that is too long is cut. `compare`: to the type of `comparedType`. `argument`: to what a
 * function takes. Throws `SqlError` where the dialect has no such implicit conversion.
 */
export const convertTo = (
  expression: PlanExpression,
  type: SqlType,
  purpose: 'assign' | 'compare' | 'argument',
  span: Span = spanOf(expression),
): PlanExpression => {
  const from = expression.type;
  if (type.name === 'ANY' || type.name === 'NULL') return expression;
  if (expression.op === 'literal' && expression.value === null) return literal(null, type);
  if (isUntyped(from)) return call('CAST', [expression], type, span);
  if (isText(from) && isText(type)) return convertText(expression, type, purpose, span);
  if (isSameType(from, type) && from.name !== 'INTERVAL') return expression;
  if (isNumber(from) && isNumber(type)) return convertNumber(expression, type, span);
  const isNear =
    from.name === type.name ||
    (from.name.endsWith('BINARY') && type.name.endsWith('BINARY')) ||
    (from.name === 'DATE' && type.name === 'TIMESTAMP' && purpose !== 'assign');
  if (isNear && from.name !== 'RECORD' && canCast(from, type)) return call('CAST', [expression], type, span);
  throw new SqlError(
    span,
    purpose === 'assign'
      ? `Cannot assign to target field of type ${typeText(type)} from source field of type ${typeText(from)}. Use CAST`
      : `Cannot convert ${typeText(from)} to ${typeText(type)}. Use CAST`,
  );
};

const convertText = (
  expression: PlanExpression,
  type: SqlType,
  purpose: 'assign' | 'compare' | 'argument',
  span: Span,
): PlanExpression => {
  const from = expression.type as { readonly name: string; readonly length: number };
  const to = type as { readonly name: string; readonly length: number };
  if (purpose !== 'assign') return expression;
  if (
    from.name === to.name &&
    (from.length === to.length || (to.name === 'VARCHAR' && from.length < to.length))
  )
    return expression;
  if (to.name === 'VARCHAR' && from.length <= to.length) return expression;
  return call('CAST', [expression], type, span);
};

/** A literal is converted now, so that `price > 5` compares doubles without asking. */
const convertNumber = (expression: PlanExpression, type: SqlType, span: Span): PlanExpression => {
  if (expression.op === 'literal' && isInteger(expression.type) && typeof expression.value === 'number') {
    if (type.name === 'DOUBLE' || type.name === 'BIGINT') return literal(expression.value, type);
    if (type.name === 'DECIMAL' && Math.abs(expression.value) * 10 ** type.scale < 1e15)
      return literal(expression.value * 10 ** type.scale, type);
  }
  return call('CAST', [expression], type, span);
};

/** CAST(expression AS type). Throws `SqlError` where the dialect has no such cast. */
export const castTo = (expression: PlanExpression, type: SqlType, span: Span): PlanExpression => {
  if (expression.op === 'literal' && expression.value === null) return literal(null, type);
  if (!canCast(expression.type, type))
    throw new SqlError(
      span,
      `Cast function cannot convert value of type ${typeText(expression.type)} to type ${typeText(type)}`,
    );
  return call('CAST', [expression], type, span);
};

/** `(left - right) qualifier`. */
export const differenceOf = (
  left: PlanExpression,
  right: PlanExpression,
  qualifier: IntervalQualifier,
  span: Span,
): PlanExpression => {
  const isPair =
    (isDatetime(left.type) || isUntyped(left.type)) && (isDatetime(right.type) || isUntyped(right.type));
  if (!isPair) return cannotApply('-', [left, right], ['<DATETIME> - <DATETIME>'], span);
  const type: SqlType = isUntyped(left.type)
    ? isUntyped(right.type)
      ? { name: 'TIMESTAMP' }
      : right.type
    : left.type;
  if (!isUntyped(right.type) && right.type.name !== type.name)
    throw new SqlError(span, 'Parameters must be of the same type');
  return call(
    'DIFFERENCE',
    [convertTo(left, type, 'argument', span), convertTo(right, type, 'argument', span)],
    { name: 'INTERVAL', qualifier },
    span,
  );
};
