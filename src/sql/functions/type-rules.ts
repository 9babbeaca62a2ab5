/**
 * Families of types, the common type of several, and the types of arithmetic (decision 0540). Rules of DECIMAL are those of AWS's page "Numeric
 * Types and Precision"; whole numbers take part in them with the digits that their type can have.
 */
import type { IntegerName, IntervalQualifier, SqlType } from '../types.ts';
import { DECIMAL_DIGITS_MAX } from '../values/decimal.ts';
import { rankOf } from '../values/interval.ts';

export type DecimalType = Extract<SqlType, { name: 'DECIMAL' }>;
export type IntegerType = { readonly name: IntegerName };

const INTEGER_DIGITS: Readonly<Record<IntegerName, number>> = {
  TINYINT: 3,
  SMALLINT: 5,
  INTEGER: 10,
  BIGINT: 19,
};
const INTEGER_ORDER: readonly IntegerName[] = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT'];

export const isInteger = (type: SqlType): type is IntegerType => type.name in INTEGER_DIGITS;
export const isExactNumber = (type: SqlType): boolean => isInteger(type) || type.name === 'DECIMAL';
export const isApproximate = (type: SqlType): boolean => type.name === 'DOUBLE' || type.name === 'REAL';
export const isNumber = (type: SqlType): boolean => isExactNumber(type) || isApproximate(type);
export const isText = (type: SqlType): boolean => type.name === 'VARCHAR' || type.name === 'CHAR';
export const isBinary = (type: SqlType): boolean => type.name === 'VARBINARY' || type.name === 'BINARY';
export const isDatetime = (type: SqlType): boolean =>
  type.name === 'TIMESTAMP' || type.name === 'DATE' || type.name === 'TIME';
/** NULL, and columns of open streams: they go with every type. */
export const isUntyped = (type: SqlType): boolean => type.name === 'NULL' || type.name === 'ANY';
export const isDayTimeInterval = (type: SqlType): boolean =>
  type.name === 'INTERVAL' && rankOf(type.qualifier.from) > 1;

/** Whether the two have one representation and one meaning, whatever their lengths and precisions. */
export const isSameType = (a: SqlType, b: SqlType): boolean =>
  a.name === b.name &&
  (a.name !== 'DECIMAL' || (b.name === 'DECIMAL' && a.scale === b.scale && a.precision <= b.precision));

/** A whole number as the DECIMAL it takes part in rules as. */
export const asDecimal = (type: SqlType): DecimalType =>
  type.name === 'DECIMAL'
    ? type
    : { name: 'DECIMAL', precision: INTEGER_DIGITS[type.name as IntegerName], scale: 0 };

const decimal = (precision: number, scale: number, digitsMax = DECIMAL_DIGITS_MAX): DecimalType => {
  const cappedScale = Math.min(scale, digitsMax);
  return {
    name: 'DECIMAL',
    precision: Math.max(Math.min(precision, digitsMax), cappedScale, 1),
    scale: cappedScale,
  };
};

const largerInteger = (a: SqlType, b: SqlType): IntegerType => {
  const order = (type: SqlType): number => INTEGER_ORDER.indexOf(type.name as IntegerName);
  return { name: INTEGER_ORDER[Math.max(order(a), order(b))]! };
};

const approximate = (a: SqlType, b: SqlType): SqlType => {
  const isShort = (type: SqlType): boolean =>
    type.name === 'REAL' || type.name === 'TINYINT' || type.name === 'SMALLINT';
  return { name: isShort(a) && isShort(b) ? 'REAL' : 'DOUBLE' };
};

/** `digitsMax`: 36 where the type is for a comparison only, so that no value is lost. */
export const commonNumber = (a: SqlType, b: SqlType, digitsMax = DECIMAL_DIGITS_MAX): SqlType => {
  if (isApproximate(a) || isApproximate(b)) return approximate(a, b);
  if (isInteger(a) && isInteger(b)) return largerInteger(a, b);
  const [left, right] = [asDecimal(a), asDecimal(b)];
  const scale = Math.max(left.scale, right.scale);
  return decimal(
    Math.max(left.precision - left.scale, right.precision - right.scale) + scale,
    scale,
    digitsMax,
  );
};

