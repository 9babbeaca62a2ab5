/** Builtins about strings, and between strings and other values. */
import { JqRefusal } from '../errors.ts';
import { charge, chargeString, raise, type Machine } from '../machine.ts';
import { described, splitText } from '../operators.ts';
import { parseJson } from '../read.ts';
import type { Json } from '../value.ts';
import { native, type Builtins } from './builtin.ts';
import { textOf } from './collections.ts';

export const STRINGS: Builtins = {
  'tostring/0': native((machine, input) => (typeof input === 'string' ? input : textOf(machine, input))),
  'tonumber/0': native((_, input) => {
    if (typeof input === 'number') return input;
    if (typeof input === 'string') {
      const parsed = parseJson(input);
      if (typeof parsed === 'number') return parsed;
    }
    raise(`${described(input)} cannot be parsed as a number`);
  }),
  'fromjson/0': native((machine, input) => {
    if (typeof input !== 'string') raise(`${described(input)} only strings can be parsed`);
    chargeString(machine, input.length * 2);
    return parseJson(input);
  }),
  'utf8bytelength/0': native((_, input) => {
    if (typeof input !== 'string') raise(`${described(input)} only strings have UTF-8 byte length`);
    return Buffer.byteLength(input);
  }),
  'startswith/1': native((_, input, start) => {
    if (typeof input !== 'string' || typeof start !== 'string') raise('startswith() requires string inputs');
    return input.startsWith(start);
  }),
  'endswith/1': native((_, input, end) => {
    if (typeof input !== 'string' || typeof end !== 'string') raise('endswith() requires string inputs');
    return input.endsWith(end);
  }),
  'ltrimstr/1': native((_, input, start) =>
    typeof input === 'string' && typeof start === 'string' && input.startsWith(start)
      ? input.slice(start.length)
      : input,
  ),
  'rtrimstr/1': native((_, input, end) =>
    typeof input === 'string' && typeof end === 'string' && input.endsWith(end)
      ? input.slice(0, input.length - end.length)
      : input,
  ),
  'split/1': native((machine, input, separator) => {
    if (typeof input !== 'string' || typeof separator !== 'string')
      raise('split input and separator must be strings');
    return splitText(machine, input, separator);
  }),
  'explode/0': native(explode),
  'implode/0': native(implode),
  'ascii_downcase/0': native((machine, input) => withoutCase(machine, input, /[A-Z]+/g, 'toLowerCase')),
  'ascii_upcase/0': native((machine, input) => withoutCase(machine, input, /[a-z]+/g, 'toUpperCase')),
  '_indices/1': native((machine, input, part) => byteIndices(machine, input as string, part as string)),
};

function explode(machine: Machine, input: Json): Json {
  if (typeof input !== 'string') raise('explode input must be a string');
  chargeString(machine, input.length * 8);
  return Array.from(input, (character) => character.codePointAt(0)!);
}

function implode(machine: Machine, input: Json): Json {
  if (!Array.isArray(input)) raise('implode input must be an array');
  chargeString(machine, input.length * 8);
  const parts: string[] = [];
  for (const point of input) {
    // The program of jq 1.6 ends here with a failed assertion.
    if (typeof point !== 'number' || !(point >= 0) || point > 0x10ffff)
      throw new JqRefusal('unsupported', 'implode of what is not a code point is refused.');
    const whole = Math.trunc(point);
    parts.push(whole >= 0xd800 && whole < 0xe000 ? '\ufffd' : String.fromCodePoint(whole));
  }
  return parts.join('');
}

function withoutCase(
  machine: Machine,
  input: Json,
  letters: RegExp,
  method: 'toLowerCase' | 'toUpperCase',
): Json {
  if (typeof input !== 'string') raise('explode input must be a string');
  chargeString(machine, input.length);
  return input.replace(letters, (found) => found[method]());
}

/** Where `part` is found in the UTF-8 bytes of `text`: jq 1.6 counts bytes here, and code points everywhere else. */
function byteIndices(machine: Machine, text: string, part: string): Json {
  // Here jq 1.6 never ends.
  if (part === '') throw new JqRefusal('unsupported', 'The indices of an empty string are refused.');
  const found: Json[] = [];
  const whole = Buffer.from(text);
  const wanted = Buffer.from(part);
  chargeString(machine, whole.length);
  for (let at = whole.indexOf(wanted); at >= 0; at = whole.indexOf(wanted, at + 1)) {
    charge(machine, 1);
    found.push(at);
  }
  return found;
}
