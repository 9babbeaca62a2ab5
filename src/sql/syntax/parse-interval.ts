/** Units of time, and the qualifiers of intervals: `DAY`, `SECOND(10, 3)`, `HOUR(3) TO SECOND(2)`. */
import type { TimeUnit } from '../types.ts';
import type { Reader } from './reader.ts';
import type { Expression, TreeIntervalQualifier } from './tree.ts';

const UNITS: readonly TimeUnit[] = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'];

export const expectUnit = (reader: Reader): TimeUnit => reader.expectAny(UNITS);

/** For `FLOOR(x TO HOUR)` and EXTRACT. */
export const atUnit = (reader: Reader): boolean =>
  reader.next.kind === 'word' && (UNITS as readonly string[]).includes(reader.next.text);

export function intervalQualifier(reader: Reader): TreeIntervalQualifier {
  const from = expectUnit(reader);
  let precision: number | undefined;
  let fraction: number | undefined;
  if (reader.take('(')) {
    precision = reader.expectInteger();
    if (from === 'SECOND' && reader.take(',')) fraction = reader.expectInteger();
    reader.expect(')');
  }
  const to = unitBehindTo(reader, from);
  if (to === 'SECOND' && to !== from && reader.take('(')) {
    fraction = reader.expectInteger();
    reader.expect(')');
  }
  return { from, to, precision, fraction };
}

/** TO belongs to the qualifier where it names a smaller unit of the same kind; else to what stands around it, such as `FLOOR((a - b) SECOND TO MINUTE)`. */
function unitBehindTo(reader: Reader, from: TimeUnit): TimeUnit {
  const smaller = from === 'YEAR' ? ['MONTH'] : from === 'MONTH' ? [] : UNITS.slice(UNITS.indexOf(from) + 1);
  if (!smaller.some((unit) => reader.atAll('TO', unit))) return from;
  reader.advance();
  return expectUnit(reader);
}

/** Behind the word INTERVAL. */
export function intervalLiteral(reader: Reader, start: number): Expression {
  const isNegative = reader.take('-');
  if (!isNegative) reader.take('+');
  if (reader.next.kind !== 'string') {
    const { kind, text } = reader.next;
    if (kind !== 'number' && kind !== 'name') throw reader.unexpected('a string');
    throw reader.unexpectedWith(`an interval stands in single quotes: INTERVAL '${text}' …`);
  }
  const { text } = reader.advance();
  const qualifier = intervalQualifier(reader);
  return reader.node({ kind: 'interval', isNegative, text, qualifier, span: reader.spanFrom(start) });
}
