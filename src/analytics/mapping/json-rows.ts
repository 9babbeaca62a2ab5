/**
 * Rows from records of JSON, in one walk over the bytes: what no column asks for is checked for its form and passed over, never built. Documents may
 * follow one another in a record. `plain-json-rows.testing.ts` does the same from `JSON.parse`, slowly, and is the oracle.
 */
import type { SqlValue } from '../../sql/value.ts';
import { CoercionError } from './coerce.ts';
import { JsonCells, type NumberSeen } from './json-cells.ts';
import { type Member, type Target, targetsOf } from './json-targets.ts';
import type { Mapping, RowSink } from './mapping.ts';
import type { RecordSchema } from './record-schema.ts';
import { Texts } from './texts.ts';

/** Deeper documents are refused: AWS's own are flat, and a stack has an end. */
const DEPTH_MAX = 256;
const LITERALS = [true, false, null].map((value) => ({
  value,
  bytes: new TextEncoder().encode(String(value)),
}));
const NO_TARGET: Target = Object.freeze({ columns: [], members: [], elements: undefined });

class MalformedError extends Error {
  override readonly name = 'MalformedError';
}

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

export class JsonRows implements Mapping {
  readonly #rowPath: readonly string[];
  readonly #rowTarget: Target;
  readonly #cells: JsonCells;
  readonly #template: readonly SqlValue[];
  readonly #flattened: readonly number[] | undefined;
  readonly #isFlattened: readonly boolean[];
  readonly #seen: NumberSeen = {
    start: 0,
    end: 0,
    mantissa: 0,
    digits: 0,
    fractionDigits: 0,
    isNegative: false,
    hasExponent: false,
  };
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;
  #end = 0;
  #row: SqlValue[] = [];
  #elements: SqlValue[][] = [];
  /** The first value of the row that its column cannot take. */
  #fault: CoercionError | undefined;
  #hasEscape = false;
  #isAscii = true;

  constructor(schema: RecordSchema, isUsed: readonly boolean[], extraColumns: number) {
    const targets = targetsOf(schema, isUsed);
    this.#rowPath = targets.rowPath;
    this.#rowTarget = targets.row;
    this.#flattened = targets.flattened;
    this.#isFlattened = schema.columns.map((_, column) => targets.flattened?.includes(column) ?? false);
    this.#cells = new JsonCells(schema.columns, new Texts());
    this.#template = Array.from({ length: 1 + schema.columns.length + extraColumns }, () => null);
  }

  read(bytes: Uint8Array, start: number, end: number, sink: RowSink): void {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    try {
      this.#space();
      if (this.#at === end) throw new MalformedError('The record is empty');
      while (this.#at < end) {
        this.#document(this.#rowPath, 0, sink);
        this.#space();
      }
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      sink.reject(`Malformed JSON at byte ${this.#at - start}: ${error.message}`);
    } finally {
      this.#bytes = NOTHING;
    }
  }

  /** Goes down the row path; what lies at its end is a row, or a list of rows. */
  #document(path: readonly string[], depth: number, sink: RowSink): void {
    const key = path[depth];
    const first = this.#bytes[this.#at];
    if (key === undefined) {
      if (first !== 0x5b) return this.#oneRow(sink);
      return this.#list(() => this.#oneRow(sink));
    }
    if (first !== 0x7b) {
      this.#value(NO_TARGET, depth);
      sink.reject(`The record has nothing at the row path: ${JSON.stringify(key)} is missing`);
      return;
    }
    let isThere = false;
    this.#members((name) => {
      if (name === key) {
        isThere = true;
        this.#document(path, depth + 1, sink);
      } else this.#value(NO_TARGET, depth + 1);
    });
    if (!isThere) sink.reject(`The record has nothing at the row path: ${JSON.stringify(key)} is missing`);
  }

  #oneRow(sink: RowSink): void {
    const row = this.#template.slice();
    this.#row = row;
    this.#fault = undefined;
    if (this.#elements.length > 0) this.#elements = [];
    const start = this.#at;
    this.#value(this.#rowTarget, 0);
    if (this.#fault !== undefined) {
      sink.reject((this.#fault as CoercionError).message, this.#bytes.subarray(start, this.#at));
      return;
    }
    if (this.#flattened === undefined || this.#elements.length === 0) {
      sink.row(row);
      return;
    }
    for (const element of this.#elements) {
      for (let index = 1; index <= this.#isFlattened.length; index++)
        if (this.#isFlattened[index - 1] === false) element[index] = row[index] as SqlValue;
      sink.row(element);
    }
  }

  #space(): void {
    const bytes = this.#bytes;
    let at = this.#at;
    while (at < this.#end && (bytes[at] as number) <= 0x20 && isSpace(bytes[at] as number)) at++;
    this.#at = at;
  }

  #value(target: Target, depth: number): void {
    if (this.#at >= this.#end) throw new MalformedError('it ends within a value');
    const first = this.#bytes[this.#at] as number;
    if (first === 0x22) this.#stringValue(target);
    else if (first === 0x7b) this.#object(target, depth);
    else if (first === 0x5b) this.#array(target, depth);
    else if (first === 0x2d || isDigit(first)) this.#numberValue(target);
    else this.#literal(target);
  }

  #object(target: Target, depth: number): void {
    if (depth >= DEPTH_MAX) throw new MalformedError(`it is nested deeper than ${DEPTH_MAX}`);
    const start = this.#at;
    const { members } = target;
    const bytes = this.#bytes;
    this.#at++;
    this.#space();
    if (bytes[this.#at] === 0x7d && this.#at < this.#end) this.#at++;
    else {
      let expected = 0;
      for (;;) {
        if (this.#at >= this.#end || bytes[this.#at] !== 0x22) throw new MalformedError('a key was expected');
        this.#at++;
        const index = this.#key(members, expected);
        this.#space();
        if (this.#at >= this.#end || bytes[this.#at] !== 0x3a)
          throw new MalformedError('a colon was expected');
        this.#at++;
        this.#space();
        if (index < 0) this.#value(NO_TARGET, depth + 1);
        else {
          this.#value((members[index] as Member).target, depth + 1);
          expected = index + 1;
        }
        if (this.#isLast(0x7d)) break;
      }
    }
    if (target.columns.length > 0) this.#jsonText(target, start);
  }

  /** Of the member whose key stands here, or -1; passes over the key. Records mostly have their members in one order. */
  #key(members: readonly Member[], expected: number): number {
    const start = this.#at;
    if (expected < members.length && this.#isKey(members[expected] as Member)) return expected;
    for (let index = 0; index < members.length; index++)
      if (index !== expected && this.#isKey(members[index] as Member)) return index;
    this.#string();
    if (!this.#hasEscape) return -1;
    const name = this.#unescaped(start, this.#at - 1);
    return members.findIndex((member) => member.key === name);
  }

  #isKey({ keyBytes }: Member): boolean {
    const bytes = this.#bytes;
    const start = this.#at;
    const length = keyBytes.length;
    if (start + length > this.#end) return false;
    for (let index = 0; index < length; index++) if (bytes[start + index] !== keyBytes[index]) return false;
    this.#at = start + length;
    return true;
  }

  #array(target: Target, depth: number): void {
    if (depth >= DEPTH_MAX) throw new MalformedError(`it is nested deeper than ${DEPTH_MAX}`);
    const start = this.#at;
    const { elements } = target;
    if (elements === undefined) this.#list(() => this.#value(NO_TARGET, depth + 1));
    else {
      const row = this.#row;
      this.#list(() => {
        this.#row = this.#template.slice();
        this.#elements.push(this.#row);
        this.#value(elements, depth + 1);
      });
      this.#row = row;
    }
    if (target.columns.length > 0) this.#jsonText(target, start);
  }

  #list(each: () => void): void {
    this.#at++;
    this.#space();
    if (this.#at < this.#end && this.#bytes[this.#at] === 0x5d) {
      this.#at++;
      return;
    }
    do each();
    while (!this.#isLast(0x5d));
  }

  #members(each: (key: string) => void): void {
    this.#at++;
    this.#space();
    if (this.#at < this.#end && this.#bytes[this.#at] === 0x7d) {
      this.#at++;
      return;
    }
    do {
      if (this.#at >= this.#end || this.#bytes[this.#at] !== 0x22)
        throw new MalformedError('a key was expected');
      const start = ++this.#at;
      this.#string();
      const key = this.#unescaped(start, this.#at - 1);
      this.#space();
      if (this.#at >= this.#end || this.#bytes[this.#at] !== 0x3a)
        throw new MalformedError('a colon was expected');
      this.#at++;
      this.#space();
      each(key);
    } while (!this.#isLast(0x7d));
  }

  /** After a value: true at the closing bracket, false where another follows. */
  #isLast(closing: number): boolean {
    this.#space();
    const byte = this.#at < this.#end ? this.#bytes[this.#at] : undefined;
    if (byte !== closing && byte !== 0x2c)
      throw new MalformedError(`a comma or ${String.fromCharCode(closing)} was expected`);
    this.#at++;
    if (byte === closing) return true;
    this.#space();
    return false;
  }

  #stringValue({ columns }: Target): void {
    const start = ++this.#at;
    this.#string();
    const end = this.#at - 1;
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index] as number;
      try {
        this.#row[column + 1] = this.#cells.string(
          column,
          this.#bytes,
          start,
          end,
          this.#isAscii,
          this.#hasEscape,
        );
      } catch (error) {
        this.#blame(error);
      }
    }
  }

  /** From behind the opening quote to behind the closing one. */
  #string(): void {
    const bytes = this.#bytes;
    const end = this.#end;
    let at = this.#at;
    let all = 0;
    this.#hasEscape = false;
    while (at < end) {
      const byte = bytes[at] as number;
      if (byte === 0x22) {
        this.#at = at + 1;
        this.#isAscii = all < 0x80;
        return;
      }
      all |= byte;
      if (byte === 0x5c) at = this.#escape(at);
      else if (byte < 0x20) {
        this.#at = at;
        throw new MalformedError('a control character stands in a text');
      } else at++;
    }
    this.#at = at;
    throw new MalformedError('it ends within a text');
  }

  #escape(at: number): number {
    this.#hasEscape = true;
    const escaped = at + 1 < this.#end ? String.fromCharCode(this.#bytes[at + 1] as number) : '';
    if (escaped === 'u') {
      const digits = Buffer.prototype.latin1Slice.call(this.#bytes, at + 2, Math.min(at + 6, this.#end));
      if (/^[0-9a-fA-F]{4}$/.test(digits)) return at + 6;
    } else if (escaped !== '' && '"\\/bfnrt'.includes(escaped)) return at + 2;
    this.#at = at;
    throw new MalformedError('a text has an escape that JSON does not know');
  }

  #unescaped(start: number, end: number): string {
    const raw = Buffer.prototype.utf8Slice.call(this.#bytes, start, end);
    return this.#hasEscape ? (JSON.parse(`"${raw}"`) as string) : raw;
  }

  #numberValue({ columns }: Target): void {
    const bytes = this.#bytes;
    const end = this.#end;
    const seen = this.#seen;
    let at = this.#at;
    seen.start = at;
    seen.isNegative = bytes[at] === 0x2d;
    if (seen.isNegative) at++;
    const whole = at;
    let mantissa = 0;
    while (at < end && isDigit(bytes[at] as number))
      mantissa = mantissa * 10 + (bytes[at++] as number) - 0x30;
    let digits = at - whole;
    if (digits === 0 || (digits > 1 && bytes[whole] === 0x30)) throw new MalformedError('this is no number');
    seen.fractionDigits = 0;
    if (at < end && bytes[at] === 0x2e) {
      const point = ++at;
      while (at < end && isDigit(bytes[at] as number))
        mantissa = mantissa * 10 + (bytes[at++] as number) - 0x30;
      seen.fractionDigits = at - point;
      if (at === point) throw new MalformedError('a digit was expected behind the point');
      digits += at - point;
    }
    seen.hasExponent = at < end && (bytes[at] === 0x65 || bytes[at] === 0x45);
    if (seen.hasExponent) {
      at++;
      if (at < end && (bytes[at] === 0x2b || bytes[at] === 0x2d)) at++;
      const exponent = at;
      while (at < end && isDigit(bytes[at] as number)) at++;
      if (at === exponent) throw new MalformedError('a digit was expected in the exponent');
    }
    seen.mantissa = mantissa;
    seen.digits = digits;
    seen.end = at;
    this.#at = at;
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index] as number;
      try {
        this.#row[column + 1] = this.#cells.number(column, bytes, seen);
      } catch (error) {
        this.#blame(error);
      }
    }
  }

  #literal({ columns }: Target): void {
    const word = LITERALS.find(({ bytes }) => this.#isWord(bytes));
    if (word === undefined) throw new MalformedError('a value was expected');
    this.#at += word.bytes.length;
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index] as number;
      if (word.value === null) this.#row[column + 1] = null;
      else {
        try {
          this.#row[column + 1] = this.#cells.boolean(column, word.value);
        } catch (error) {
          this.#blame(error);
        }
      }
    }
  }

  #isWord(word: Uint8Array): boolean {
    if (this.#at + word.length > this.#end) return false;
    for (let index = 0; index < word.length; index++)
      if (this.#bytes[this.#at + index] !== word[index]) return false;
    return true;
  }

  #jsonText({ columns }: Target, start: number): void {
    for (const column of columns) {
      try {
        this.#row[column + 1] = this.#cells.json(column, this.#bytes, start, this.#at);
      } catch (error) {
        this.#blame(error);
      }
    }
  }

  #blame(error: unknown): void {
    if (!(error instanceof CoercionError)) throw error;
    this.#fault ??= error;
  }
}

const NOTHING = new Uint8Array();
