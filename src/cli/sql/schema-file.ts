/**
 * `--schema FILE`: a SourceSchema of AWS, or DiscoverInputSchema's answer that holds one, as JSON; or a program with a CREATE STREAM of the input's name, or
 * of whatever name where it has one only.
 */
import { readFileSync } from 'node:fs';
import { JsonPathError, readJsonPath, type JsonPath } from '../../analytics/mapping/json-path.ts';
import type { RecordColumn, RecordSchema } from '../../analytics/mapping/record-schema.ts';
import { UsageError } from '../../base/flags.ts';
import { SqlError } from '../../sql/sql-error.ts';
import { parseProgram, parseType } from '../../sql/syntax/parse.ts';
import type { SqlType } from '../../sql/types.ts';
import { showSqlError } from './program-text.ts';

type JsonSchema = {
  readonly RecordFormat?: {
    readonly RecordFormatType?: unknown;
    readonly MappingParameters?: {
      readonly JSONMappingParameters?: { readonly RecordRowPath?: unknown };
      readonly CSVMappingParameters?: {
        readonly RecordRowDelimiter?: unknown;
        readonly RecordColumnDelimiter?: unknown;
      };
    };
  };
  readonly RecordColumns?: unknown;
};
type JsonColumn = { readonly Name?: unknown; readonly SqlType?: unknown; readonly Mapping?: unknown };

/** `isCsv` is of the data: SQL does not say what it is written in. */
export function readSchemaFile(file: string, input: string, isCsv: boolean): RecordSchema {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
  return text.trimStart().startsWith('{') ? fromJson(file, text) : fromSql(file, text, input, isCsv);
}

function fromSql(file: string, text: string, input: string, isCsv: boolean): RecordSchema {
  try {
    const streams = parseProgram(text).statements.filter((statement) => statement.kind === 'create stream');
    const stream =
      streams.find(({ name }) => name.at(-1)!.text === input) ??
      (streams.length === 1 ? streams[0] : undefined);
    if (stream === undefined) throw new UsageError(`${file} has no CREATE STREAM "${input}" (…).`);
    return {
      format: isCsv
        ? { kind: 'csv', columnDelimiter: ',', rowDelimiter: '\n' }
        : { kind: 'json', rowPath: readJsonPath('$') },
      columns: stream.columns.map(({ name, type }) => ({
        name: name.text,
        type,
        mapping: isCsv ? undefined : [{ kind: 'key', key: name.text }],
      })),
    };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new UsageError(showSqlError(file, text, error).trimEnd());
  }
}

function fromJson(file: string, text: string): RecordSchema {
  const wrong = (what: string): UsageError => new UsageError(`${file} is no schema: ${what}.`);
  let parsed: JsonSchema & { readonly InputSchema?: JsonSchema };
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch (error) {
    throw wrong((error as Error).message);
  }
  const schema = parsed.InputSchema ?? parsed;
  const { RecordFormatType: type, MappingParameters: parameters } = schema.RecordFormat ?? {};
  if (type !== 'JSON' && type !== 'CSV')
    throw wrong('its RecordFormat.RecordFormatType is neither JSON nor CSV');
  if (!Array.isArray(schema.RecordColumns) || schema.RecordColumns.length === 0)
    throw wrong('it has no RecordColumns');
  const columns = (schema.RecordColumns as readonly JsonColumn[]).map((column): RecordColumn => {
    const { Name: name, SqlType: sqlType, Mapping: path } = column ?? {};
    if (typeof name !== 'string' || typeof sqlType !== 'string')
      throw wrong('each of its RecordColumns has a Name and a SqlType');
    if (type === 'JSON' && typeof path !== 'string') throw wrong(`its column ${name} has no Mapping`);
    return {
      name,
      type: typeIn(sqlType, (why) => wrong(`the SqlType of its column ${name}: ${why}`)),
      mapping:
        type === 'JSON'
          ? pathIn(path as string, (why) => wrong(`the Mapping of its column ${name}: ${why}`))
          : undefined,
    };
  });
  const stringOr = (value: unknown, otherwise: string): string =>
    typeof value === 'string' && value !== '' ? value : otherwise;
  if (type === 'JSON') {
    const rowPath = stringOr(parameters?.JSONMappingParameters?.RecordRowPath, '$');
    return {
      format: { kind: 'json', rowPath: pathIn(rowPath, (why) => wrong(`its RecordRowPath: ${why}`)) },
      columns,
    };
  }
  const delimiters = parameters?.CSVMappingParameters;
  return {
    format: {
      kind: 'csv',
      columnDelimiter: stringOr(delimiters?.RecordColumnDelimiter, ','),
      rowDelimiter: stringOr(delimiters?.RecordRowDelimiter, '\n'),
    },
    columns,
  };
}

function typeIn(text: string, wrong: (why: string) => UsageError): SqlType {
  try {
    return parseType(text);
  } catch (error) {
    throw error instanceof SqlError ? wrong(error.message) : error;
  }
}

function pathIn(text: string, wrong: (why: string) => UsageError): JsonPath {
  try {
    return readJsonPath(text);
  } catch (error) {
    throw error instanceof JsonPathError ? wrong(error.message) : error;
  }
}
