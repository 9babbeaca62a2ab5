/** A line as fields between delimiters, of which escapes and quotes hide some. */

export type Delimiters = {
  /** One character or more. */
  readonly delimiter: string;
  /** Makes the next character plain; empty where there is none. */
  readonly escape: string;
  /** The quote that begins and the one that ends; empty where there are none. */
  readonly quotes: string;
};

/** `most` fields at most: what is behind them is not looked at. */
export const splitLine = (
  line: string,
  { delimiter, escape, quotes }: Delimiters,
  most: number,
): readonly string[] => {
  const fields: string[] = [];
  const isPlain = escape === '' && quotes === '';
  let at = 0;
  while (fields.length < most) {
    if (isPlain || !needsCare(line, at, escape, quotes)) {
      const end = line.indexOf(delimiter, at);
      fields.push(line.slice(at, end < 0 ? undefined : end));
      if (end < 0) return fields;
      at = end + delimiter.length;
    } else {
      const [field, end] = carefulField(line, at, delimiter, escape, quotes);
      fields.push(field);
      if (end < 0) return fields;
      at = end;
    }
  }
  return fields;
};

const needsCare = (line: string, at: number, escape: string, quotes: string): boolean =>
  (escape !== '' && line.includes(escape, at)) || (quotes !== '' && line.includes(quotes[0]!, at));

/** A field, and where the next one begins, or -1. */
const carefulField = (
  line: string,
  start: number,
  delimiter: string,
  escape: string,
  quotes: string,
): readonly [string, number] => {
  const [begin = '', end = begin] = quotes;
  let text = '';
  let isQuoted = false;
  for (let at = start; at < line.length;) {
    const char = line[at]!;
    if (escape !== '' && line.startsWith(escape, at)) {
      text += line[at + escape.length] ?? '';
      at += escape.length + 1;
    } else if (isQuoted && char === end) {
      // A quote that ends and begins with the same character stands for itself when it is doubled.
      const isDoubled = begin === end && line[at + 1] === end;
      if (isDoubled) text += end;
      else isQuoted = false;
      at += isDoubled ? 2 : 1;
    } else if (!isQuoted && begin !== '' && char === begin) {
      isQuoted = true;
      at++;
    } else if (!isQuoted && line.startsWith(delimiter, at)) return [text, at + delimiter.length];
    else {
      text += char;
      at++;
    }
  }
  return [text, -1];
};
