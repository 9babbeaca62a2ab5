/**
 * The OpenX JSON SerDe's rules: numbers and booleans may stand in strings, hexadecimal integers too, anything is a string,
 * and timestamps are in the five forms that AWS lists. What does not fit is MalformedData, told as Java's parsers tell it.
 */
import * as tape from '../json/tape.ts';
import type { ColumnValues } from '../parquet/column-values.ts';
import { schemaFault, type RecordFault } from '../record-fault.ts';
import { parseDate, parseEpoch, parseIsoTimestamp, parseJdbcTimestamp, type Moment } from './moments.ts';
import {
  appendDecimal,
  int64,
  parseInt64,
  parseJavaDouble,
  parseJsonDouble,
  parseSmallInteger,
} from './numbers.ts';
import {
  appendText,
  compactText,
  isContainer,
  isString,
  textOf,
  type Append,
  type PrimitiveType,
  type Serde,
} from './serde.ts';

export type OpenXOptions = {
  readonly caseInsensitive: boolean;
  readonly convertsDots: boolean;
  /** Key in the JSON by the name of the column or field. */
  readonly mappings: ReadonlyMap<string, string>;
};

export const BITS = { tinyint: 8, smallint: 16, int: 32 } as const;

const moment: Moment = { epochDay: 0, nanosOfDay: 0 };

export function openXSerde(options: OpenXOptions): Serde {
  const key = options.caseInsensitive ? (text: string) => text.toLowerCase() : (text: string) => text;
  return {
    key,
    keyOf: (field) => key(options.mappings.get(field.name) ?? field.name),
    convertsDots: options.convertsDots,
    bendsContainers: true,
    append: openXAppend,
  };
}

/** Also for the keys of maps, which are strings whatever their type is. */
export function openXAppend(type: PrimitiveType): Append {
  switch (type.kind) {
    case 'boolean':
      return (json, entry, values) => {
        const kind = json.kinds[entry];
        if (kind === tape.TRUE || kind === tape.FALSE) values.boolean(kind === tape.TRUE);
        else if (isString(json, entry)) values.boolean(textOf(json, entry).toLowerCase() === 'true');
        else throw inputFault(json, entry);
        return true;
      };
    case 'tinyint':
    case 'smallint':
    case 'int': {
      const limit = 2 ** (BITS[type.kind] - 1);
      return (json, entry, values) => {
        let value = isNumberOrString(json, entry)
          ? parseSmallInteger(json.bytes, json.starts[entry]!, json.ends[entry]!)
          : Number.NaN;
        if (Number.isNaN(value)) value = parseHexadecimal(json, entry);
        if (!(value >= -limit && value < limit)) throw inputFault(json, entry);
        values.int32(value);
        return true;
      };
    }
    case 'bigint':
      return (json, entry, values) => {
        if (isNumberOrString(json, entry) && parseInt64(json.bytes, json.starts[entry]!, json.ends[entry]!)) {
          values.int64(int64.low, int64.high);
          return true;
        }
        const value = parseHexadecimal(json, entry);
        if (!Number.isSafeInteger(value)) throw inputFault(json, entry);
        values.int64(value % 0x1_0000_0000, Math.floor(value / 0x1_0000_0000));
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
        if (
          !isNumberOrString(json, entry) ||
          !appendDecimal(textOf(json, entry).trim(), type.precision, type.scale, values)
        )
          throw inputFault(json, entry);
        return true;
      };
    case 'string':
      return (json, entry, values) => {
        if (json.kinds[entry] === tape.ESCAPED_STRING) appendText(textOf(json, entry), type, values);
        else if (isContainer(json, entry)) appendText(compactText(json, entry), type, values);
        else values.byteArray(json.bytes, json.starts[entry]!, json.ends[entry]!);
        return true;
      };
    case 'char':
    case 'varchar':
      return (json, entry, values) => {
        appendText(isContainer(json, entry) ? compactText(json, entry) : textOf(json, entry), type, values);
        return true;
      };
    case 'binary':
      return appendBase64;
    case 'date':
      return (json, entry, values) => {
        values.int32(readDate(json, entry));
        return true;
      };
    case 'timestamp':
      return (json, entry, values) => {
        if (!readMoment(json, entry))
          throw schemaFault('Timestamp format must be yyyy-mm-dd hh:mm:ss[.fffffffff]');
        values.int96(moment.epochDay, moment.nanosOfDay);
        return true;
      };
  }
}

export function readDate(json: tape.JsonTape, entry: number): number {
  const day = isString(json, entry) ? parseDate(textOf(json, entry)) : undefined;
  if (day === undefined) throw inputFault(json, entry);
  return day;
}

export function inputFault(json: tape.JsonTape, entry: number): RecordFault {
  return schemaFault(
    `For input string: "${isContainer(json, entry) ? compactText(json, entry) : textOf(json, entry)}"`,
  );
}

function isNumberOrString(json: tape.JsonTape, entry: number): boolean {
  const kind = json.kinds[entry]!;
  return kind >= tape.STRING && kind <= tape.REAL;
}

function parseHexadecimal(json: tape.JsonTape, entry: number): number {
  const digits = isString(json, entry)
    ? /^0[xX]([\dA-Fa-f]{1,13})$/.exec(textOf(json, entry))?.[1]
    : undefined;
  return digits === undefined ? Number.NaN : Number.parseInt(digits, 16);
}

function readDouble(json: tape.JsonTape, entry: number): number {
  const kind = json.kinds[entry]!;
  if (kind === tape.INTEGER || kind === tape.REAL)
    return parseJsonDouble(json.bytes, json.starts[entry]!, json.ends[entry]!);
  const value = isString(json, entry) ? parseJavaDouble(textOf(json, entry)) : undefined;
  if (value === undefined) throw inputFault(json, entry);
  return value;
}

function readMoment(json: tape.JsonTape, entry: number): boolean {
  if (!isNumberOrString(json, entry)) return false;
  const text = textOf(json, entry);
  if (!text.includes(':')) return parseEpoch(text, moment);
  return text.endsWith('Z') ? parseIsoTimestamp(text, moment) : parseJdbcTimestamp(text, moment);
}

function appendBase64(json: tape.JsonTape, entry: number, values: ColumnValues): boolean {
  const text = isString(json, entry) ? textOf(json, entry) : '-';
  if (!/^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2,3}={0,2})?$/.test(text)) throw inputFault(json, entry);
  const bytes = Buffer.from(text, 'base64');
  values.byteArray(bytes, 0, bytes.length);
  return true;
}
