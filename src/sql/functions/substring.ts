/**
 * SUBSTRING in its forms. By position with FROM … FOR, a start behind the end gives the empty text; with commas it gives NULL: AWS's two tables say so
 * (decision 0545). By a regular expression it gives the first match or NULL, and by SIMILAR the middle of three parts.
 */
import type { PlanExpression } from '../plan/expression.ts';
import { parseSubstringPattern } from '../regex/parse-similar.ts';
import { compileJavaRegex, type Regex, regexOf } from '../regex/regex.ts';
import { type SqlType } from '../types.ts';
import { RowError, type SqlValue } from '../value.ts';
import {
  type BoundFunction,
  call,
  cannotApply,
  expectCount,
  type ScalarDefinition,
  strict,
} from './definition.ts';
import type { CallSite } from './function.ts';
import { checkPattern, type Compile, compiling, escapeChar } from './patterns.ts';
import { PatternError } from '../regex/node.ts';
import { textOf, wholeOf } from './strings.ts';
import { isBinary, isText } from './type-rules.ts';

type Sliceable = { readonly length: number; slice(from: number, to: number): SqlValue };

const slice = (value: Sliceable, start: number, length: number): SqlValue => {
  if (length < 0)
    throw new RowError('INVALID_ARGUMENT', 'substring error: SUBSTRING takes no length below zero');
  const from = Math.max(1, start);
  const to = Math.max(from, Math.min(start + length, value.length + 1));
  return value.slice(from - 1, to - 1);
};

const byPosition = (isNullBehindEnd: boolean): BoundFunction =>
  isNullBehindEnd
    ? (value: Sliceable, start: number, length = Infinity) =>
        start > value.length ? null : slice(value, start, length)
    : (value: Sliceable, start: number, length = Infinity) => slice(value, start, length);

const compileSimilarParts: Compile<Regex> = (pattern, escape) => {
  const char = escapeChar(escape);
  if (char === undefined) throw new PatternError('SUBSTRING … SIMILAR needs an escape character');
  return regexOf(parseSubstringPattern(pattern, char));
};

const SIGNATURE =
  'SUBSTRING(<text> FROM <integer> [FOR <integer>]) | SUBSTRING(<text>, <integer> [, <integer>]) | SUBSTRING(<text> FROM <regex>) | SUBSTRING(<text> SIMILAR <pattern> ESCAPE <text>)';

const resolveSubstring = (args: readonly PlanExpression[], { span, form }: CallSite): PlanExpression => {
  expectCount(args, 2, 3, { name: 'SUBSTRING', signature: SIGNATURE }, span);
  const shown = 'SUBSTRING(<CHARACTER> FROM <INTEGER> FOR <INTEGER>)';
  const [value, second, third] = args as readonly [
    PlanExpression,
    PlanExpression,
    PlanExpression | undefined,
  ];
  if (form === 'SIMILAR') {
    const texts = args.map((arg) => textOf('SUBSTRING', args, arg, SIGNATURE, span));
    checkPattern(compileSimilarParts, texts[1], texts[2], span);
    return call('SUBSTRING SIMILAR', texts, resultType(texts[0]!.type), span);
  }
  if (isText(second.type)) {
    if (third !== undefined) return cannotApply('SUBSTRING', args, [shown], span);
    const texts = args.map((arg) => textOf('SUBSTRING', args, arg, SIGNATURE, span));
    checkPattern(compileJavaRegex, texts[1], undefined, span);
    return call('SUBSTRING REGEX', texts, resultType(texts[0]!.type), span);
  }
  const source = isBinary(value.type) ? value : textOf('SUBSTRING', args, value, shown, span);
  const positions = args.slice(1).map((arg) => wholeOf('SUBSTRING', args, arg, shown, span));
  const name = form === 'FROM' ? 'SUBSTRING FROM' : 'SUBSTRING';
  return call(name, [source, ...positions], resultType(source.type), span);
};

const resultType = (type: SqlType): SqlType => ({
  name: isBinary(type) ? 'VARBINARY' : 'VARCHAR',
  length: 'length' in type ? type.length : 65_535,
});

const substring = (name: string, canBeNull: boolean, bind: ScalarDefinition['bind']): ScalarDefinition =>
  strict({
    name,
    signature: SIGNATURE,
    kindOf: (index) => (index === 0 ? 'text' : 'any'),
    canBeNull,
    resolve: resolveSubstring,
    bind,
  });

export const SUBSTRINGS: readonly ScalarDefinition[] = [
  substring('SUBSTRING', true, () => byPosition(true)),
  substring('SUBSTRING FROM', false, () => byPosition(false)),
  substring('SUBSTRING REGEX', true, ({ constants }) => {
    const compiled = compiling(compileJavaRegex, constants[1], undefined);
    return (text: string, pattern: string) => compiled(pattern, undefined).find(text, 0)?.groups[0] ?? null;
  }),
  substring('SUBSTRING SIMILAR', true, ({ constants }) => {
    const compiled = compiling(compileSimilarParts, constants[1], constants[2] ?? null);
    return (text: string, pattern: string, escape: string) =>
      compiled(pattern, escape).find(text, 0)?.groups[1] ?? null;
  }),
];
