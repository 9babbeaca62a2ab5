/**
 * RecordDeAggregation: several records in one, taken apart before the function and the query see them. A record that is no such aggregate, or
 * holds more than 500 records, goes on whole, as the service was seen to do (decision 0463).
 */
import { PROCESSING_LIMITS } from './processing-limits.ts';
import type { Item, ProcessingStep } from './processing-run.ts';

export type DeAggregation =
  | { readonly kind: 'JSON' }
  /** Not empty. */
  | { readonly kind: 'DELIMITED'; readonly delimiter: Uint8Array };

/**
 * Parts are numbered from here on, apart from whole records and from the records of a KPL aggregate, so that a record that was begun in parts and
 * is read again whole, because the setting was changed in between, is not taken for its first part.
 */
const FIRST_PART = 2 ** 20;

export function createDeAggregation(how: DeAggregation): ProcessingStep {
  return async (items, run) => {
    const out: Item[] = [];
    for (const item of items) {
      const parts = how.kind === 'JSON' ? jsonObjectsOf(item.data) : piecesOf(item.data, how.delimiter);
      const first = FIRST_PART + item.source.sub * PROCESSING_LIMITS.partsMax;
      if (parts === undefined) {
        if (!run.skip(item.identity)) out.push(item);
        continue;
      }
      if (parts.length === 0) run.dropped.push(item.identity);
      // What came compressed is shown as it came, also of a part.
      const cameSo = item.rawData === item.data;
      for (const [index, data] of parts.entries()) {
        const identity = { ...item.identity, sub: first + index };
        if (run.skip(identity)) continue;
        out.push({ source: item.source, identity, rawData: cameSo ? data : item.rawData, data });
      }
    }
    return out;
  };
}

const BRACE_OPEN = 0x7b;
const BRACE_CLOSE = 0x7d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The objects that stand one after another, with nothing but white space between them; undefined when that is not what it is. */
export function jsonObjectsOf(data: Uint8Array): readonly Uint8Array[] | undefined {
  const parts: Uint8Array[] = [];
  let at = afterSpace(data, 0);
  while (at < data.length) {
    if (data[at] !== BRACE_OPEN || parts.length === PROCESSING_LIMITS.partsMax) return undefined;
    const end = endOfObject(data, at);
    if (end === -1) return undefined;
    parts.push(data.subarray(at, end));
    at = afterSpace(data, end);
  }
  return parts.length === 0 ? undefined : parts;
}

/** Braces are counted, outside of strings; whether the rest is JSON is seen by whoever parses it. -1 when it does not end. */
function endOfObject(data: Uint8Array, start: number): number {
  let depth = 0;
  for (let at = start; at < data.length; at++) {
    const byte = data[at];
    if (byte === QUOTE) {
      at = endOfString(data, at);
      if (at === -1) return -1;
    } else if (byte === BRACE_OPEN) depth++;
    else if (byte === BRACE_CLOSE && --depth === 0) return at + 1;
  }
  return -1;
}

/** Where the closing quote of the string stands that begins at `start`. */
function endOfString(data: Uint8Array, start: number): number {
  for (let at = start + 1; at < data.length; at++) {
    const byte = data[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at++;
  }
  return -1;
}

function afterSpace(data: Uint8Array, start: number): number {
  let at = start;
  while (at < data.length && isSpace(data[at]!)) at++;
  return at;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** What stands between delimiters, without what is empty; undefined when there are more than 500. */
export function piecesOf(data: Uint8Array, delimiter: Uint8Array): readonly Uint8Array[] | undefined {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at <= data.length;) {
    const found = bytes.indexOf(delimiter, at);
    const end = found === -1 ? data.length : found;
    if (end > at) {
      if (pieces.length === PROCESSING_LIMITS.partsMax) return undefined;
      pieces.push(data.subarray(at, end));
    }
    at = end + delimiter.length;
  }
  return pieces;
}
