/**
 * Reads `application/vnd.amazon.eventstream` as an answer comes: messages of headers and a payload, which is JSON here. Checksums are left to the
 * connection; what does not add up ends the stream.
 *
 *   message = total length u32 | headers' length u32 | checksum u32 | headers | payload | checksum u32
 *   header  = name's length u8 | name | 7 (a string) | value's length u16 | value
 */
export type ServiceEvent = {
  readonly kind: 'event' | 'exception';
  /** The event's name, or the code of the exception. */
  readonly type: string;
  /** Of an exception. */
  readonly message: string;
  /** Of an event. */
  readonly value: unknown;
};

const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;

/** The message that begins every answer is passed over. */
export async function* eventsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServiceEvent> {
  let left: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    left = left.length === 0 ? Buffer.from(chunk) : Buffer.concat([left, chunk]);
    while (left.length >= PRELUDE_BYTES) {
      const total = left.readUInt32BE(0);
      if (total < PRELUDE_BYTES + CHECKSUM_BYTES || total > MESSAGE_BYTES_MAX) {
        throw new Error('The answer is no event stream.');
      }
      if (left.length < total) break;
      const event = readMessage(left.subarray(0, total));
      left = left.subarray(total);
      if (event !== undefined) yield event;
    }
  }
}

function readMessage(message: Buffer): ServiceEvent | undefined {
  const headersEnd = PRELUDE_BYTES + message.readUInt32BE(4);
  const headers = readHeaders(message.subarray(PRELUDE_BYTES, headersEnd));
  const payload = message.subarray(headersEnd, message.length - CHECKSUM_BYTES).toString('utf8');
  const value = payload === '' ? {} : (JSON.parse(payload) as Record<string, unknown>);
  if (headers.get(':message-type') === 'exception') {
    const type = headers.get(':exception-type') ?? 'UnknownException';
    return { kind: 'exception', type, message: String(value['message'] ?? value['Message'] ?? ''), value };
  }
  const type = headers.get(':event-type') ?? '';
  return type === 'initial-response' ? undefined : { kind: 'event', type, message: '', value };
}

function readHeaders(bytes: Buffer): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const nameEnd = at + 1 + bytes.readUInt8(at);
    const valueStart = nameEnd + 3;
    const valueEnd = valueStart + bytes.readUInt16BE(nameEnd + 1);
    headers.set(bytes.toString('utf8', at + 1, nameEnd), bytes.toString('utf8', valueStart, valueEnd));
    at = valueEnd;
  }
  return headers;
}
