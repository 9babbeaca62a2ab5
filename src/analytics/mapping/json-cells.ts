/**
 * Values of JSON as values of columns, the quick way: what comes most is decided from the bytes, and all else is told to `coerce`, whose answers
 * these shortcuts repeat.
 */
import type { SqlType } from '../../sql/types.ts';
import type { SqlValue } from '../../sql/value.ts';
import { coerce, truncate } from './coerce.ts';
import type { RecordColumn } from './record-schema.ts';
import type { Texts } from './texts.ts';
import { Times } from './times.ts';

/** What the scanner saw of a number: whole digits and those behind the point as one number, exact to 15 digits. */
export type NumberSeen = {
  start: number;
  end: number;
  mantissa: number;
  digits: number;
  fractionDigits: number;
  isNegative: boolean;
  hasExponent: boolean;
};

const EXACT_DIGITS = 15;
const POWERS = Array.from({ length: 23 }, (_, power) => 10 ** power);
const INTEGER_LIMITS: { readonly [name: string]: number } = {
  TINYINT: 2 ** 7,
  SMALLINT: 2 ** 15,
  INTEGER: 2 ** 31,
  BIGINT: Infinity,
};

type Cell = {
  readonly name: string;
  readonly type: SqlType;
  readonly road: 'text' | 'timestamp' | 'integer' | 'decimal' | 'real' | 'double' | 'other';
  /** Of a text its length; of an integer the first that is too large; of a decimal its scale. */
  readonly size: number;
  /** Of a decimal: the first scaled value that is too large. */
  readonly limit: number;
};

const cellOf = ({ name, type }: RecordColumn): Cell => {
  switch (type.name) {
    case 'CHAR':
    case 'VARCHAR':
      return { name, type, road: 'text', size: type.length, limit: 0 };
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
      return { name, type, road: 'integer', size: INTEGER_LIMITS[type.name] ?? 0, limit: 0 };
    case 'DECIMAL':
      return {
        name,
        type,
        road: 'decimal',
        size: type.scale,
        limit: Math.min(10 ** type.precision, Number.MAX_SAFE_INTEGER),
      };
    case 'TIMESTAMP':
      return { name, type, road: 'timestamp', size: 0, limit: 0 };
    case 'REAL':
      return { name, type, road: 'real', size: 0, limit: 0 };
    case 'DOUBLE':
      return { name, type, road: 'double', size: 0, limit: 0 };
    default:
      return { name, type, road: 'other', size: 0, limit: 0 };
  }
};

/** The number, where its digits say it exactly and nothing can be lost; undefined else. */
const quickNumber = (cell: Cell, seen: NumberSeen): number | undefined => {
  if (seen.hasExponent || seen.digits > EXACT_DIGITS) return undefined;
  const { mantissa, fractionDigits, isNegative } = seen;
  switch (cell.road) {
    case 'integer':
      // The lowest value of a type is left to the long way.
      if (fractionDigits > 0 || mantissa >= cell.size) return undefined;
      return isNegative ? 0 - mantissa : mantissa;
    case 'decimal': {
      const more = cell.size - fractionDigits;
      if (more < 0 || more + seen.digits > EXACT_DIGITS) return undefined;
      const value = mantissa * (POWERS[more] as number);
      if (value >= cell.limit) return undefined;
      return isNegative ? 0 - value : value;
    }
    case 'double':
    case 'real': {
      const value = mantissa / (POWERS[fractionDigits] as number);
      const single = cell.road === 'real' ? Math.fround(value) : value;
      return isNegative ? -single : single;
    }
    default:
      return undefined;
  }
};

export class JsonCells {
  readonly #cells: readonly Cell[];
  readonly #texts: Texts;
  readonly #times = new Times();

  constructor(columns: readonly RecordColumn[], texts: Texts) {
    this.#cells = columns.map(cellOf);
    this.#texts = texts;
  }

  number(column: number, bytes: Uint8Array, seen: NumberSeen): SqlValue {
    const cell = this.#cells[column] as Cell;
    const quick = quickNumber(cell, seen);
    if (quick !== undefined) return quick;
    return coerce('number', this.#texts.read(bytes, seen.start, seen.end, true), cell.type, cell.name);
  }

  /** @param hasEscape Then what lies between the quotes is not yet what it says. */
  string(
    column: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    isAscii: boolean,
    hasEscape: boolean,
  ): SqlValue {
    const cell = this.#cells[column] as Cell;
    if (cell.road === 'timestamp') {
      const quick = this.#times.read(bytes, start, end);
      if (quick !== undefined) return quick;
    }
    const raw = this.#texts.read(bytes, start, end, isAscii);
    const text = hasEscape ? (JSON.parse(`"${raw}"`) as string) : raw;
    if (cell.road !== 'text') return coerce('string', text, cell.type, cell.name);
    return text.length <= cell.size ? text : truncate(text, cell.size);
  }

  boolean(column: number, value: boolean): SqlValue {
    const cell = this.#cells[column] as Cell;
    if (cell.type.name === 'BOOLEAN') return value;
    return coerce('boolean', String(value), cell.type, cell.name);
  }

  /** The text of an array or object. */
  json(column: number, bytes: Uint8Array, start: number, end: number): SqlValue {
    const cell = this.#cells[column] as Cell;
    return coerce('json', this.#texts.read(bytes, start, end, false), cell.type, cell.name);
  }
}
