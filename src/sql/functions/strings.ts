/** `||`, CHAR_LENGTH, UPPER, LOWER, INITCAP, POSITION, OVERLAY and TRIM. A character is a UTF-16 unit, as in Java. */
import type { PlanExpression } from '../plan/expression.ts';
import type { Span } from '../sql-error.ts';
import type { SqlType } from '../types.ts';
import { RowError } from '../value.ts';
import { convertTo } from './convert.ts';
import { call, cannotApply, expectCount, literal, type ScalarDefinition, strict } from './definition.ts';
import { isBinary, isExactNumber, isText, isUntyped } from './type-rules.ts';

export const TEXT_LENGTH_MAX = 65_535;
export const ANY_TEXT: SqlType = { name: 'VARCHAR', length: TEXT_LENGTH_MAX };

/** How long its values can be. */
export const lengthOf = (type: SqlType): number => ('length' in type ? type.length : TEXT_LENGTH_MAX);

/** As text; throws where it is none. */
export const textOf = (
  name: string,
  args: readonly PlanExpression[],
  arg: PlanExpression,
  form: string,
  span: Span,
): PlanExpression => {
  if (isText(arg.type)) return arg;
  return isUntyped(arg.type)
    ? convertTo(arg, ANY_TEXT, 'argument', span)
    : cannotApply(name, args, [form], span);
};

/** As a whole number; throws where it is none. */
export const wholeOf = (
  name: string,
  args: readonly PlanExpression[],
  arg: PlanExpression,
  form: string,
  span: Span,
): PlanExpression =>
  isExactNumber(arg.type) || isUntyped(arg.type)
    ? convertTo(arg, { name: 'INTEGER' }, 'argument', span)
    : cannotApply(name, args, [form], span);

const varchar = (length: number): SqlType => ({
  name: 'VARCHAR',
  length: Math.min(Math.max(length, 1), TEXT_LENGTH_MAX),
});

/** Of one text. */
const ofText = (
  name: string,
  compute: (text: string) => string | number,
  typeOf: (type: SqlType) => SqlType,
  inline?: (text: string) => string,
): ScalarDefinition => {
  const signature = `${name}(<text>)`;
  return strict({
    name,
    signature,
    kinds: ['text'],
    resolve: (args, { span }) => {
      expectCount(args, 1, 1, { name, signature }, span);
      const text = textOf(name, args, args[0]!, `${name}(<CHARACTER>)`, span);
      return call(name, [text], typeOf(text.type), span);
    },
    bind: () => compute,
    ...(inline === undefined ? {} : { inline: ([text]: readonly string[]) => inline(text!) }),
  });
};

const sameLength = (type: SqlType): SqlType => varchar(lengthOf(type));
const integer = (): SqlType => ({ name: 'INTEGER' });

/** The first character of each word between spaces in capitals, all others small. */
const initcap = (text: string): string => {
  let result = '';
  let isFirst = true;
  for (const char of text) {
    result += isFirst ? char.toUpperCase() : char.toLowerCase();
    isFirst = char === ' ';
  }
  return result;
};

const tooLongText = (): never => {
  throw new RowError('VALUE_TOO_LONG', `a text of more than ${TEXT_LENGTH_MAX} characters`);
};

const concatTexts = (a: string, b: string): string =>
  a.length + b.length > TEXT_LENGTH_MAX ? tooLongText() : a + b;

const CONCAT = strict({
  name: '||',
  signature: '<text> || <text>',
  kinds: ['text'],
  resolve: (args, { span }) => {
    expectCount(args, 2, 2, CONCAT, span);
    if (args.some(({ type }) => isBinary(type))) {
      if (!args.every(({ type }) => isBinary(type))) return cannotApply('||', args, [CONCAT.signature], span);
      const length = Math.min(lengthOf(args[0]!.type) + lengthOf(args[1]!.type), TEXT_LENGTH_MAX);
      return call('||', args, { name: 'VARBINARY', length }, span);
    }
    const texts = args.map((arg) => textOf('||', args, arg, '<STRING> || <STRING>', span));
    return call('||', texts, varchar(lengthOf(texts[0]!.type) + lengthOf(texts[1]!.type)), span);
  },
  bind: ({ result }) =>
    isBinary(result)
      ? (a: Uint8Array, b: Uint8Array) => {
          if (a.length + b.length > TEXT_LENGTH_MAX) tooLongText();
          const whole = new Uint8Array(a.length + b.length);
          whole.set(a);
          whole.set(b, a.length);
          return whole;
        }
      : concatTexts,
  inline: ([a, b], { types }) => {
    const canBeLong = lengthOf(types[0]!) + lengthOf(types[1]!) > TEXT_LENGTH_MAX;
    return types.some(isBinary) || canBeLong ? undefined : `${a} + ${b}`;
  },
});

