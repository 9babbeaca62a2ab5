/** AppendDelimiterToRecord: bytes after each record, so that readers can tell records apart. Whoever puts them into an object leaves out the last ones. */
import type { ProcessingStep } from './processing-run.ts';

export function createDelimiter(delimiter: Uint8Array): ProcessingStep {
  return async (items) => {
    const total = items.reduce((sum, { data }) => sum + data.length + delimiter.length, 0);
    // One piece of memory for all of them.
    const bytes = new Uint8Array(total);
    let at = 0;
    for (const item of items) {
      bytes.set(item.data, at);
      const end = at + item.data.length + delimiter.length;
      bytes.set(delimiter, end - delimiter.length);
      item.data = bytes.subarray(at, end);
      at = end;
    }
    return items;
  };
}

/** The parameter as it is written, `\n` by two characters; a line feed when there is none. */
export function delimiterOf(value: string | undefined): Uint8Array {
  const text = (value ?? '\\n').replaceAll(/\\([nrt\\])/g, (_, letter: string) => ESCAPES[letter]!);
  return new TextEncoder().encode(text);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };
