/**
 * The records of a file or a pipe: lines, of which a quoted value of CSV may take several, in pieces as they were read. A piece is one buffer with the
 * places of its records, so that no line is copied.
 */
import type { Readable } from 'node:stream';
import { UsageError } from '../../base/flags.ts';

export type Piece = {
  readonly bytes: Buffer;
  /** Start and end of each record, one after the other. */
  readonly places: readonly number[];
};

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;
/** The byte order mark, which is none of the text. */
const MARK = Buffer.from('\ufeff');
const LINE_BYTES_MAX = 64 * 1024 * 1024;

export async function* linesOf(source: Readable, hasQuotedBreaks: boolean): AsyncGenerator<Piece> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let isFirst = true;
  for await (const read of source as AsyncIterable<Buffer>) {
    const chunk = isFirst && read.subarray(0, MARK.length).equals(MARK) ? read.subarray(MARK.length) : read;
    isFirst = false;
    if (chunk.indexOf(NEWLINE) === -1) {
      rest.push(chunk);
      restBytes += chunk.length;
      if (restBytes > LINE_BYTES_MAX) throw new UsageError('The input has a line of more than 64 MiB.');
      continue;
    }
    const bytes = rest.length === 0 ? chunk : Buffer.concat([...rest, chunk]);
    const places: number[] = [];
    const end = split(bytes, hasQuotedBreaks, places);
    rest = end < bytes.length ? [bytes.subarray(end)] : [];
    restBytes = bytes.length - end;
    if (restBytes > LINE_BYTES_MAX) throw new UsageError('The input has a line of more than 64 MiB.');
    if (places.length > 0) yield { bytes, places };
  }
  const bytes = Buffer.concat([...rest, Buffer.of(NEWLINE)]);
  const places: number[] = [];
  if (restBytes > 0) split(bytes, false, places);
  if (places.length > 0) yield { bytes, places };
}

/** Puts the places of all whole records that are not empty, and says where the first that is not whole begins. */
function split(bytes: Buffer, hasQuotedBreaks: boolean, places: number[]): number {
  let start = 0;
  for (let from = 0; ;) {
    const newline = bytes.indexOf(NEWLINE, from);
    if (newline === -1) return start;
    from = newline + 1;
    if (hasQuotedBreaks && isInQuotes(bytes, start, newline)) continue;
    const end = newline > start && bytes[newline - 1] === CARRIAGE_RETURN ? newline - 1 : newline;
    if (end > start) places.push(start, end);
    start = from;
  }
}

function isInQuotes(bytes: Buffer, start: number, end: number): boolean {
  let isIn = false;
  for (let at = bytes.indexOf(QUOTE, start); at !== -1 && at < end; at = bytes.indexOf(QUOTE, at + 1))
    isIn = !isIn;
  return isIn;
}
