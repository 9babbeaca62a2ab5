/** Answers as HTTP/1.1 writes them: the head as text, a small body in the same buffer, a stream as chunks. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WireResponse } from '../message.ts';
import type { ChunkSink } from './chunked-answer.ts';

/**
 * Bodies up to this are sent in one text with their head, and chunks with what frames them: the runtime writes a text without making a
 * buffer for it.
 */
const TEXT_BYTES_MAX = 8 * 1024;
const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const NOT_IN_A_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export type AnswerFraming = {
  /** Of a whole body; undefined of a stream. */
  readonly bodyBytes: number | undefined;
  /** HTTP/1.0 has no chunks: the end of the connection ends a stream. */
  readonly version: '1.0' | '1.1';
  readonly keepAlive: boolean;
};

/** Throws when a header cannot be one, so that nothing a client sent can end a line of its answer. */
export function answerHead(
  { status, headers }: Pick<WireResponse, 'status' | 'headers'>,
  date: string,
  { bodyBytes, version, keepAlive }: AnswerFraming,
): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\ndate: ${date}\r\n`;
  if (bodyBytes === undefined) {
    if (version === '1.1') head += 'transfer-encoding: chunked\r\n';
  } else if (!hasNoBody(status)) head += `content-length: ${bodyBytes}\r\n`;
  for (const name in headers) {
    const value = headers[name]!;
    if (!isName(name)) throw new Error(`Invalid header name [${JSON.stringify(name)}]`);
    if (NOT_IN_A_VALUE.test(value)) throw new Error(`Invalid character in header content ["${name}"]`);
    head += `${name}: ${value}\r\n`;
  }
  return head + (keepAlive ? 'connection: keep-alive\r\n\r\n' : 'connection: close\r\n\r\n');
}

/** Names that were checked: answers have the same few again and again. */
const names = new Set<string>();
const NAMES_MAX = 64;

function isName(name: string): boolean {
  if (names.has(name)) return true;
  if (!TOKEN.test(name)) return false;
  if (names.size < NAMES_MAX) names.add(name);
  return true;
}

/** Has no length either (RFC 9110, 8.6). */
export function hasNoBody(status: number): boolean {
  return status === 204 || status === 304;
}

/** True when `body` was copied and so is free again; `written` is called when the machine has taken all. */
export function writeWhole(socket: Duplex, head: string, body: Uint8Array, written: () => void): boolean {
  if (body.length > TEXT_BYTES_MAX) {
    socket.cork();
    socket.write(head, 'latin1');
    socket.write(body, written);
    socket.uncork();
    return false;
  }
  socket.write(head + latin1Of(body), 'latin1', written);
  return true;
}

function latin1Of(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return buffer.toString('latin1');
}

/** The chunks of a streamed answer, over its connection. */
export class AnswerChunks implements ChunkSink {
  readonly #socket: Duplex;
  readonly #framed: boolean;
  readonly #ended: () => void;

  constructor(socket: Duplex, version: '1.0' | '1.1', ended: () => void) {
    this.#socket = socket;
    this.#framed = version === '1.1';
    this.#ended = ended;
  }

  get destroyed(): boolean {
    return this.#socket.destroyed;
  }

  write(chunk: Uint8Array): boolean {
    // A chunk of no bytes would end the answer.
    if (chunk.length === 0) return !this.#socket.writableNeedDrain;
    if (!this.#framed) return this.#socket.write(chunk);
    const size = `${chunk.length.toString(16)}\r\n`;
    if (chunk.length <= TEXT_BYTES_MAX) {
      return this.#socket.write(`${size}${latin1Of(chunk)}\r\n`, 'latin1');
    }
    this.#socket.cork();
    this.#socket.write(size, 'latin1');
    this.#socket.write(chunk);
    const room = this.#socket.write('\r\n', 'latin1');
    this.#socket.uncork();
    return room;
  }

  end(): void {
    if (this.#framed) this.#socket.write(LAST_CHUNK, this.#ended);
    else this.#ended();
  }

  on(event: 'drain' | 'close', listener: () => void): void {
    this.#socket.on(event, listener);
  }

  off(event: 'drain' | 'close', listener: () => void): void {
    this.#socket.off(event, listener);
  }
}
