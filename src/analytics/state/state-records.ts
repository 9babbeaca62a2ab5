/**
 * Records of an application's state in its log. Persisted: a version is never changed, a new one is added.
 *
 *     byte 0      version (1)
 *     bytes 1–4   length of the head, little endian
 *     …           the head, JSON in UTF-8
 *     …           bytes of a part of a cell, up to the end
 *
 * In partition 0 every record is a step. In partition 1 a checkpoint is the parts of the cells that changed, the names of those that were dropped, and
 * at last its commit; what has no commit behind it was never taken. A commit with `base` needs nothing before that position.
 */
import { assert } from '../../base/assert.ts';
import type { Checkpoint, Step } from './application-state.ts';

export const STEPS_PARTITION = 0;
export const CELLS_PARTITION = 1;

const VERSION = 1;
const PREFIX_BYTES = 5;

export type CellRecord =
  | {
      readonly kind: 'part';
      readonly attempt: number;
      readonly cell: string;
      readonly part: number;
      readonly parts: number;
    }
  | { readonly kind: 'drop'; readonly attempt: number; readonly cell: string }
  /** `isWhole`: the cells of this attempt are all there are. */
  | {
      readonly kind: 'commit';
      readonly attempt: number;
      readonly checkpoint: Checkpoint;
      readonly isWhole: boolean;
    };

/** A record that is not laid out yet. */
export type StateRecord = { readonly head: Buffer; readonly bytes: Uint8Array | undefined };

export const stateRecord = (head: Step | CellRecord, bytes?: Uint8Array): StateRecord => ({
  head: Buffer.from(JSON.stringify(head)),
  bytes,
});

export const lengthOf = ({ head, bytes }: StateRecord): number =>
  PREFIX_BYTES + head.length + (bytes?.length ?? 0);

export const writeRecord = ({ head, bytes }: StateRecord, target: Buffer, at: number): void => {
  target[at] = VERSION;
  target.writeUInt32LE(head.length, at + 1);
  target.set(head, at + PREFIX_BYTES);
  if (bytes !== undefined) target.set(bytes, at + PREFIX_BYTES + head.length);
};

/** The bytes are a view. */
export const readRecord = <Head extends Step | CellRecord>(
  record: Uint8Array,
): { readonly head: Head; readonly bytes: Uint8Array } => {
  assert(record[0] === VERSION, 'the record of an application’s state has a known version');
  const length = new DataView(record.buffer, record.byteOffset).getUint32(1, true);
  const json = Buffer.from(record.buffer, record.byteOffset + PREFIX_BYTES, length);
  return { head: JSON.parse(json.toString()) as Head, bytes: record.subarray(PREFIX_BYTES + length) };
};
