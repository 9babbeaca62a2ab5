import type { Append } from '../../log/append.ts';
import { sourceOf } from '../../wire/shape/packed.ts';
import { bytesAt, columnsOf } from '../records/entries.ts';
import { encodeRecordHead, RECORD_HEADER_BYTES } from '../records/record-codec.ts';
import type { Entries } from '../records/record-rules.ts';
import type { Placement } from './placement.ts';

/** What the admitted records come to. Units: docs/reference/metering.md. */
export type Usage = { readonly payloadUnits: number; readonly billedBytes: number };

const KIB = 1024;
const PAYLOAD_UNIT_BYTES = 25 * KIB;
const NO_BYTES: Buffer = Buffer.alloc(0);
/** Fewer bytes are copied here, because a call into the runtime costs more. */
const NATIVE_FROM_BYTES = 48;

/** Writes the admitted records to their places in the append, whose groups are those of the placement. */
export function layOut(entries: Entries, { groupOf }: Placement, append: Append, kms: boolean): Usage {
  append.lay();
  const { bytes: target } = append;
  const { keys, data } = columnsOf(entries);
  let given: Uint8Array = NO_BYTES;
  let source = NO_BYTES;
  let payloadUnits = 0;
  let billedBytes = 0;
  for (let index = 0; index < groupOf.length; index++) {
    const group = groupOf[index]!;
    if (group < 0) continue;
    const dataBytes = bytesAt(data, index);
    const size = bytesAt(keys, index) + dataBytes;
    const at = append.place(group, RECORD_HEADER_BYTES + size);
    const keyStart = keys === undefined ? -1 : keys.starts[index]!;
    const keySource = keys === undefined ? NO_BYTES : sourceOf(keys, index);
    const keyEnd = keys === undefined ? -1 : keys.ends[index]!;
    const dataAt = encodeRecordHead(target, at, keySource, keyStart, keyEnd, kms);
    if (data !== undefined) {
      const from = sourceOf(data, index);
      if (from !== given) [given, source] = [from, bufferOf(from)];
      const start = data.starts[index]!;
      if (dataBytes >= NATIVE_FROM_BYTES) source.copy(target, dataAt, start, start + dataBytes);
      else for (let done = 0; done < dataBytes; done++) target[dataAt + done] = source[start + done]!;
    }
    payloadUnits += Math.ceil(size / PAYLOAD_UNIT_BYTES);
    billedBytes += (size + KIB - 1) & -KIB;
  }
  return { payloadUnits, billedBytes };
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
