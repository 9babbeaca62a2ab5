/** Whatever stands in a pattern, a format or a description: it is taken or refused by name, and never breaks anything else. */
import { ok } from 'node:assert/strict';
import { test } from 'node:test';
import { parseDateText } from '../dates/parse-date.ts';
import { DatePatternError, parsePattern } from '../dates/pattern.ts';
import { printDate } from '../dates/print-date.ts';
import { describedFields, LogFormatError, recordOf } from '../log-parsers/columns.ts';
import { parseWebLog, webLogFormat } from '../log-parsers/web-log.ts';
import { compileFastRegex } from '../regex/fast-regex.ts';
import { PatternError } from '../regex/node.ts';
import { parseSimilarPattern } from '../regex/parse-similar.ts';
import { compileJavaRegex, regexOf } from '../regex/regex.ts';
import { RowError } from '../value.ts';

const LINES = ['', 'aab 12', 'a'.repeat(60), '"x" [y] \u2028 24/May/2004', '2026-11-24 21:30:00'];
const REFUSALS = [PatternError, DatePatternError, LogFormatError, RowError];

const PIECES: Readonly<Record<string, readonly [pieces: string, use: (pattern: string) => void]>> = {
  java: [
    'a b . * + ? { } ( ) [ ] ^ $ | \\ \\d \\w \\1 \\Q \\E (?: (?= (?<! (?> (?i) (?<n> \\k<n> {2,3} {9} [^ && - \\p{L} \\x41 \\b ++ *?',
    (pattern) => {
      const regex = compileJavaRegex(pattern);
      for (const line of LINES) regex.find(line, 0);
    },
  ],
  similar: [
    'a b % _ * + ? { } ( ) [ ] ^ | \\ {2} {1,3} [: [:ALPHA:] - [a-c^b]',
    (pattern) => {
      const regex = regexOf(parseSimilarPattern(pattern, '\\'));
      for (const line of LINES) regex.test(line);
    },
  ],
  fast: [
    'a _ . * + ? { } ( ) [ ] ^ | & @ # " "x" < > <Alpha> <1-9> {2} \\ (.*) - ~',
    (pattern) => {
      const regex = compileFastRegex(pattern);
      for (const line of LINES) regex.match(line);
    },
  ],
  dates: [
    "yyyy yy y MM MMM M dd d HH hh mm ss SSS S E a G z Z X D w W F u k K ' '' : - / T Q , .",
    (pattern) => {
      const parsed = parsePattern(pattern);
      for (const line of LINES) parseDateText(line, parsed);
      for (const time of [0, -1, 1e14, -1e14]) printDate(time, parsed);
    },
  ],
  columns: [
    `A "b" TYPE INTEGER VARCHAR(4) DECIMAL(4,2) TIMESTAMP 'yyyy' NOT NULL START 0 3 FOR 2 , ( ) ' " DOUBLE PRECISION`,
    (pattern) => {
      const fields = describedFields(pattern.replaceAll('~', ' '));
      for (const line of LINES) recordOf(fields, [line, line]);
    },
  ],
  web: [
    '%h %l %t %r %>s %b "%r" %[Referer]i %{x}i %% % " [ ] - ---> %400,501u %Q',
    (pattern) => {
      const format = webLogFormat(pattern);
      for (const line of LINES) parseWebLog(line, format);
    },
  ],
};

test('broken patterns are refused by name', () => {
  let seed = 5;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (const [kind, [text, use]] of Object.entries(PIECES)) {
    const pieces = text.split(' ');
    const between = kind === 'columns' ? ' ' : '';
    let taken = 0;
    for (let i = 0; i < 1_500; i++) {
      const pattern = Array.from({ length: 1 + random(8) }, () => pieces[random(pieces.length)]!).join(
        between,
      );
      try {
        use(pattern);
        taken++;
      } catch (error) {
        ok(
          REFUSALS.some((refusal) => error instanceof refusal),
          `${kind}: ${pattern}: ${(error as Error).stack}`,
        );
      }
    }
    ok(taken > 10, `${taken} patterns of ${kind} were taken`);
  }
});
