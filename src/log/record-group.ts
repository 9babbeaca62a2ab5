/**
 * A record group: records of one partition that were appended together, so that they share a time and have consecutive
 * positions. It is the one encoding that a record ever gets: a journal batch is a row of groups, a run of a segment is a row of
 * groups, and what is kept in memory are groups in the same bytes. So records move between the tiers without being touched.
 *
 * The encoding (little endian; persisted, see segments/FORMAT.md):
 *   partition u32 · count u32 · time u64 · first position u64 · data length u32 · zero u32 · length u32 per record · data
 */
import { readU32, readU64, writeU32, writeU64 } from './little-endian.ts';
import type { LaidRecords, PartitionAppend, Position } from './log.ts';
import type { RecordColumns } from './record-columns.ts';

const GROUP_HEADER_BYTES = 32;

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

export function encodedGroupBytes(records: PartitionAppend['records']): number {
  let total = GROUP_HEADER_BYTES + records.length * 4;
  if ('bytes' in records) return total + records.end - records.start;
  for (const record of records) total += record.byteLength;
  return total;
}

/** Writes a group at `offset` and returns it; `target` is kept by it. */
export function encodeGroup(
  target: Uint8Array,
  offset: number,
  group: { partition: number; timeMs: number; first: number; records: PartitionAppend['records'] },
): RecordGroup {
  const { records } = group;
  const lengthsAt = offset + GROUP_HEADER_BYTES;
  const dataStart = lengthsAt + records.length * 4;
  const dataAt =
    'bytes' in records
      ? copyLaid(target, lengthsAt, dataStart, records)
      : copyEach(target, lengthsAt, dataStart, records);
  writeU32(target, offset, group.partition);
  writeU32(target, offset + 4, records.length);
  writeU64(target, offset + 8, group.timeMs);
  writeU64(target, offset + 16, group.first);
  writeU32(target, offset + 24, dataAt - dataStart);
  writeU32(target, offset + 28, 0);
  return {
    partition: group.partition,
    count: records.length,
    timeMs: group.timeMs,
    first: group.first,
    bytes: target,
    start: offset,
    end: dataAt,
  };
}

function copyLaid(target: Uint8Array, lengthsAt: number, dataAt: number, records: LaidRecords): number {
  const { bytes, start, end, lengths, lengthsFrom, length } = records;
  for (let index = 0; index < length; index++) {
    writeU32(target, lengthsAt + index * 4, lengths[lengthsFrom + index]!);
  }
  target.set(bytes.subarray(start, end), dataAt);
  return dataAt + end - start;
}

function copyEach(
  target: Uint8Array,
  lengthsAt: number,
  dataStart: number,
  records: readonly Uint8Array[],
): number {
  let lengthAt = lengthsAt;
  let dataAt = dataStart;
  for (const record of records) {
    writeU32(target, lengthAt, record.byteLength);
    target.set(record, dataAt);
    lengthAt += 4;
    dataAt += record.byteLength;
  }
  return dataAt;
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

/** Positions of `count` records that follow one another. */
export function positionsFrom(first: number, count: number): Position[] {
  const positions: Position[] = [];
  for (let index = 0; index < count; index++) positions.push((first + index) as Position);
  return positions;
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

/** Records as a list of views, however they were given. */
export function recordViews(records: PartitionAppend['records']): readonly Uint8Array[] {
  if (!('bytes' in records)) return records;
  let at = records.start;
  return Array.from({ length: records.length }, (_, index) => {
    const view = records.bytes.subarray(at, at + records.lengths[records.lengthsFrom + index]!);
    at += view.length;
    return view;
  });
}
