/**
 * A record group: records of one partition that were appended together, so that they share a time and have consecutive
 * positions. It is the one encoding that a record ever gets: a journal batch is a row of groups, a run of a segment is a row of
 * groups, and what is kept in memory are groups in the same bytes. So records move between the tiers without being touched.
 *
 * The encoding (little endian; persisted, see segments/FORMAT.md):
 *   partition u32 · count u32 · time u64 · first position u64 · data length u32 · zero u32 · length u32 per record · data
 */
import { readU32, readU64 } from './little-endian.ts';
import type { RecordColumns } from './record-columns.ts';

export const GROUP_HEADER_BYTES = 32;
/** Where the first position stands in a group's header. */
export const FIRST_AT = 16;

export type RecordGroup = {
  readonly partition: number;
  readonly count: number;
  readonly timeMs: number;
  readonly first: number;
  /** The bytes that hold the group, with others around it. */
  readonly bytes: Uint8Array;
  /** Where the encoded group starts and ends in `bytes`. */
  readonly start: number;
  readonly end: number;
};

/** Writes all of a group's header but the first position, which is the engine's to give. */
export function writeGroupHeader(
  target: DataView,
  at: number,
  partition: number,
  count: number,
  timeMs: number,
  dataBytes: number,
): void {
  target.setUint32(at, partition, true);
  target.setUint32(at + 4, count, true);
  target.setUint32(at + 8, timeMs >>> 0, true);
  target.setUint32(at + 12, Math.floor(timeMs / 0x1_0000_0000), true);
  target.setUint32(at + 24, dataBytes, true);
  target.setUint32(at + 28, 0, true);
}

/** Reads the groups that lie in `bytes` from `offset` to `end`. The caller has checked that the bytes are what was written. */
export function* decodeGroups(
  bytes: Uint8Array,
  offset: number,
  end: number,
): Generator<RecordGroup, void, void> {
  while (offset < end) {
    const count = readU32(bytes, offset + 4);
    const groupEnd = offset + GROUP_HEADER_BYTES + count * 4 + readU32(bytes, offset + 24);
    if (groupEnd > end) throw new RangeError('a record group reaches beyond its batch');
    yield {
      partition: readU32(bytes, offset),
      count,
      timeMs: readU64(bytes, offset + 8),
      first: readU64(bytes, offset + 16),
      bytes,
      start: offset,
      end: groupEnd,
    };
    offset = groupEnd;
  }
}

export function lastPosition(group: RecordGroup): number {
  return group.first + group.count - 1;
}

/** Bytes of the records themselves. */
export function dataBytes(group: RecordGroup): number {
  return group.end - group.start - GROUP_HEADER_BYTES - group.count * 4;
}

/** What a read may still take. */
export type ReadAllowance = { records: number; bytes: number };

/**
 * Adds the group's records after `after` to `into` until the allowance is used up; the first record of a read always fits.
 * Returns false when it stopped before the group's end.
 */
export function takeRecords(
  group: RecordGroup,
  after: number,
  allowance: ReadAllowance,
  into: RecordColumns,
): boolean {
  const { bytes, count, first, timeMs } = group;
  let lengthAt = group.start + GROUP_HEADER_BYTES;
  let dataAt = lengthAt + count * 4;
  for (let i = 0; i < count; i++, lengthAt += 4) {
    const length = readU32(bytes, lengthAt);
    if (first + i > after) {
      if (allowance.records <= 0 || (length > allowance.bytes && into.length > 0)) return false;
      allowance.records--;
      allowance.bytes -= length;
      into.add(bytes, dataAt, dataAt + length, first + i, timeMs);
    }
    dataAt += length;
  }
  return true;
}
