import type { Arena } from '../../base/arena.ts';

/** A growing buffer that encoders write into. Whoever writes makes room first, then sets bytes and moves `length`. */
export type ByteSink = { bytes: Buffer; view: DataView; length: number };

const BYTES_FIRST = 1024;

export function byteSink(arena?: Arena): ByteSink {
  const large = arena !== undefined && arena.bytes.length >= BYTES_FIRST;
  const bytes = large ? arena.bytes : Buffer.allocUnsafe(BYTES_FIRST);
  return { bytes, view: viewOf(bytes), length: 0 };
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}

/** Makes sure that `count` more bytes fit. */
export function makeRoom(sink: ByteSink, count: number): void {
  const needed = sink.length + count;
  if (needed <= sink.bytes.length) return;
  const grown = Buffer.allocUnsafe(Math.max(needed, sink.bytes.length * 2));
  sink.bytes.copy(grown, 0, 0, sink.length);
  sink.bytes = grown;
  sink.view = viewOf(grown);
}

/** The most that is made for elements that are only expected. */
const EXPECTED_BYTES_MAX = 4 * 1024 * 1024;

/** Makes room for `count` more elements like the one that took `bytes`: one growth instead of many for a long list. */
export function expectElements(sink: ByteSink, bytes: number, count: number): void {
  makeRoom(sink, Math.min(bytes * count, EXPECTED_BYTES_MAX));
}

export function putByte(sink: ByteSink, byte: number): void {
  if (sink.length === sink.bytes.length) makeRoom(sink, 1);
  sink.bytes[sink.length] = byte;
  sink.length += 1;
}

/** For short constants, where a loop is faster than a copy by the runtime. */
export function putConstant(sink: ByteSink, constant: Uint8Array): void {
  const { length } = constant;
  makeRoom(sink, length);
  const { bytes, length: at } = sink;
  for (let index = 0; index < length; index += 1) bytes[at + index] = constant[index]!;
  sink.length = at + length;
}

/** Writes characters that are known to be ASCII. */
export function putAscii(sink: ByteSink, text: string): void {
  const { length } = text;
  makeRoom(sink, length);
  const { bytes, length: at } = sink;
  for (let index = 0; index < length; index += 1) bytes[at + index] = text.charCodeAt(index);
  sink.length = at + length;
}

/** What was written. The sink must not be used afterwards. */
export function written(sink: ByteSink, arena?: Arena): Uint8Array {
  if (arena !== undefined) arena.bytes = sink.bytes;
  return sink.bytes.subarray(0, sink.length);
}
