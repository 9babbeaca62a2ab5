/**
 * Functions that take a line of a log apart: REGEX_LOG_PARSE, FAST_REGEX_LOG_PARSE, FIXED_COLUMN_LOG_PARSE, VARIABLE_COLUMN_LOG_PARSE, SYS_LOG_PARSE and
 * W3C_LOG_PARSE. They give a record, whose fields depend on the pattern: that has to be a literal. A line that is not of the pattern gives NULL.
 */
import {
  describedFields,
  type Field,
  LogFormatError,
  plainFields,
  recordOf,
} from '../log-parsers/columns.ts';
import { parseDateText } from '../dates/parse-date.ts';
import { DatePatternError, parsePattern } from '../dates/pattern.ts';
import { type Delimiters, splitLine } from '../log-parsers/delimited.ts';
import { parseWebLog, webLogFormat } from '../log-parsers/web-log.ts';
import type { PlanExpression } from '../plan/expression.ts';
import { compileFastRegex } from '../regex/fast-regex.ts';
import { PatternError, sequence } from '../regex/node.ts';
import { parseJavaPattern } from '../regex/parse-java.ts';
import { regexOf } from '../regex/regex.ts';
import { type Span, SqlError } from '../sql-error.ts';
import type { SqlType } from '../types.ts';
import type { SqlValue } from '../value.ts';
import { call, expectCount, type ScalarDefinition, strict } from './definition.ts';
import { textOf } from './strings.ts';

type Parser = { readonly fields: readonly Field[]; readonly parse: (line: string) => SqlValue };

/** `make` sees the values of the arguments behind the line: literals, null where one is left out. */
const logParser = (
  name: string,
  signature: string,
  counts: readonly [number, number],
  make: (args: readonly SqlValue[]) => Parser,
): ScalarDefinition => {
  const guarded = (args: readonly SqlValue[], span: Span): Parser => {
    try {
      return make(args);
    } catch (error) {
      if (
        error instanceof PatternError ||
        error instanceof LogFormatError ||
        error instanceof DatePatternError
      )
        throw new SqlError(span, `${name}: ${error.message}`);
      throw error;
    }
  };
  return strict({
    name,
    signature,
    kindOf: (index) => (index === 0 ? 'text' : 'any'),
    canBeNull: true,
    resolve: (args, { span }) => {
      expectCount(args, counts[0], counts[1], { name, signature }, span);
      const values = args.slice(1).map((arg) => literalOf(name, arg, span));
      const { fields } = guarded(values, span);
      const line = textOf(name, args, args[0]!, signature, span);
      const type: SqlType = { name: 'RECORD', fields: fields.map(({ column }) => column) };
      return call(name, [line, ...args.slice(1)], type, span);
    },
    bind: () => {
      let parser: Parser | undefined;
      return (line: string, ...args: readonly SqlValue[]) => (parser ??= make(args)).parse(line);
    },
  });
};

const literalOf = (name: string, arg: PlanExpression, span: Span): NonNullable<SqlValue> => {
  if (arg.op === 'literal' && arg.value !== null) return arg.value;
  throw new SqlError(
    span,
    `${name} takes literals behind the text: the columns of its record depend on them`,
  );
};

const word = (value: SqlValue | undefined, what: string): string => {
  if (typeof value === 'string') return value;
  throw new LogFormatError(`${what} has to be a text`);
};

/** The whole line has to match. */
const regexParser = ([pattern, columns]: readonly SqlValue[]): Parser => {
  const { node, groups } = parseJavaPattern(word(pattern, 'the pattern'));
  const edge = (what: 'begin' | 'end') => ({ kind: 'assert', what }) as const;
  const regex = regexOf({ node: sequence([edge('begin'), node, edge('end')]), groups });
  const fields = columns === undefined ? plainFields(groups) : describedFields(word(columns, 'the columns'));
  if (fields.length !== groups)
    throw new LogFormatError(`the pattern has ${groups} groups and ${fields.length} columns`);
  return {
    fields,
    parse(line) {
      const match = regex.find(line, 0);
      return match === null ? null : recordOf(fields, match.groups.slice(1));
    },
  };
};