export const sumType = (a: SqlType, b: SqlType): SqlType => {
  if (isApproximate(a) || isApproximate(b)) return approximate(a, b);
  if (isInteger(a) && isInteger(b)) return largerInteger(a, b);
  const [left, right] = [asDecimal(a), asDecimal(b)];
  const scale = Math.max(left.scale, right.scale);
  return decimal(Math.max(left.precision - left.scale, right.precision - right.scale) + scale + 1, scale);
};

export const productType = (a: SqlType, b: SqlType): SqlType => {
  if (isApproximate(a) || isApproximate(b)) return approximate(a, b);
  if (isInteger(a) && isInteger(b)) return largerInteger(a, b);
  const [left, right] = [asDecimal(a), asDecimal(b)];
  return decimal(left.precision + right.precision, left.scale + right.scale);
};

export const quotientType = (a: SqlType, b: SqlType): SqlType => {
  if (isApproximate(a) || isApproximate(b)) return approximate(a, b);
  if (isInteger(a) && isInteger(b)) return largerInteger(a, b);
  const [left, right] = [asDecimal(a), asDecimal(b)];
  const whole = Math.min(left.precision - left.scale + right.scale, DECIMAL_DIGITS_MAX);
  const scale = Math.max(
    left.scale,
    Math.min(Math.max(6, left.scale + right.precision + 1), DECIMAL_DIGITS_MAX - whole),
  );
  return decimal(whole + scale, scale);
};

/** From the larger of the two leading units to the smaller of the trailing ones. */
export const commonQualifier = (a: IntervalQualifier, b: IntervalQualifier): IntervalQualifier => ({
  from: rankOf(a.from) <= rankOf(b.from) ? a.from : b.from,
  to: rankOf(a.to) >= rankOf(b.to) ? a.to : b.to,
  precision: Math.max(a.precision, b.precision),
  fraction: Math.max(a.fraction, b.fraction),
});

/** The type that values of both can be converted to without a CAST; undefined where there is none. `digitsMax` as in `commonNumber`. */
const commonOfTwo = (a: SqlType, b: SqlType, digitsMax: number): SqlType | undefined => {
  if (isUntyped(a)) return a.name === 'ANY' && b.name === 'NULL' ? a : b;
  if (isUntyped(b)) return a;
  if (isNumber(a) && isNumber(b)) return commonNumber(a, b, digitsMax);
  if ((isText(a) && isText(b)) || (isBinary(a) && isBinary(b))) {
    const [left, right] = [a as { name: string; length: number }, b as { name: string; length: number }];
    if (left.name === right.name && left.length === right.length) return a;
    return { name: isText(a) ? 'VARCHAR' : 'VARBINARY', length: Math.max(left.length, right.length) };
  }
  if (a.name === 'INTERVAL' && b.name === 'INTERVAL') {
    if (isDayTimeInterval(a) !== isDayTimeInterval(b)) return undefined;
    return { name: 'INTERVAL', qualifier: commonQualifier(a.qualifier, b.qualifier) };
  }
  if (a.name === b.name && a.name !== 'RECORD') return a;
  if ((a.name === 'DATE' && b.name === 'TIMESTAMP') || (a.name === 'TIMESTAMP' && b.name === 'DATE'))
    return { name: 'TIMESTAMP' };
  return undefined;
};

/** Of the branches of a CASE, the rows of VALUES, the sides of UNION ALL. */
export const commonType = (types: readonly SqlType[]): SqlType | undefined =>
  types.reduce<SqlType | undefined>(
    (common, type) => (common === undefined ? undefined : commonOfTwo(common, type, DECIMAL_DIGITS_MAX)),
    { name: 'NULL' },
  );

/** Of values that are compared, the keys of a join too: wide enough that none is lost. */
export const comparedType = (types: readonly SqlType[]): SqlType | undefined =>
  types.reduce<SqlType | undefined>(
    (common, type) =>
      common === undefined ? undefined : commonOfTwo(common, type, 2 * DECIMAL_DIGITS_MAX + 1),
    { name: 'NULL' },
  );
