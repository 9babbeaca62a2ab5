/** The parts of CBOR (RFC 8949) that single values and rows of columns are both written with. */
import { type ByteSink, makeRoom } from './byte-sink.ts';

export const MAJOR_BYTES = 0x40;
export const MAJOR_TEXT = 0x60;
export const OPEN_STRUCTURE = 0xbf;
export const BREAK = 0xff;

export const HEAD_BYTES_MAX = 9;

/** An initial byte with its argument, in the fewest bytes. */
export function putHead(sink: ByteSink, major: number, argument: number): void {
  makeRoom(sink, HEAD_BYTES_MAX);
  const { bytes, length: at } = sink;
  if (argument < 24) {
    bytes[at] = major | argument;
    sink.length = at + 1;
  } else if (argument < 0x100) {
    bytes[at] = major | 24;
    bytes[at + 1] = argument;
    sink.length = at + 2;
  } else if (argument < 0x1_0000) {
    bytes[at] = major | 25;
    sink.length = bytes.writeUInt16BE(argument, at + 1);
  } else if (argument < 0x1_0000_0000) {
    bytes[at] = major | 26;
    sink.length = bytes.writeUInt32BE(argument, at + 1);
  } else {
    bytes[at] = major | 27;
    bytes.writeUInt32BE(Math.floor(argument / 2 ** 32), at + 1);
    sink.length = bytes.writeUInt32BE(argument % 2 ** 32, at + 5);
  }
}

/** What `putHead` writes for a length. */
export function headBytes(length: number): number {
  if (length < 24) return 1;
  if (length < 0x100) return 2;
  return length < 0x1_0000 ? 3 : 5;
}

/** Strings longer than this are left to the runtime. */
const NATIVE_FROM_UNITS = 128;

export function putText(sink: ByteSink, value: string): void {
  const { length } = value;
  if (length > NATIVE_FROM_UNITS) return putTextNatively(sink, value);
  const before = sink.length;
  putHead(sink, MAJOR_TEXT, length);
  makeRoom(sink, length);
  const { bytes, length: start } = sink;
  for (let index = 0; index < length; index += 1) {
    const unit = value.charCodeAt(index);
    if (unit > 127) {
      sink.length = before;
      return putTextNatively(sink, value);
    }
    bytes[start + index] = unit;
  }
  sink.length = start + length;
}

function putTextNatively(sink: ByteSink, value: string): void {
  const length = Buffer.byteLength(value);
  putHead(sink, MAJOR_TEXT, length);
  makeRoom(sink, length);
  sink.length += sink.bytes.write(value, sink.length, 'utf8');
}