const fastRegexParser = ([pattern]: readonly SqlValue[]): Parser => {
  const regex = compileFastRegex(word(pattern, 'the pattern'));
  const fields = plainFields(regex.columns);
  return {
    fields,
    parse(line) {
      const texts = regex.match(line);
      return texts === null ? null : recordOf(fields, texts);
    },
  };
};

const fixedColumnParser = ([columns]: readonly SqlValue[]): Parser => {
  const fields = describedFields(word(columns, 'the columns'));
  for (const { column, start } of fields)
    if (start === undefined) throw new LogFormatError(`the column ${column.name} has no START`);
  return {
    fields,
    parse: (line) =>
      recordOf(
        fields,
        fields.map(({ start, length }) =>
          start! >= line.length
            ? undefined
            : line.slice(start, length === undefined ? undefined : start! + length),
        ),
      ),
  };
};

const variableColumnParser = ([
  columns,
  delimiter,
  escape = '',
  quotes = '',
]: readonly SqlValue[]): Parser => {
  const fields =
    typeof columns === 'number' ? plainFields(columns) : describedFields(word(columns, 'the columns'));
  const delimiters: Delimiters = {
    delimiter: word(delimiter, 'the delimiter'),
    escape: word(escape, 'the escape'),
    quotes: word(quotes, 'the quotes'),
  };
  if (delimiters.delimiter === '') throw new LogFormatError('the delimiter is empty');
  if (delimiters.quotes.length > 2) throw new LogFormatError('quotes are one or two characters');
  return { fields, parse: (line) => recordOf(fields, splitLine(line, delimiters, fields.length)) };
};

/** `Mon dd HH:mm:ss server message`, with or without a priority in front; the year, which such a line does not have, is 1970. */
const SYSLOG_HEAD = /^(?:<[0-9]{1,3}>)?([A-Z][a-z]{2} {1,2}[0-9]{1,2} [0-9]{2}:[0-9]{2}:[0-9]{2}) /;
const SYSLOG_TIME = parsePattern('MMM d HH:mm:ss');

const sysLogParser = (): Parser => {
  const [, message] = plainFields(2);
  const fields: readonly Field[] = [
    {
      column: { name: 'COLUMN1', type: { name: 'TIMESTAMP' } },
      start: undefined,
      length: undefined,
      read: (text) => parseDateText(text, SYSLOG_TIME) ?? null,
    },
    message!,
  ];
  return {
    fields,
    parse(line) {
      const head = SYSLOG_HEAD.exec(line);
      return head === null ? null : recordOf(fields, [head[1], line.slice(head[0].length)]);
    },
  };
};

const webLogParser = ([format]: readonly SqlValue[]): Parser => {
  const parsed = webLogFormat(word(format, 'the format'));
  const fields = plainFields(parsed.fields.length);
  return {
    fields,
    parse(line) {
      const texts = parseWebLog(line, parsed);
      return texts === null ? null : recordOf(fields, texts);
    },
  };
};

export const LOG_PARSERS: readonly ScalarDefinition[] = [
  logParser('REGEX_LOG_PARSE', 'REGEX_LOG_PARSE(<text>, <regex> [, <columns>])', [2, 3], regexParser),
  logParser('FAST_REGEX_LOG_PARSE', 'FAST_REGEX_LOG_PARSE(<text>, <pattern>)', [2, 2], fastRegexParser),
  logParser('FIXED_COLUMN_LOG_PARSE', 'FIXED_COLUMN_LOG_PARSE(<text>, <columns>)', [2, 2], fixedColumnParser),
  logParser(
    'VARIABLE_COLUMN_LOG_PARSE',
    'VARIABLE_COLUMN_LOG_PARSE(<text>, <columns>, <delimiter> [, <escape> [, <quotes>]])',
    [3, 5],
    variableColumnParser,
  ),
  logParser('SYS_LOG_PARSE', 'SYS_LOG_PARSE(<text>)', [1, 1], sysLogParser),
  logParser('W3C_LOG_PARSE', 'W3C_LOG_PARSE(<text>, <format>)', [2, 2], webLogParser),
];
