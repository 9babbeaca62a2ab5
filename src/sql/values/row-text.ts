/**
 * The text of a row where it leaves the engine: JSON with the columns as members, or delimited text. Decision 0622 says what AWS's documents leave open.
 */
import type { Column, SqlType } from '../types.ts';
import type { Row, SqlValue } from '../value.ts';
import { timestampText } from './datetime.ts';
import { decimalText } from './decimal.ts';
import { realText, valueText } from './text.ts';

/** What JSON escapes within a text. */
// oxlint-disable-next-line no-control-regex
const ESCAPED = /[\u0000-\u001f"\\\ud800-\udfff]/;

export const jsonText = (text: string): string => (ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`);

/** A TIMESTAMP has its milliseconds always, so that every row of a column has one form. */
const outputText = (value: NonNullable<SqlValue>, type: SqlType): string => {
  if (type.name === 'TIMESTAMP') return timestampText(value as number);
  if (type.name === 'BOOLEAN') return value === true ? 'true' : 'false';
  return valueText(value, type);
};

const jsonValue = (value: SqlValue, type: SqlType): string => {
  if (value === null) return 'null';
  switch (type.name) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
    case 'DOUBLE':
    case 'BOOLEAN':
      return String(value);
    case 'DECIMAL':
      return decimalText(value as number | bigint, type.scale);
    case 'REAL':
      return realText(value as number);
    case 'ANY':
      return typeof value === 'string' ? jsonText(value) : String(value);
    default:
      return jsonText(outputText(value, type));
  }
};

/** A row [ROWTIME, ...columns] as an object of the columns, in their order; nulls are in it. */
export const jsonRows = (columns: readonly Column[]): ((row: Row) => string) => {
  const heads = columns.map(({ name }, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  const types = columns.map(({ type }) => type);
  return (row) => {
    let text = '';
    for (let index = 0; index < heads.length; index++)
      text += (heads[index] as string) + jsonValue(row[index + 1] as SqlValue, types[index] as SqlType);
    return text === '' ? '{}' : `${text}}`;
  };
};

/** Quotes what holds a delimiter, a quote or a line's end; nulls are empty. */
export const delimitedRows = (columns: readonly Column[], delimiter = ','): ((row: Row) => string) => {
  const quote = (text: string): string =>
    text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return (row) =>
    columns
      .map(({ type }, index) => {
        const value = row[index + 1];
        return value === null || value === undefined ? '' : quote(outputText(value, type));
      })
      .join(delimiter);
};
