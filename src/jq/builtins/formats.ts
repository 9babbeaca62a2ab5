/** `@text`, `@csv` and the like: from any value to a string. */
import { chargeString, raise, type Machine } from '../machine.ts';
import { oneNode } from '../node.ts';
import { described } from '../operators.ts';
import { numberText } from '../print.ts';
import type { Json } from '../value.ts';
import { native, type Builtin, type Builtins } from './builtin.ts';
import { textOf } from './collections.ts';

export const FORMATS: Builtins = {
  '@text': ofText((text) => text),
  '@json': formatter((machine, input) => textOf(machine, input)),
  '@html': ofText((text) => text.replace(/[<>&'"]/g, (character) => HTML[character]!)),
  '@uri': ofText(uri),
  '@base64': ofText((text) => Buffer.from(text).toString('base64')),
  '@base64d': ofText(base64d),
  '@csv': formatter((machine, input) =>
    row(machine, input, 'csv', ',', (text) => `"${text.replaceAll('"', '""')}"`),
  ),
  '@tsv': formatter((machine, input) =>
    row(machine, input, 'tsv', '\t', (text) => text.replace(/[\t\r\n\\]/g, (character) => TSV[character]!)),
  ),
  '@sh': formatter((machine, input) =>
    (Array.isArray(input) ? input : [input]).map((item) => shell(machine, item)).join(' '),
  ),
  'format/1': ([name], machine) => {
    const format = native((_, input, given) => {
      if (typeof given !== 'string') raise(`${described(given!)} is not a valid format`);
      if (!Object.hasOwn(FORMATS, `@${given}`)) raise(`${given} is not a valid format`);
      return FORMATS[`@${given}`]!([name!], machine).one!(null, input);
    });
    return format([name!], machine);
  },
};

const HTML: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  "'": '&apos;',
  '"': '&quot;',
};
const TSV: Readonly<Record<string, string>> = { '\t': '\\t', '\r': '\\r', '\n': '\\n', '\\': '\\\\' };

/** Formats are named and have no arguments. */
function formatter(format: (machine: Machine, input: Json) => string): Builtin {
  return (_, machine) => oneNode((_env, input) => format(machine, input));
}

function ofText(format: (text: string) => string): Builtin {
  return formatter((machine, input) => {
    const text = format(typeof input === 'string' ? input : textOf(machine, input));
    chargeString(machine, text.length * 4);
    return text;
  });
}

const UNRESERVED = /^[A-Za-z0-9\-_.!~*'()]$/;

function uri(text: string): string {
  let encoded = '';
  for (const byte of Buffer.from(text)) {
    const character = String.fromCharCode(byte);
    encoded += UNRESERVED.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/** Up to the first `=`. Bytes that are no UTF-8 become U+FFFD. */
function base64d(text: string): string {
  const code = text.split('=', 1)[0]!;
  if (!/^[A-Za-z0-9+/]*$/.test(code)) raise(`${described(text)} is not valid base64 data`);
  if (code.length % 4 === 1) raise(`${described(text)} trailing base64 byte found`);
  return Buffer.from(code, 'base64').toString();
}

function row(
  machine: Machine,
  input: Json,
  name: string,
  between: string,
  quote: (text: string) => string,
): string {
  if (!Array.isArray(input)) raise(`${described(input)} cannot be ${name}-formatted, only array`);
  const text = input
    .map((item) => {
      if (item === null) return '';
      if (typeof item === 'string') return quote(item);
      if (typeof item === 'boolean') return String(item);
      if (typeof item === 'number') return Number.isNaN(item) ? '' : numberText(item);
      raise(`${described(item)} is not valid in a csv row`);
    })
    .join(between);
  chargeString(machine, text.length * 4);
  return text;
}

function shell(machine: Machine, item: Json): string {
  if (typeof item === 'string') return `'${item.replaceAll("'", "'\\''")}'`;
  if (typeof item === 'object' && item !== null) raise(`${described(item)} can not be escaped for shell`);
  return textOf(machine, item);
}
