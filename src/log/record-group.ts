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

/** Where the groups begin that lie in `bytes` from `start` to `end`. The caller has checked that the bytes are what was written. */
export function groupStarts(bytes: Uint8Array, start: number, end: number): number[] {
  const starts: number[] = [];
  for (let at = start; at < end; at = groupEnd(bytes, at)) {
    if (at + GROUP_HEADER_BYTES > end || groupEnd(bytes, at) > end) {
      throw new RangeError('a record group reaches beyond its batch');
    }
    starts.push(at);
  }
  return starts;
}

// Of the group that begins at `at` of `bytes`.

export function groupPartition(bytes: Uint8Array, at: number): number {
  return readU32(bytes, at);
}

/** How many records it has. */
export function groupCount(bytes: Uint8Array, at: number): number {
  return readU32(bytes, at + 4);
}

export function groupTimeMs(bytes: Uint8Array, at: number): number {
  return readU64(bytes, at + 8);
}

/** The position of its first record. */
export function groupFirst(bytes: Uint8Array, at: number): number {
  return readU64(bytes, at + FIRST_AT);
}

/** The position of its last record. */
export function groupLast(bytes: Uint8Array, at: number): number {
  return groupFirst(bytes, at) + groupCount(bytes, at) - 1;
}

/** Bytes of the records themselves. */
export function groupDataBytes(bytes: Uint8Array, at: number): number {
  return readU32(bytes, at + 24);
}

/** The same of any group that takes `encodedBytes` for its `count` records. */
export function recordBytesOf(encodedBytes: number, count: number): number {
  return encodedBytes - GROUP_HEADER_BYTES - count * 4;
}

/** Where it ends. */
export function groupEnd(bytes: Uint8Array, at: number): number {
  return at + GROUP_HEADER_BYTES + groupCount(bytes, at) * 4 + groupDataBytes(bytes, at);
}

/** What a read may still take. */
export type ReadAllowance = { records: number; bytes: number };

/**
 * Adds the records after `after` of the group at `at` to `into` until the allowance is used up; the first record of a read always
 * fits. Returns false when it stopped before the group's end.
 */
export function takeRecords(
  bytes: Uint8Array,
  at: number,
  after: number,
  allowance: ReadAllowance,
  into: RecordColumns,
): boolean {
  const count = groupCount(bytes, at);
  const first = groupFirst(bytes, at);
  const timeMs = groupTimeMs(bytes, at);
  const skipped = Math.min(Math.max(0, after - first + 1), count);
  const most = Math.min(count - skipped, allowance.records);
  let lengthAt = at + GROUP_HEADER_BYTES;
  let dataAt = lengthAt + count * 4;
  for (let i = 0; i < skipped; i++, lengthAt += 4) dataAt += readU32(bytes, lengthAt);
  into.makeRoom(most);
  const { sources, starts, ends, positions, timesMs } = into;
  const begin = into.length;
  let index = begin;
  let bytesLeft = allowance.bytes;
  for (; index < begin + most; index++, lengthAt += 4) {
    const length = readU32(bytes, lengthAt);
    if (length > bytesLeft && index > 0) break;
    bytesLeft -= length;
    sources[index] = bytes;
    starts[index] = dataAt;
    dataAt += length;
    ends[index] = dataAt;
    positions[index] = first + skipped + index - begin;
    timesMs[index] = timeMs;
  }
  into.length = index;
  allowance.records -= index - begin;
  allowance.bytes = bytesLeft;
  return skipped + index - begin === count;
}
