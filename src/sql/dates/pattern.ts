/** Patterns of java.text.SimpleDateFormat, taken apart: letters that stand for a part of a time, and text that stands for itself. */

export type Field = { readonly letter: string; readonly count: number };
export type DatePattern = readonly (string | Field)[];

export class DatePatternError extends Error {
  override readonly name = 'DatePatternError';
}

const LETTERS = 'GyYMLwWDdFEuaHkKhmsSzZX';
/** Those that are written in words only. */
const WORDS = 'GEazZX';

export const isNumeric = ({ letter, count }: Field): boolean =>
  letter === 'M' || letter === 'L' ? count < 3 : !WORDS.includes(letter);

export const parsePattern = (pattern: string): DatePattern => {
  const parts: (string | Field)[] = [];
  const literal = (text: string): void => {
    const last = parts.at(-1);
    if (typeof last === 'string') parts[parts.length - 1] = last + text;
    else parts.push(text);
  };
  for (let at = 0; at < pattern.length;) {
    const char = pattern[at]!;
    if (char === "'") {
      const quoted = /^'((?:[^']|'')*)'/.exec(pattern.slice(at));
      if (quoted === null) throw new DatePatternError(`Unterminated quote in the format '${pattern}'`);
      // Two quotes are one, also where nothing stands between them.
      literal(quoted[1] === '' ? "'" : quoted[1]!.replaceAll("''", "'"));
      at += quoted[0].length;
    } else if (/[A-Za-z]/.test(char)) {
      if (!LETTERS.includes(char))
        throw new DatePatternError(`Illegal pattern character '${char}' in the format '${pattern}'`);
      let end = at + 1;
      while (pattern[end] === char) end++;
      parts.push({ letter: char, count: end - at });
      at = end;
    } else {
      literal(char);
      at++;
    }
  }
  return parts;
};
