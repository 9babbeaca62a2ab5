/**
 * What is wrong with a JSON text, in the words of Jackson, which AWS passes on as they are. The place is told as Jackson 2
 * tells it: up to 500 characters of the source, then line and column from 1.
 */
import { parseFault, type RecordFault } from '../record-fault.ts';

const SOURCE_MAX = 500;
const EXPECTED_VALUE = "JSON String, Number, Array, Object or token 'null', 'true' or 'false'";

export class JacksonFaults {
  bytes: Buffer = Buffer.alloc(0);

  notUtf8(): RecordFault {
    const at = firstInvalidByte(this.bytes);
    return this.#fault(`Invalid UTF-8 start byte 0x${(this.bytes[at] ?? 0).toString(16)}`, at);
  }

  tooDeep(depth: number, depthMax: number): RecordFault {
    return parseFault(
      `Document nesting depth (${depth}) exceeds the maximum allowed (${depthMax}, from \`StreamReadConstraints.getMaxNestingDepth()\`)`,
    );
  }

  noKey(at: number, openedAt: number): RecordFault {
    return this.#unexpected(at, 'was expecting double-quote to start field name', true, openedAt);
  }

  noColon(at: number, openedAt: number): RecordFault {
    return this.#unexpected(at, 'was expecting a colon to separate field name and value', true, openedAt);
  }

  noComma(at: number, isObject: boolean, openedAt: number): RecordFault {
    const byte = this.bytes[at];
    if (byte === 0x5d || byte === 0x7d) {
      return this.#fault(
        `Unexpected close marker '${String.fromCharCode(byte)}': expected '${isObject ? '}' : ']'}' ${this.#startMarker(isObject, openedAt)}`,
        at,
      );
    }
    return this.#unexpected(
      at,
      `was expecting comma to separate ${isObject ? 'Object' : 'Array'} entries`,
      isObject,
      openedAt,
    );
  }

  noValue(at: number): RecordFault {
    const { bytes } = this;
    if (at >= bytes.length) return this.#fault('Unexpected end-of-input within/between Object entries', at);
    const word = /^[\p{L}\p{N}_$]+/u.exec(bytes.toString('utf8', at, at + 256))?.[0];
    if (word !== undefined)
      return this.#fault(
        `Unrecognized token '${word}': was expecting (${EXPECTED_VALUE})`,
        at + Buffer.byteLength(word),
      );
    return this.#fault(
      `Unexpected character ${this.#character(at)}: expected a valid value (${EXPECTED_VALUE})`,
      at,
    );
  }

  openString(isKey: boolean): RecordFault {
    const what = isKey ? ' in field name' : ': was expecting closing quote for a string value';
    return this.#fault(`Unexpected end-of-input${what}`, this.bytes.length);
  }

  controlCharacter(at: number, code: number, isKey: boolean): RecordFault {
    return this.#fault(
      `Illegal unquoted character ((CTRL-CHAR, code ${code})): has to be escaped using backslash to be included in ${isKey ? 'name' : 'string value'}`,
      at,
    );
  }

  unknownEscape(at: number, code: number): RecordFault {
    return this.#fault(`Unrecognized character escape '${String.fromCharCode(code)}' (code ${code})`, at);
  }

  badHexDigit(at: number, code: number): RecordFault {
    return this.#fault(
      `Unexpected character ('${String.fromCharCode(code)}' (code ${code})): expected a hex-digit for character escape sequence`,
      at,
    );
  }

  leadingZero(at: number): RecordFault {
    return this.#fault('Invalid numeric value: Leading zeroes not allowed', at);
  }

  badNumber(at: number, fault: string): RecordFault {
    if (at >= this.bytes.length) return this.#fault('Unexpected end-of-input in a Number value', at);
    return this.#fault(`Unexpected character ${this.#character(at)} in numeric value: ${fault}`, at);
  }

  afterNumber(at: number): RecordFault {
    return this.#fault(
      `Unexpected character ${this.#character(at)}: Expected space separating root-level values or a separator after a number`,
      at,
    );
  }

  #unexpected(at: number, expected: string, isObject: boolean, openedAt: number): RecordFault {
    if (at >= this.bytes.length) {
      return this.#fault(
        `Unexpected end-of-input: expected close marker for ${isObject ? 'Object' : 'Array'} ${this.#startMarker(isObject, openedAt)}`,
        at,
      );
    }
    return this.#fault(`Unexpected character ${this.#character(at)}: ${expected}`, at);
  }

  #startMarker(isObject: boolean, openedAt: number): string {
    return isObject || openedAt >= 0 ? `(start marker at ${this.#place(openedAt)})` : '';
  }

  #character(at: number): string {
    const character = this.bytes.toString('utf8', at, at + 4);
    const code = character.codePointAt(0) ?? 0;
    return `('${String.fromCodePoint(code)}' (code ${code}))`;
  }

  #fault(message: string, at: number): RecordFault {
    return parseFault(`${message}\n at ${this.#place(at)}`);
  }

  #place(at: number): string {
    const before = this.bytes.subarray(0, at);
    const lineAt = before.lastIndexOf(0x0a) + 1;
    let line = 1;
    for (const byte of before) if (byte === 0x0a) line += 1;
    const kept = this.bytes.toString('utf8', 0, SOURCE_MAX);
    const more = this.bytes.length > SOURCE_MAX ? `[truncated ${this.bytes.length - SOURCE_MAX} bytes]` : '';
    return `[Source: (byte[])"${kept}"${more}; line: ${line}, column: ${at - lineAt + 1}]`;
  }
}

/** Decoding puts U+FFFD where bytes are invalid; where the bytes do not say U+FFFD themselves is the place. */
function firstInvalidByte(bytes: Buffer): number {
  const text = bytes.toString('utf8');
  let at = 0;
  for (const character of text) {
    if (character === '\uFFFD' && !(bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd))
      return at;
    at += Buffer.byteLength(character);
  }
  return at;
}
