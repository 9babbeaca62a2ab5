import type { Append } from '../../log/append.ts';
import { ValueCopier } from '../../wire/shape/value-copier.ts';
import { columnsOf } from '../records/entries.ts';
import { RECORD_HEADER_BYTES, writeRecordHeader } from '../records/record-codec.ts';
import type { Entries } from '../records/record-rules.ts';
import type { Placement } from './placement.ts';

/** What the admitted records come to. Units: docs/reference/metering.md. */
export type Usage = { readonly payloadUnits: number; readonly billedBytes: number };

const KIB = 1024;
const PAYLOAD_UNIT_BYTES = 25 * KIB;

/** Writes the admitted records to their places in the append, whose groups are those of the placement. */
export function layOut(
  entries: Entries,
  { length, groupOf }: Placement,
  append: Append,
  kms: boolean,
): Usage {
  append.lay();
  const { bytes: target, view } = append;
  const columns = columnsOf(entries);
  const keys = new ValueCopier(columns.keys, target, view);
  const data = new ValueCopier(columns.data, target, view);
  let payloadUnits = 0;
  let billedBytes = 0;
  for (let index = 0; index < length; index++) {
    const group = groupOf[index]!;
    if (group < 0) continue;
    const keyBytes = keys.bytesOf(index);
    const size = keyBytes + data.bytesOf(index);
    const at = append.place(group, RECORD_HEADER_BYTES + size);
    writeRecordHeader(target, at, keys.has(index) ? keyBytes : undefined, kms);
    keys.copy(index, at + RECORD_HEADER_BYTES);
    data.copy(index, at + RECORD_HEADER_BYTES + keyBytes);
    payloadUnits += Math.ceil(size / PAYLOAD_UNIT_BYTES);
    billedBytes += (size + KIB - 1) & -KIB;
  }
  return { payloadUnits, billedBytes };
}
