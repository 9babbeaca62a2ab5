/**
 * Java's DateTimeFormatter patterns, printing only, in English of the United States: what `!{timestamp:…}` holds. Letters, their
 * counts, quotes, optional sections and padding are Java 17's (java.time.format.DateTimeFormatterBuilder, appendPattern), and golden results
 * of the real one are in date-pattern.golden.json. Names of time zones (`v`, and `z` outside UTC) differ between releases of Java and
 * are refused.
 */
import { LETTERS } from './date-letters.ts';
import type { LocalTime } from './local-time.ts';

/** The pattern is not one of Java's, or one that is not supported. The message says what and where. */
export class DatePatternError extends Error {
  override readonly name = 'DatePatternError';
}

export type DatePattern = {
  /** Holds the name of the time zone, which is known for UTC only. */
  readonly namesZone: boolean;
  format(time: LocalTime): string;
};

type Part = (time: LocalTime) => string;

export function parseDatePattern(pattern: string): DatePattern {
  const parts: Part[] = [];
  let optionalSections = 0;
  let namesZone = false;
  for (let at = 0; at < pattern.length;) {
    const character = pattern[at]!;
    if (isLetter(character)) {
      const field = fieldAt(pattern, at);
      parts.push(field.part);
      namesZone ||= field.letter === 'z';
      at = field.end;
    } else if (character === "'") {
      const quoted = quotedAt(pattern, at);
      parts.push(() => quoted.text);
      at = quoted.end;
    } else {
      if (character === '{' || character === '}' || character === '#') {
        throw new DatePatternError(`Pattern includes reserved character: '${character}'`);
      }
      if (character === '[') optionalSections++;
      else if (character === ']') {
        if (--optionalSections < 0) throw new DatePatternError('Pattern has ] without previous [');
      } else parts.push(() => character);
      at++;
    }
  }
  return { namesZone, format: (time) => parts.map((part) => part(time)).join('') };
}

function fieldAt(pattern: string, at: number): { letter: string; part: Part; end: number } {
  let letter = pattern[at]!;
  let end = endOfRun(pattern, at);
  let padTo = 0;
  let start = at;
  if (letter === 'p') {
    if (end === pattern.length || !isLetter(pattern[end]!)) {
      throw new DatePatternError("Pad letter 'p' must be followed by a letter");
    }
    padTo = end - at;
    start = end;
    letter = pattern[start]!;
    end = endOfRun(pattern, start);
  }
  const count = end - start;
  const field = LETTERS[letter];
  if (field === undefined) throw new DatePatternError(`Unknown pattern letter: ${letter}`);
  if (!field.counts.includes(count)) {
    throw new DatePatternError(`Pattern letter ${letter} cannot stand ${count} times in a row`);
  }
  const part: Part = (time) => field.print(time, count).padStart(padTo, ' ');
  return { letter, part, end };
}

/** From the quote at `at` to the one that closes it. Two quotes are one, inside and when they are all. */
function quotedAt(pattern: string, at: number): { text: string; end: number } {
  let text = '';
  for (let i = at + 1; i < pattern.length; i++) {
    if (pattern[i] !== "'") text += pattern[i];
    else if (pattern[i + 1] === "'") text += pattern[i++];
    else return { text: text || "'", end: i + 1 };
  }
  throw new DatePatternError('Pattern ends with an incomplete string literal');
}

function endOfRun(pattern: string, start: number): number {
  let end = start + 1;
  while (end < pattern.length && pattern[end] === pattern[start]) end++;
  return end;
}

function isLetter(character: string): boolean {
  return /^[A-Za-z]$/.test(character);
}
