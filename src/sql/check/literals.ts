/** Literals of the text as values and types. */
import type { PlanExpression } from '../plan/expression.ts';
import { type Span, SqlError } from '../sql-error.ts';
import type { Expression, TreeIntervalQualifier } from '../syntax/tree.ts';
import type { IntervalQualifier, SqlType, TimeUnit } from '../types.ts';
import type { SqlValue } from '../value.ts';
import { parseDate, parseTime, parseTimestamp } from '../values/datetime.ts';
import { parseExact } from '../values/decimal.ts';
import { parseInterval } from '../values/interval.ts';

const literal = (value: SqlValue, type: SqlType): PlanExpression => ({ op: 'literal', value, type });

const INTEGER_MAX = 2_147_483_647;
const BIGINT_MAX = 2n ** 63n - 1n;
/** Of a DECIMAL; longer literals are refused. */
const DIGITS_MAX = 18;

/** Whole numbers are INTEGER or BIGINT, those with a point DECIMAL, those with an exponent DOUBLE. */
export const numberLiteral = (text: string, span: Span): PlanExpression => {
  const outOfRange = (): SqlError => new SqlError(span, `Numeric literal '${shown(text)}' out of range`);
  if (/e/i.test(text)) {
    const value = Number(text);
    if (!Number.isFinite(value)) throw outOfRange();
    return literal(value + 0, { name: 'DOUBLE' });
  }
  const [whole = '', fraction] = text.split('.') as [string, string | undefined];
  const digits = whole.replace(/^0+/, '');
  if (fraction === undefined || fraction === '') {
    if (digits.length > 19 || BigInt(digits === '' ? '0' : digits) > BIGINT_MAX) throw outOfRange();
    const value = BigInt(digits === '' ? '0' : digits);
    if (value <= INTEGER_MAX) return literal(Number(value), { name: 'INTEGER' });
    return literal(value <= Number.MAX_SAFE_INTEGER ? Number(value) : value, { name: 'BIGINT' });
  }
  const precision = Math.max(digits.length + fraction.length, 1);
  const value = precision > DIGITS_MAX ? undefined : parseExact(text, fraction.length);
  if (value === undefined) throw outOfRange();
  return literal(value, { name: 'DECIMAL', precision, scale: fraction.length });
};

const shown = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

export const textLiteral = (value: string): PlanExpression =>
  literal(value, { name: 'VARCHAR', length: Math.min(Math.max(value.length, 1), 65_535) });

const FORMATS = { DATE: 'yyyy-MM-dd', TIME: 'HH:mm:ss', TIMESTAMP: 'yyyy-MM-dd HH:mm:ss' } as const;

export const datetimeLiteral = (
  type: 'DATE' | 'TIME' | 'TIMESTAMP',
  text: string,
  span: Span,
): PlanExpression => {
  const value =
    type === 'DATE' ? parseDate(text) : type === 'TIME' ? parseTime(text, true) : parseTimestamp(text, true);
  if (value === undefined)
    throw new SqlError(span, `Illegal ${type} literal '${shown(text)}': not in format '${FORMATS[type]}'`);
  return literal(value, { name: type });
};

const LEADING_DIGITS = 2;
const FRACTION_DIGITS = 3;
/** Milliseconds are all that a TIMESTAMP holds; SQL allows nine. */
const FRACTION_DIGITS_MAX = 9;

export const qualifierOf = (written: TreeIntervalQualifier, span: Span): IntervalQualifier => {
  const { from, to, precision = LEADING_DIGITS, fraction = FRACTION_DIGITS } = written;
  if (precision < 1 || precision > 10)
    throw new SqlError(span, `Interval leading field precision '${precision}' out of range for ${from}`);
  if (fraction < 0 || fraction > FRACTION_DIGITS_MAX)
    throw new SqlError(span, `Interval fractional second precision '${fraction}' out of range for ${to}`);
  return { from, to, precision, fraction };
};

const qualifierText = (from: TimeUnit, to: TimeUnit): string => (from === to ? from : `${from} TO ${to}`);

export const intervalLiteral = (tree: Extract<Expression, { kind: 'interval' }>): PlanExpression => {
  const qualifier = qualifierOf(tree.qualifier, tree.span);
  const value = parseInterval(tree.text, qualifier);
  if (value === undefined)
    throw new SqlError(
      tree.span,
      `Illegal interval literal format '${shown(tree.text)}' for INTERVAL ${qualifierText(qualifier.from, qualifier.to)}`,
    );
  const leading = /[0-9]+/.exec(tree.text)![0].replace(/^0+(?=.)/, '');
  if (leading.length > qualifier.precision)
    throw new SqlError(
      tree.span,
      `Interval field value ${leading} exceeds precision of ${qualifier.from}(${qualifier.precision}) field; write ${qualifier.from}(${leading.length})`,
    );
  return literal(tree.isNegative && value !== 0 ? -value : value, { name: 'INTERVAL', qualifier });
};
