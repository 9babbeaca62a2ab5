/**
 * The lines that web servers write: a format of Apache's mod_log_config, or one of AWS's names for such a format. Every specifier is a column of text
 * (decision 0548). A field ends where the text that follows it in the format begins; one in quotes ends at the quote that is not escaped, and a time
 * keeps its brackets.
 */
import { LogFormatError } from './columns.ts';

const FORMATS: Readonly<Record<string, string>> = {
  COMMON: '%h %l %u %t "%r" %>s %b',
  'COMMON WITH VHOST': '%v %h %l %u %t "%r" %>s %b',
  'NCSA EXTENDED': '%h %l %u %t "%r" %>s %b "%[Referer]i" "%[User-agent]i"',
  REFERER: '%[Referer]i ---> %U',
  AGENT: '%[User-agent]i',
  // Microsoft's own format of fifteen fields: client, user, date, time, service, server, its address, milliseconds, bytes in and out, two states, method, target, parameters.
  IIS: '%a, %u, %[date]t, %[time]t, %[service]n, %v, %A, %D, %I, %O, %s, %[win32]n, %m, %U, %q,',
};

const SPECIFIER =
  /%(?:!?[0-9]{3}(?:,[0-9]{3})*)?[<>]?(?:\[[^\]]*\]|\{[^}]*\})?([aABbCDefhHiIlmnoOpPqrsStTuUvVXkLR])/g;

/** Fields that never hold a blank: where one ends the format, nothing may stand behind it. */
const WORDS = 'aAbBDhHIklmOpPRsSTuvVX';

export type WebLogFormat = {
  /** What stands in front of the first field, and behind each. */
  readonly before: string;
  readonly fields: readonly { readonly letter: string; readonly after: string }[];
};

export const webLogFormat = (given: string): WebLogFormat => {
  const format = FORMATS[given.trim().toUpperCase()] ?? given;
  const fields: { letter: string; after: string }[] = [];
  let before = '';
  let end = 0;
  const literal = (text: string): void => {
    const plain = text.replaceAll('%%', '%');
    if (fields.length === 0) before = plain;
    else fields.at(-1)!.after = plain;
  };
  for (const found of format.matchAll(SPECIFIER)) {
    // %%h is a percent sign and an h.
    const percents = /%*$/.exec(format.slice(0, found.index))![0].length;
    if (percents % 2 === 1) continue;
    literal(format.slice(end, found.index));
    fields.push({ letter: found[1]!, after: '' });
    end = found.index + found[0].length;
  }
  if (fields.length === 0)
    throw new LogFormatError(
      `'${given}' holds no format specifier, and is not one of ${Object.keys(FORMATS).join(', ')}`,
    );
  literal(format.slice(end));
  return { before, fields };
};

/** The texts of the fields, or null where the line is not of the format. */
export const parseWebLog = (line: string, { before, fields }: WebLogFormat): readonly string[] | null => {
  if (!line.startsWith(before)) return null;
  const texts: string[] = [];
  let at = before.length;
  let behind = before;
  for (const { letter, after } of fields) {
    const end = endOfField(line, at, letter, behind, after);
    if (end < 0) return null;
    texts.push(line.slice(at, end));
    at = end + after.length;
    behind = after;
  }
  return at >= line.length || line.slice(at).trim() === '' ? texts : null;
};

const endOfField = (line: string, at: number, letter: string, before: string, after: string): number => {
  if (letter === 't' && line[at] === '[') {
    const end = line.indexOf(']', at) + 1;
    return end > 0 && line.startsWith(after, end) ? end : -1;
  }
  if (before.endsWith('"') && after.startsWith('"')) {
    for (let end = at; end < line.length; end++) {
      if (line[end] === '\\') end++;
      else if (line[end] === '"') return line.startsWith(after, end) ? end : -1;
    }
    return -1;
  }
  if (after !== '') return line.indexOf(after, at);
  return WORDS.includes(letter) && /\s/.test(line.slice(at).trimEnd()) ? -1 : line.length;
};
