/** Reads `application/vnd.amazon.eventstream`: frames of headers and payload, both checksums checked. */
import { crc32 } from 'node:zlib';

export type EventMessage = { readonly headers: Readonly<Record<string, string>>; readonly payload: Buffer };

/** The messages of a stream of bytes, as they come. Throws on a broken frame. */
export async function* eventMessages(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<EventMessage> {
  let held = Buffer.alloc(0);
  for await (const chunk of chunks) {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 12 && held.length >= held.readUInt32BE(0)) {
      const length = held.readUInt32BE(0);
      yield decode(held.subarray(0, length));
      held = held.subarray(length);
    }
  }
  if (held.length > 0) throw new Error(`the event stream ended inside a frame (${held.length} bytes left)`);
}

function decode(frame: Buffer): EventMessage {
  const headersLength = frame.readUInt32BE(4);
  if (crc32(frame.subarray(0, 8)) !== frame.readUInt32BE(8)) throw new Error('wrong prelude checksum');
  const body = frame.subarray(0, frame.length - 4);
  if (crc32(body) !== frame.readUInt32BE(frame.length - 4)) throw new Error('wrong message checksum');
  const headers: Record<string, string> = {};
  let at = 12;
  while (at < 12 + headersLength) {
    const nameLength = frame.readUInt8(at);
    const name = frame.toString('latin1', at + 1, at + 1 + nameLength);
    at += 1 + nameLength;
    const type = frame.readUInt8(at);
    if (type !== 7) throw new Error(`header ${name} is of type ${type}, not a string`);
    const valueLength = frame.readUInt16BE(at + 1);
    headers[name] = frame.toString('utf8', at + 3, at + 3 + valueLength);
    at += 3 + valueLength;
  }
  return { headers, payload: frame.subarray(12 + headersLength, frame.length - 4) };
}
