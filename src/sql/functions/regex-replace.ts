/** REGEX_REPLACE(original, regex, replacement, start, occurrence): Java's replaceAll, from a place on, of one occurrence or (0) of all. */
import type { PlanExpression } from '../plan/expression.ts';
import { compileJavaRegex, type Match, type Regex } from '../regex/regex.ts';
import type { SqlType } from '../types.ts';
import { RowError } from '../value.ts';
import { call, expectCount, type ScalarDefinition, strict } from './definition.ts';
import { checkPattern, compiling } from './patterns.ts';
import { ANY_TEXT, TEXT_LENGTH_MAX, textOf, wholeOf } from './strings.ts';

const invalid = (message: string): never => {
  throw new RowError('INVALID_ARGUMENT', `REGEX_REPLACE: ${message}`);
};

/** Java's: `$1` is a group, a backslash makes the next character plain. */
const replacementOf = (text: string, groups: number): ((match: Match) => string) => {
  if (!/[$\\]/.test(text)) return () => text;
  const parts: (string | number)[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '\\') parts.push(text[++i] ?? invalid('a backslash ends the replacement'));
    else if (char !== '$') parts.push(char);
    else {
      const digits = /^[0-9]/.exec(text.slice(i + 1, i + 2))?.[0] ?? invalid('a $ that names no group');
      let group = Number(digits);
      i++;
      while (/[0-9]/.test(text[i + 1] ?? '') && group * 10 + Number(text[i + 1]) <= groups)
        group = group * 10 + Number(text[++i]);
      if (group > groups) invalid(`there is no group ${group}`);
      parts.push(group);
    }
  }
  return (match) =>
    parts.map((part) => (typeof part === 'number' ? (match.groups[part] ?? '') : part)).join('');
};

const replace = (
  regex: Regex,
  text: string,
  replacement: (match: Match) => string,
  start: number,
  occurrence: number,
): string => {
  let result = '';
  let kept = 0;
  let from = start - 1;
  const meter = { steps: 0 };
  for (let count = 1; from <= text.length; count++) {
    const match = regex.find(text, from, meter);
    if (match === null) break;
    const end = match.index + match.groups[0]!.length;
    if (occurrence === 0 || occurrence === count) {
      result += text.slice(kept, match.index) + replacement(match);
      if (result.length > TEXT_LENGTH_MAX)
        throw new RowError('VALUE_TOO_LONG', 'REGEX_REPLACE: the result is too long');
      kept = end;
      if (occurrence === count) break;
    }
    from = end > match.index ? end : end + 1;
  }
  return result + text.slice(kept);
};

const REGEX_REPLACE = strict({
  name: 'REGEX_REPLACE',
  signature: 'REGEX_REPLACE(<text>, <regex>, <text>, <integer>, <integer>)',
  kinds: ['text', 'text', 'text', 'integer'],
  resolve: (args, { span }) => {
    expectCount(args, 3, 5, REGEX_REPLACE, span);
    const form = 'REGEX_REPLACE(<CHARACTER>, <CHARACTER>, <CHARACTER>, <INTEGER>, <INTEGER>)';
    const typed: readonly PlanExpression[] = args.map((arg, index) =>
      index < 3
        ? textOf('REGEX_REPLACE', args, arg, form, span)
        : wholeOf('REGEX_REPLACE', args, arg, form, span),
    );
    checkPattern(compileJavaRegex, typed[1], undefined, span);
    return call('REGEX_REPLACE', typed, ANY_TEXT satisfies SqlType, span);
  },
  bind: ({ constants }) => {
    const compiled = compiling(compileJavaRegex, constants[1], undefined);
    return (text: string, pattern: string, replacement: string, start = 1, occurrence = 0) => {
      if (start < 1) return invalid('the start has to be 1 or more');
      if (occurrence < 0) return invalid('the occurrence has to be 0 or more');
      if (start > text.length) return text;
      const regex = compiled(pattern, undefined);
      return replace(regex, text, replacementOf(replacement, regex.groups), start, occurrence);
    };
  },
});

export const REGEX_REPLACES: readonly ScalarDefinition[] = [REGEX_REPLACE];
