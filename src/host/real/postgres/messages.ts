/** PostgreSQL's messages, version 3.0 of the protocol. Source: "Frontend/Backend Protocol", PostgreSQL's manual. */
import type { Duplex } from 'node:stream';
import { SqlError } from '../../sql.ts';

export type Message = { readonly type: string; readonly body: Buffer };

/** A row of COPY's column names is the longest that is asked for; nothing near this is. */
const MESSAGE_BYTES_MAX = 4 * 1024 * 1024;
const VERSION = 196_608;
const SSL_REQUEST = 80_877_103;

export function sslRequest(): Buffer {
  const message = Buffer.alloc(8);
  message.writeInt32BE(8, 0);
  message.writeInt32BE(SSL_REQUEST, 4);
  return message;
}

export function startupMessage(parameters: Readonly<Record<string, string>>): Buffer {
  const texts = Object.entries(parameters).flatMap(([name, value]) => [cString(name), cString(value)]);
  const body = Buffer.concat([Buffer.alloc(8), ...texts, Buffer.alloc(1)]);
  body.writeInt32BE(body.length, 0);
  body.writeInt32BE(VERSION, 4);
  return body;
}

/** `type` is one letter. */
export function message(type: string, ...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([
    messageHead(
      type,
      parts.reduce((total, part) => total + part.length, 0),
    ),
    ...parts,
  ]);
}

export function messageHead(type: string, bodyBytes: number): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(bodyBytes + 4, 1);
  return head;
}

/** With the zero that ends it, so there can be none within. */
export function cString(text: string): Buffer {
  if (text.includes('\0')) throw new SqlError('refused', 'A text for the server holds a zero byte.', '22021');
  return Buffer.from(`${text}\0`);
}

/** What comes, message by message. Ends by an error, for no server ends a session that we do not end. */
export async function* messagesOf(stream: Duplex): AsyncGenerator<Message, never> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 5) {
      const length = rest.readUInt32BE(1);
      if (length < 4 || length > MESSAGE_BYTES_MAX) {
        throw new SqlError('broken', "What came is not PostgreSQL's protocol.");
      }
      if (rest.length <= length) break;
      yield { type: rest.toString('latin1', 0, 1), body: rest.subarray(5, length + 1) };
      rest = rest.subarray(length + 1);
    }
  }
  throw new SqlError('broken', 'The server ended the connection.');
}

/** Reads a body from its beginning. Throws RangeError behind its end. */
export function createBodyReader(body: Buffer) {
  let at = 0;
  return {
    int16: () => body.readInt16BE((at += 2) - 2),
    int32: () => body.readInt32BE((at += 4) - 4),
    text() {
      const end = body.indexOf(0, at);
      if (end === -1) throw new RangeError('no end of a text');
      const text = body.toString('utf8', at, end);
      at = end + 1;
      return text;
    },
    bytes(count: number) {
      if (count < 0 || at + count > body.length) throw new RangeError('behind the end');
      return body.subarray(at, (at += count));
    },
    rest: () => body.subarray(at),
    skip: (count: number) => void (at += count),
  };
}

/** Of an ErrorResponse. */
export function errorOf(body: Buffer): SqlError {
  const reader = createBodyReader(body);
  const fields = new Map<string, string>();
  for (let type = reader.bytes(1)[0]!; type !== 0; type = reader.bytes(1)[0]!) {
    fields.set(String.fromCharCode(type), reader.text());
  }
  const detail = fields.get('D');
  const text = fields.get('M') ?? 'The server gave no reason.';
  return new SqlError(
    'refused',
    detail === undefined ? text : `${text} ${detail}`,
    fields.get('C') ?? 'XX000',
  );
}
