/**
 * `application/vnd.amazon.eventstream`: messages of headers and a payload, each with two CRC-32s.
 *
 *   message = total length u32 | headers' length u32 | CRC-32 of these eight bytes u32 | headers | payload | CRC-32 of all before u32
 *   header  = name's length u8 | name | 7 (a string) | value's length u16 | value
 *
 * Numbers are big-endian. An answer begins with the message `initial-response`: clients of awsJson (botocore, Go, Java)
 * do not take a stream without it. A failure after that is a message too, because the status 200 has been sent.
 */
import { crc32 } from 'node:zlib';

export const EVENT_STREAM_CONTENT_TYPE = 'application/vnd.amazon.eventstream';

const PRELUDE_BYTES = 12;
const CRC_BYTES = 4;
const STRING_TYPE = 7;

/** One message. Headers are strings, in their order. */
export function encodeMessage(headers: Readonly<Record<string, string>>, payload: Uint8Array): Uint8Array {
  const encodedHeaders = Object.entries(headers).map(([name, value]) => encodeHeader(name, value));
  const headerBytes = encodedHeaders.reduce((sum, header) => sum + header.length, 0);
  const message = Buffer.allocUnsafe(PRELUDE_BYTES + headerBytes + payload.length + CRC_BYTES);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(headerBytes, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  let at = PRELUDE_BYTES;
  for (const header of encodedHeaders) at += header.copy(message, at);
  message.set(payload, at);
  const crcAt = message.length - CRC_BYTES;
  message.writeUInt32BE(crc32(message.subarray(0, crcAt)), crcAt);
  return message;
}

function encodeHeader(name: string, value: string): Buffer {
  const nameBytes = Buffer.from(name);
  const valueBytes = Buffer.from(value);
  const header = Buffer.allocUnsafe(1 + nameBytes.length + 3 + valueBytes.length);
  header.writeUInt8(nameBytes.length, 0);
  nameBytes.copy(header, 1);
  header.writeUInt8(STRING_TYPE, 1 + nameBytes.length);
  header.writeUInt16BE(valueBytes.length, 2 + nameBytes.length);
  valueBytes.copy(header, 4 + nameBytes.length);
  return header;
}

export function eventMessage(type: string, contentType: string, payload: Uint8Array): Uint8Array {
  return encodeMessage(
    { ':message-type': 'event', ':event-type': type, ':content-type': contentType },
    payload,
  );
}

export function exceptionMessage(code: string, contentType: string, payload: Uint8Array): Uint8Array {
  return encodeMessage(
    { ':message-type': 'exception', ':exception-type': code, ':content-type': contentType },
    payload,
  );
}
