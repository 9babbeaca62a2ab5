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
const NO_BYTES = new Uint8Array(0);
/** Fewer bytes are copied here, because a call into the runtime costs more. */
const NATIVE_FROM_BYTES = 128;

/** Writes the admitted records to their places in the append, whose groups are those of the placement. */
export function layOut(entries: Entries, { groupOf }: Placement, append: Append, kms: boolean): Usage {
  append.lay();
  const { bytes: target, view: targetView } = append;
  const { keys, data } = columnsOf(entries);
  let viewed: Uint8Array = NO_BYTES;
  let view = targetView;
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
      const source = sourceOf(data, index);
      const start = data.starts[index]!;
      if (dataBytes >= NATIVE_FROM_BYTES) target.set(source.subarray(start, start + dataBytes), dataAt);
      else {
        if (source !== viewed) [viewed, view] = [source, viewOf(source)];
        copyBytes(view, start, dataBytes, targetView, dataAt);
      }
    }
    payloadUnits += Math.ceil(size / PAYLOAD_UNIT_BYTES);
    billedBytes += (size + KIB - 1) & -KIB;
  }
  return { payloadUnits, billedBytes };
}

const WORD_BYTES = 4;

function copyBytes(source: DataView, start: number, count: number, target: DataView, at: number): void {
  let done = 0;
  for (; done <= count - WORD_BYTES; done += WORD_BYTES) {
    target.setUint32(at + done, source.getUint32(start + done));
  }
  for (; done < count; done++) target.setUint8(at + done, source.getUint8(start + done));
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}
