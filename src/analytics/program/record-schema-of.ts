/** A schema of the API as the mapping of records takes it. */
import { parseType } from '../../sql/syntax/parse.ts';
import { SqlError } from '../../sql/sql-error.ts';
import type { SqlType } from '../../sql/types.ts';
import { JsonPathError, readJsonPath } from '../mapping/json-path.ts';
import type { RecordColumn, RecordSchema } from '../mapping/record-schema.ts';
import type { Schema } from '../settings/settings.ts';

/** The message says which column is wrong, and how. */
export class SchemaFault extends Error {
  override readonly name = 'SchemaFault';
}

/** Throws `SchemaFault`. */
export function recordSchemaOf(schema: Schema): RecordSchema {
  const { RecordFormatType: type, MappingParameters: parameters } = schema.RecordFormat;
  const columns = schema.RecordColumns.map(({ Name: name, SqlType: text, Mapping: path }): RecordColumn => {
    if (type === 'JSON' && path === undefined) {
      throw new SchemaFault(`The column ${name} has no Mapping, which JSON needs.`);
    }
    return {
      name,
      type: typeOf(name, text),
      mapping: type === 'JSON' ? pathOf(`The Mapping of column ${name}`, path!) : undefined,
    };
  });
  if (type === 'JSON') {
    const rowPath = parameters?.JSONMappingParameters?.RecordRowPath ?? '$';
    return { format: { kind: 'json', rowPath: pathOf('RecordRowPath', rowPath) }, columns };
  }
  const delimiters = parameters?.CSVMappingParameters;
  return {
    format: {
      kind: 'csv',
      columnDelimiter: delimiters?.RecordColumnDelimiter ?? ',',
      rowDelimiter: delimiters?.RecordRowDelimiter ?? '\n',
    },
    columns,
  };
}

function typeOf(column: string, text: string): SqlType {
  try {
    return parseType(text);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new SchemaFault(`The SqlType of column ${column}, ${text}, is no type: ${error.message}`);
  }
}

function pathOf(what: string, text: string) {
  try {
    return readJsonPath(text);
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    throw new SchemaFault(`${what} is no path: ${error.message}`);
  }
}
