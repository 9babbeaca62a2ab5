/** A record as a document of a bulk request: its line, and its id. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { RecordIdentity } from '../../delivery/delivery-record.ts';

const NEWLINE = 0x0a;
const SPACE = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;

/**
 * Without white space around it; undefined when it is no JSON object by its first and last letter, which are what keeps the lines of a bulk request
 * apart. A line break between members becomes a space: within a JSON text it can be nothing but white space, and in a bulk request it would begin
 * a line that the sender of the record had written.
 */
export function documentLine(data: Uint8Array): Uint8Array | undefined {
  let start = 0;
  let end = data.length;
  while (start < end && data[start]! <= SPACE) start++;
  while (end > start && data[end - 1]! <= SPACE) end--;
  const line = data.subarray(start, end);
  if (line.length < 2 || line[0] !== OPENING || line.at(-1) !== CLOSING || !isUtf8(line)) return undefined;
  if (!line.includes(NEWLINE)) return line;
  return line.map((byte) => (byte === NEWLINE ? SPACE : byte));
}

/** The same at every attempt and after a restart; 56 digits and the number within the record, as AWS's look. */
export function documentId(deliveryStreamId: string, { unit, position, sub }: RecordIdentity): string {
  const hash = createHash('sha256').update(`${deliveryStreamId}\n${unit}\n${position}`).digest();
  let digits = '';
  for (let at = 0; at < 32; at += 4) digits += String(hash.readUInt32BE(at) % 10_000_000).padStart(7, '0');
  return `${digits}.${sub}`;
}
