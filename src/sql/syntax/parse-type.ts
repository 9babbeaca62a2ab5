/** A type as a column or CAST names it (AWS's page "Data Types"). */
import { nearest } from '../nearest.ts';
import { SqlError } from '../sql-error.ts';
import type { SqlType } from '../types.ts';
import { intervalQualifier } from './parse-interval.ts';
import type { Reader } from './reader.ts';

/** AWS shows DECIMAL(19, 5) on one page and forbids it on another: it is read as the widest there is. */
const DECIMAL_PRECISION_SHOWN_MAX = 19;
const DECIMAL_PRECISION_MAX = 18;
const LENGTH_MAX = 65_535;
/** The default of an interval's leading field, in digits. */
const INTERVAL_PRECISION = 2;
const INTERVAL_FRACTION = 3;

const PLAIN: Readonly<Record<string, SqlType>> = {
  TINYINT: { name: 'TINYINT' },
  SMALLINT: { name: 'SMALLINT' },
  INT: { name: 'INTEGER' },
  INTEGER: { name: 'INTEGER' },
  BIGINT: { name: 'BIGINT' },
  REAL: { name: 'REAL' },
  BOOLEAN: { name: 'BOOLEAN' },
  DATE: { name: 'DATE' },
};
const NAMES = [
  ...Object.keys(PLAIN),
  ...'FLOAT DOUBLE DECIMAL DEC NUMERIC CHAR CHARACTER VARCHAR BINARY VARBINARY TIME TIMESTAMP INTERVAL'.split(
    ' ',
  ),
];
const ELSEWHERE: Readonly<Record<string, string>> = {
  STRING: 'VARCHAR(n)',
  TEXT: 'VARCHAR(n)',
  NVARCHAR: 'VARCHAR(n)',
  VARCHAR2: 'VARCHAR(n)',
  NCHAR: 'CHAR(n)',
  NUMBER: 'DECIMAL(p, s) or DOUBLE',
  LONG: 'BIGINT',
  INT8: 'BIGINT',
  INT4: 'INTEGER',
  BOOL: 'BOOLEAN',
  BIT: 'BOOLEAN',
  DATETIME: 'TIMESTAMP',
  TIMESTAMPTZ: 'TIMESTAMP',
  BYTES: 'VARBINARY(n)',
  BLOB: 'VARBINARY(n)',
  CLOB: 'VARCHAR(n)',
};

export function sqlType(reader: Reader): SqlType {
  const { kind, text, start } = reader.next;
  if (kind !== 'word') throw reader.unexpected('a type');
  const plain = Object.hasOwn(PLAIN, text) ? PLAIN[text] : undefined;
  if (plain !== undefined) {
    reader.advance();
    return plain;
  }
  if (!NAMES.includes(text)) {
    const meant = Object.hasOwn(ELSEWHERE, text) ? ELSEWHERE[text] : nearest(text, NAMES);
    throw meant === undefined
      ? reader.unexpected('a type')
      : reader.unexpectedWith(`there is no type ${text}: did you mean ${meant}?`);
  }
  reader.advance();
  switch (text) {
    case 'FLOAT':
      precisionOf(reader);
      return { name: 'DOUBLE' };
    case 'DOUBLE':
      reader.take('PRECISION');
      return { name: 'DOUBLE' };
    case 'DECIMAL':
    case 'DEC':
    case 'NUMERIC':
      return decimal(reader, start);
    case 'CHAR':
    case 'CHARACTER':
      return reader.take('VARYING')
        ? { name: 'VARCHAR', length: lengthOf(reader, start) ?? LENGTH_MAX }
        : { name: 'CHAR', length: lengthOf(reader, start) ?? 1 };
    case 'VARCHAR':
      return { name: 'VARCHAR', length: lengthOf(reader, start) ?? LENGTH_MAX };
    case 'BINARY':
      return reader.take('VARYING')
        ? { name: 'VARBINARY', length: lengthOf(reader, start) ?? LENGTH_MAX }
        : { name: 'BINARY', length: lengthOf(reader, start) ?? 1 };
    case 'VARBINARY':
      return { name: 'VARBINARY', length: lengthOf(reader, start) ?? LENGTH_MAX };
    case 'INTERVAL': {
      const {
        from,
        to,
        precision = INTERVAL_PRECISION,
        fraction = INTERVAL_FRACTION,
      } = intervalQualifier(reader);
      return { name: 'INTERVAL', qualifier: { from, to, precision, fraction } };
    }
    case 'TIME':
    case 'TIMESTAMP':
    default:
      precisionOf(reader);
      withoutTimeZone(reader);
      return { name: text === 'TIME' ? 'TIME' : 'TIMESTAMP' };
  }
}

function decimal(reader: Reader, start: number): SqlType {
  if (!reader.take('(')) return { name: 'DECIMAL', precision: DECIMAL_PRECISION_MAX, scale: 0 };
  const written = reader.expectInteger();
  const scale = reader.take(',') ? reader.expectInteger() : 0;
  reader.expect(')');
  const fault =
    written < 1 || written > DECIMAL_PRECISION_SHOWN_MAX
      ? `DECIMAL has a precision of 1 to ${DECIMAL_PRECISION_MAX} digits, not ${written}`
      : scale > written
        ? `The scale of a DECIMAL is at most its precision, ${written}, not ${scale}`
        : undefined;
  if (fault !== undefined) throw new SqlError(reader.spanFrom(start), fault);
  const precision = Math.min(written, DECIMAL_PRECISION_MAX);
  return { name: 'DECIMAL', precision, scale: Math.min(scale, precision) };
}

function lengthOf(reader: Reader, start: number): number | undefined {
  if (!reader.take('(')) return undefined;
  if (reader.next.text === 'MAX') throw reader.unexpectedWith(`the longest is ${LENGTH_MAX}`);
  const length = reader.expectInteger();
  reader.expect(')');
  if (length < 1 || length > LENGTH_MAX)
    throw new SqlError(reader.spanFrom(start), `A length is 1 to ${LENGTH_MAX}, not ${length}`);
  return length;
}

/** `TIMESTAMP(3)`: taken, and nothing else, for there is one precision only. */
function precisionOf(reader: Reader): void {
  if (!reader.take('(')) return;
  reader.expectInteger();
  reader.expect(')');
}

function withoutTimeZone(reader: Reader): void {
  if (reader.next.text === 'WITH' && reader.ahead(1).text === 'TIME')
    throw reader.unexpectedWith('there are no time zones: every time is UTC');
  if (reader.takeAll('WITHOUT', 'TIME')) reader.expect('ZONE');
}