const POSITION = strict({
  name: 'POSITION',
  signature: 'POSITION(<text> IN <text>)',
  kinds: ['text'],
  resolve: (args, { span }) => {
    expectCount(args, 2, 2, POSITION, span);
    const texts = args.map((arg) =>
      textOf('POSITION', args, arg, 'POSITION(<CHARACTER> IN <CHARACTER>)', span),
    );
    return call('POSITION', texts, { name: 'INTEGER' }, span);
  },
  bind: () => (wanted: string, text: string) => text.indexOf(wanted) + 1,
  inline: ([wanted, text]) => `${text}.indexOf(${wanted}) + 1`,
});

/** A start before the text puts what reaches over in front of it. */
const OVERLAY = strict({
  name: 'OVERLAY',
  signature: 'OVERLAY(<text> PLACING <text> FROM <integer> [FOR <integer>])',
  kinds: ['text', 'text', 'integer'],
  resolve: (args, { span }) => {
    expectCount(args, 3, 4, OVERLAY, span);
    const form = 'OVERLAY(<CHARACTER> PLACING <CHARACTER> FROM <INTEGER>)';
    const typed = args.map((arg, index) =>
      index < 2 ? textOf('OVERLAY', args, arg, form, span) : wholeOf('OVERLAY', args, arg, form, span),
    );
    return call('OVERLAY', typed, varchar(lengthOf(typed[0]!.type) + lengthOf(typed[1]!.type)), span);
  },
  bind:
    () =>
    (text: string, placed: string, start: number, length: number = placed.length) => {
      if (length < 0) throw new RowError('INVALID_ARGUMENT', 'OVERLAY takes no length below zero');
      const before = text.slice(0, Math.max(0, start - 1));
      return concatTexts(before + placed, text.slice(Math.max(0, start - 1 + length)));
    },
});

type Side = 'LEADING' | 'TRAILING' | 'BOTH';

const trimmed = (text: string, char: string, side: Side): string => {
  if (char.length !== 1) throw new RowError('INVALID_ARGUMENT', 'trim error: TRIM takes one character');
  let start = 0;
  let end = text.length;
  if (side !== 'TRAILING') while (start < end && text[start] === char) start++;
  if (side !== 'LEADING') while (end > start && text[end - 1] === char) end--;
  return text.slice(start, end);
};

/** `TRIM` itself is BOTH. */
const trim = (name: string, side: Side): ScalarDefinition => {
  const signature = 'TRIM([BOTH | LEADING | TRAILING] [<text>] FROM <text>)';
  return strict({
    name,
    signature,
    kinds: ['text'],
    resolve: (args, { span, form }) => {
      expectCount(args, 1, 2, { name: 'TRIM', signature }, span);
      const texts = args.map((arg) => textOf('TRIM', args, arg, 'TRIM(<CHARACTER> FROM <CHARACTER>)', span));
      const [char, text] = texts.length === 2 ? texts : [literal(' ', varchar(1)), texts[0]!];
      const named = form === 'LEADING' || form === 'TRAILING' ? `TRIM ${form}` : name;
      return call(named, [char!, text!], sameLength(text!.type), span);
    },
    bind: () => (char: string, text: string) => trimmed(text, char, side),
  });
};

export const STRINGS: readonly ScalarDefinition[] = [
  CONCAT,
  ofText(
    'CHAR_LENGTH',
    (text) => text.length,
    integer,
    (text) => `${text}.length`,
  ),
  ofText(
    'CHARACTER_LENGTH',
    (text) => text.length,
    integer,
    (text) => `${text}.length`,
  ),
  ofText(
    'UPPER',
    (text) => text.toUpperCase(),
    sameLength,
    (text) => `${text}.toUpperCase()`,
  ),
  ofText(
    'LOWER',
    (text) => text.toLowerCase(),
    sameLength,
    (text) => `${text}.toLowerCase()`,
  ),
  ofText('INITCAP', initcap, sameLength),
  POSITION,
  OVERLAY,
  trim('TRIM', 'BOTH'),
  trim('TRIM LEADING', 'LEADING'),
  trim('TRIM TRAILING', 'TRAILING'),
];
