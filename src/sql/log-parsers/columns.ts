/**
 * The columns of a record that a log parser gives: COLUMN1, COLUMN2, … of VARCHAR(1024), or those of a description in the program: `NAME TYPE
 * TIMESTAMP 'format' NOT NULL START 0 FOR 10, …`. A field's text becomes its type's value as CAST would make it, or by the format of its own.
 */
import { parseDateText } from '../dates/parse-date.ts';
import { parsePattern } from '../dates/pattern.ts';
import { CAST } from '../functions/cast.ts';
import { parseType } from '../syntax/parse.ts';
import type { Column, SqlType } from '../types.ts';
import { RowError, type SqlValue } from '../value.ts';
import { DAY_MS, dayOf, timeOfDay } from '../values/datetime.ts';

const FIELD_LENGTH = 1_024;
const FIELD_TYPE: SqlType = { name: 'VARCHAR', length: FIELD_LENGTH };
const COLUMNS_MAX = 1_000;

/** What is wrong with a description, a format or a pattern that stands in the program. */
export class LogFormatError extends Error {
  override readonly name = 'LogFormatError';
}

export type Field = {
  readonly column: Column;
  /** The first character counts as zero; undefined where the description has no START. */
  readonly start: number | undefined;
  readonly length: number | undefined;
  /** Of a text that is not null. */
  readonly read: (text: string) => SqlValue;
};

const plainField = (name: string): Field => ({
  column: { name, type: FIELD_TYPE },
  start: undefined,
  length: undefined,
  read: (text) => (text.length > FIELD_LENGTH ? text.slice(0, FIELD_LENGTH) : text),
});

/** COLUMN1 to COLUMNn. */
export const plainFields = (count: number): readonly Field[] => {
  if (!Number.isInteger(count) || count < 1 || count > COLUMNS_MAX)
    throw new LogFormatError(`A record has 1 to ${COLUMNS_MAX} columns, not ${count}`);
  return Array.from({ length: count }, (_, index) => plainField(`COLUMN${index + 1}`));
};

const DESCRIPTION =
  /^\s*(?:"((?:[^"]|"")+)"|([A-Za-z_][A-Za-z0-9_]*))(?:\s+(?:TYPE\s+)?([A-Za-z]+(?:\s+(?:PRECISION|VARYING))?(?:\s*\([0-9,\s]*\))?)(?:\s*'((?:[^']|'')*)')?(\s+NOT\s+NULL)?(?:\s+START\s+([0-9]{1,6})(?:\s+FOR\s+([0-9]{1,6}))?)?)?\s*$/i;

/** The parts of a description between the commas that stand in no brackets or quotes. */
const partsOf = (description: string): readonly string[] =>
  (description.match(/(?:"[^"]*"|'[^']*'|\([^)]*\)|[^,"'(]|["'(])+/g) ?? []).map((part) => part.trim());

export const describedFields = (description: string): readonly Field[] => {
  const parts = partsOf(description);
  if (parts.length === 0 || parts.length > COLUMNS_MAX)
    throw new LogFormatError(`A record has 1 to ${COLUMNS_MAX} columns`);
  return parts.map(describedField);
};

const describedField = (part: string): Field => {
  const found = DESCRIPTION.exec(part);
  if (found === null) throw new LogFormatError(`'${part}' does not describe a column: <name> TYPE <type>`);
  const [, quoted, plain, typeText, format, notNull, start, length] = found;
  const name = quoted?.replaceAll('""', '"') ?? plain!.toUpperCase();
  if (typeText === undefined) return plainField(name);
  const type = typeOf(typeText);
  return {
    column: { name, type, ...(notNull === undefined ? {} : { isNotNull: true }) },
    start: start === undefined ? undefined : Number(start),
    length: length === undefined ? undefined : Number(length),
    read: readerOf(type, format?.replaceAll("''", "'")),
  };
};

const typeOf = (text: string): SqlType => {
  try {
    return parseType(text);
  } catch (error) {
    throw new LogFormatError(`'${text}' is no type: ${(error as Error).message}`);
  }
};

const isText = (type: SqlType): boolean => type.name === 'VARCHAR' || type.name === 'CHAR';

const readerOf = (type: SqlType, format: string | undefined): ((text: string) => SqlValue) => {
  if (format !== undefined && (type.name === 'TIMESTAMP' || type.name === 'DATE' || type.name === 'TIME')) {
    const pattern = parsePattern(format);
    const { name } = type;
    return (text) => {
      if (text.trim() === '') return null;
      const time = parseDateText(text, pattern);
      if (time === undefined)
        throw new RowError('INVALID_CAST', `'${text.slice(0, 100)}' is not in the format '${format}'`);
      return name === 'DATE' ? dayOf(time) * DAY_MS : name === 'TIME' ? timeOfDay(time) : time;
    };
  }
  const cast = CAST.bind({ types: [FIELD_TYPE], constants: [], result: type }) as (text: string) => SqlValue;
  return isText(type) ? cast : (text) => (text.trim() === '' ? null : cast(text));
};

/** The record of these texts; what is missing is null. */
export const recordOf = (fields: readonly Field[], texts: readonly (string | undefined)[]): SqlValue =>
  fields.map(({ column, read }, index) => {
    const text = texts[index];
    const value = text === undefined ? null : read(text);
    if (value === null && column.isNotNull === true)
      throw new RowError('NULL_VALUE', `the column ${column.name} of a record is NOT NULL and has no value`);
    return value;
  });
