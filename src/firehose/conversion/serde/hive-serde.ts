/**
 * The Hive JSON SerDe's rules: numbers are numbers of the JSON and never strings, nested JSON is no string, timestamps are in the
 * given formats. What does not fit is MalformedData, told as Jackson's accessors tell it.
 */
import * as tape from '../json/tape.ts';
import { schemaFault } from '../record-fault.ts';
import { SchemaError, type Column, type ColumnType } from '../schema.ts';
import { parseJdbcTimestamp, type Moment } from './moments.ts';
import { appendDecimal, int64, parseInt64, parseJsonDouble } from './numbers.ts';
import { BITS, inputFault, readDate } from './openx-serde.ts';
import type { ParseMoment } from './joda-pattern.ts';
import { appendText, isContainer, textOf, type Append, type PrimitiveType, type Serde } from './serde.ts';

const JAVA_NAMES = { tinyint: 'Java byte', smallint: 'Java short', int: 'int', bigint: 'long' } as const;
const LONG_LIMIT = 2 ** 63;

const moment: Moment = { epochDay: 0, nanosOfDay: 0 };

/** Without formats timestamps are as java.sql.Timestamp.valueOf reads them. */
export function hiveSerde(formats: readonly ParseMoment[]): Serde {
  const parsers = formats.length === 0 ? [parseJdbcTimestamp] : formats;
  return {
    key: (text) => text.toLowerCase(),
    keyOf: (field) => field.name.toLowerCase(),
    convertsDots: false,
    bendsContainers: false,
    append: (type) => hiveAppend(type, parsers),
  };
}

/** Hive's SerDe knows no columns with a period and no binary values. Throws SchemaError. */
export function checkHiveColumns(columns: readonly Column[]): void {
  for (const { name, type } of columns) {
    if (name.includes('.'))
      throw new SchemaError(`The column ${name}: the Hive JSON SerDe allows no periods in names`, 0);
    checkHiveType(name, type);
  }
}

function checkHiveType(name: string, type: ColumnType): void {
  if (type.kind === 'binary')
    throw new SchemaError(`The column ${name}: the Hive JSON SerDe does not support BINARY type`, 0);
  if (type.kind === 'struct') checkHiveColumns(type.fields);
  if (type.kind === 'array') checkHiveType(name, type.element);
  if (type.kind === 'map') checkHiveType(name, type.value);
}

function hiveAppend(type: PrimitiveType, parsers: readonly ParseMoment[]): Append {
  switch (type.kind) {
    case 'boolean':
      return (json, entry, values) => {
        values.boolean(scalarText(json, entry).toLowerCase() === 'true');
        return true;
      };
    case 'tinyint':
    case 'smallint':
    case 'int': {
      const limit = 2 ** (BITS[type.kind] - 1);
      const javaName = JAVA_NAMES[type.kind];
      return (json, entry, values) => {
        const value = Math.trunc(readDouble(json, entry));
        if (!(value >= -limit && value < limit)) throw rangeFault(textOf(json, entry), javaName);
        values.int32(value);
        return true;
      };
    }
    case 'bigint':
      return (json, entry, values) => {
        const double = Math.trunc(readDouble(json, entry));
        if (
          json.kinds[entry] === tape.INTEGER
            ? !parseInt64(json.bytes, json.starts[entry]!, json.ends[entry]!)
            : !splitDouble(double)
        ) {
          throw rangeFault(textOf(json, entry), JAVA_NAMES.bigint);
        }
        values.int64(int64.low, int64.high);
        return true;
      };
    case 'float':
      return (json, entry, values) => {
        values.float(readDouble(json, entry));
        return true;
      };
    case 'double':
      return (json, entry, values) => {
        values.double(readDouble(json, entry));
        return true;
      };
    case 'decimal':
      return (json, entry, values) => {
        checkNumeric(json, entry);
        if (!appendDecimal(textOf(json, entry), type.precision, type.scale, values))
          throw inputFault(json, entry);
        return true;
      };
    case 'string':
    case 'char':
    case 'varchar':
      return (json, entry, values) => {
        if (type.kind === 'string' && json.kinds[entry] === tape.STRING)
          values.byteArray(json.bytes, json.starts[entry]!, json.ends[entry]!);
        else appendText(scalarText(json, entry), type, values);
        return true;
      };
    case 'binary':
      throw new SchemaError('The Hive JSON SerDe does not support BINARY type', 0);
    case 'date':
      return (json, entry, values) => {
        values.int32(readDate(json, entry));
        return true;
      };
    case 'timestamp':
      return (json, entry, values) => {
        const text = scalarText(json, entry);
        if (!parsers.some((parse) => parse(text, moment)))
          throw schemaFault(`Could not parse timestamp: ${text}`);
        values.int96(moment.epochDay, moment.nanosOfDay);
        return true;
      };
  }
}

function scalarText(json: tape.JsonTape, entry: number): string {
  if (isContainer(json, entry)) {
    const token = json.kinds[entry] === tape.OBJECT ? 'START_OBJECT' : 'START_ARRAY';
    throw schemaFault(`Current token (${token}) is not a scalar value`);
  }
  return textOf(json, entry);
}

const TOKENS: Readonly<Record<number, string>> = {
  [tape.OBJECT]: 'START_OBJECT',
  [tape.ARRAY]: 'START_ARRAY',
  [tape.STRING]: 'VALUE_STRING',
  [tape.ESCAPED_STRING]: 'VALUE_STRING',
  [tape.TRUE]: 'VALUE_TRUE',
  [tape.FALSE]: 'VALUE_FALSE',
};

function checkNumeric(json: tape.JsonTape, entry: number): void {
  const token = TOKENS[json.kinds[entry]!];
  if (token !== undefined)
    throw schemaFault(`Current token (${token}) not numeric, can not use numeric value accessors`);
}

function readDouble(json: tape.JsonTape, entry: number): number {
  checkNumeric(json, entry);
  return parseJsonDouble(json.bytes, json.starts[entry]!, json.ends[entry]!);
}

function splitDouble(value: number): boolean {
  if (!(value >= -LONG_LIMIT && value < LONG_LIMIT)) return false;
  int64.high = Math.floor(value / 0x1_0000_0000);
  int64.low = value - int64.high * 0x1_0000_0000;
  return true;
}

function rangeFault(text: string, javaName: string): Error {
  return schemaFault(`Numeric value (${text}) out of range of ${javaName}`);
}
