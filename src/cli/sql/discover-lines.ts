/**
 * The columns of JSON lines, from all of them. AWS's inference depends on extremes only (the longest text, the largest number, the most digits, each kind of
 * value), so it is given the lines that have one: that is a few, and the answer is that for all.
 */
import { discoverSchema } from '../../analytics/discovery/discover-schema.ts';
import { isNumberText, isTimeText, type SeenColumn } from './discovered.ts';

type Extremes = {
  /** A bit for each kind of value seen. */
  kinds: number;
  length: number;
  least: number;
  most: number;
  digits: number;
  areTimes: boolean;
  areNumbers: boolean;
};

const [TEXT, WHOLE, FRACTION, BOOLEAN, NESTED] = [1, 2, 4, 8, 16];
/** As deep as discovery makes columns. */
const LEVELS = 2;

export class LineColumns {
  readonly #columns = new Map<string, Extremes>();
  readonly #kept: Uint8Array[] = [];
  readonly #isTimeWanted: (key: string) => boolean;

  /** @param isTimeWanted Whether it matters that the values of this key can be times. */
  constructor(isTimeWanted: (key: string) => boolean) {
    this.#isTimeWanted = isTimeWanted;
  }

  /** Whether the line is JSON; one that is not counts for nothing. */
  add(line: Uint8Array): boolean {
    const text = Buffer.prototype.utf8Slice.call(line, 0, line.length);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return false;
    }
    if (typeof value !== 'object' || value === null) return false;
    if (this.#isNew(value)) this.#kept.push(line.slice());
    return true;
  }

  #isNew(document: object): boolean {
    if (!Array.isArray(document)) return this.#members(document, '', LEVELS);
    let isNew = false;
    for (const row of document)
      if (typeof row === 'object' && row !== null && this.#isNew(row as object)) isNew = true;
    return isNew;
  }

  #members(object: object, path: string, levels: number): boolean {
    let isNew = false;
    for (const [key, value] of Object.entries(object) as [string, unknown][]) {
      const name = path === '' ? key : `${path}\0${key}`;
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      if (isObject && levels > 1 ? this.#members(value, name, levels - 1) : this.#value(name, value))
        isNew = true;
    }
    return isNew;
  }

  #value(name: string, value: unknown): boolean {
    let seen = this.#columns.get(name);
    const isFirst = seen === undefined;
    if (seen === undefined) {
      seen = {
        kinds: 0,
        length: -1,
        least: Infinity,
        most: -Infinity,
        digits: 0,
        areNumbers: true,
        areTimes: this.#isTimeWanted(name.slice(name.lastIndexOf('\0') + 1)),
      };
      this.#columns.set(name, seen);
    }
    if (value === null) return isFirst;
    const { kinds, length, least, most, digits } = seen;
    if (typeof value === 'string') {
      seen.kinds |= TEXT!;
      if (value.length > length) seen.length = value.length;
      if (seen.areTimes && !isTimeText(value)) seen.areTimes = false;
      if (seen.areNumbers && !isNumberText(value)) seen.areNumbers = false;
    } else if (typeof value === 'number') {
      if (Number.isInteger(value)) {
        seen.kinds |= WHOLE!;
        if (value < least) seen.least = value;
        if (value > most) seen.most = value;
      } else {
        seen.kinds |= FRACTION!;
        const count = String(value).length;
        if (count > digits) seen.digits = count;
      }
    } else {
      seen.kinds |= typeof value === 'boolean' ? BOOLEAN! : NESTED!;
      if (typeof value === 'object') seen.length = Math.max(length, JSON.stringify(value).length);
    }
    return (
      isFirst ||
      seen.kinds !== kinds ||
      seen.length !== length ||
      seen.least !== least ||
      seen.most !== most ||
      seen.digits !== digits
    );
  }

  /** Undefined where there was no line. */
  columns(
    isReserved: (word: string) => boolean,
  ): { readonly rowPath: string; readonly columns: SeenColumn[] } | undefined {
    const found = discoverSchema(this.#kept, isReserved);
    if (found?.format.kind !== 'json') return undefined;
    const columns = found.columns.map(({ name, mapping, type }, index): SeenColumn => {
      const hasValue = found.rows.some((row) => row[index] !== null && row[index] !== undefined);
      const seen = this.#seenOf(mapping);
      const areTexts = seen?.kinds === TEXT;
      return {
        name,
        mapping,
        type: hasValue ? type : undefined,
        areTimes: areTexts && seen.areTimes,
        areNumbers: areTexts && seen.areNumbers,
      };
    });
    return { rowPath: found.format.rowPath, columns };
  }

  /** Of a column whose mapping is `$.a` or `$.a.b`. */
  #seenOf(mapping: string | undefined): Extremes | undefined {
    const name = mapping?.replace(/^\$\./, '').replaceAll('.', '\0');
    return name === undefined ? undefined : this.#columns.get(name);
  }
}
