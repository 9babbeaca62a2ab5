/**
 * Reading a shard for GetRecords and SubscribeToShard: a page of the log as AWS shows records. A record's data is a view of
 * the log's bytes; its sequence number is derived from its position and time.
 */
import type { Position, ReadColumns, RecordLog } from '../../log/log.ts';
import type { RecordColumns } from '../../log/record-columns.ts';
import { type BytesColumn, bytesColumn, Packed } from '../../wire/shape/packed.ts';
import type { TypeOf } from '../../wire/shape/shape.ts';
import { readRecordHead, RECORD_HEADER_BYTES } from '../records/record-codec.ts';
import { SEQUENCE_NUMBER_DIGITS } from '../records/sequence-number.ts';
import { SequenceNumberWriter } from '../records/sequence-number-writer.ts';
import type { ChildShard, Record } from '../shapes.ts';
import { shardId } from '../directory/stream-rows.ts';
import type { Shard, Stream } from '../directory/stream.ts';

export type Page = {
  readonly records: Packed<TypeOf<typeof Record>>;
  /** Continue after this. */
  readonly after: Position;
  /** Arrival of the last record; undefined when there is none. */
  readonly lastTimeMs: number | undefined;
  /** Nothing durable was beyond the page. */
  readonly atEnd: boolean;
  /** Data and partition keys. */
  readonly bytes: number;
  /** The same, each record rounded up to a KiB: what AWS bills. */
  readonly billedBytes: number;
};

const KIB = 1024;
const HOUR_MS = 60 * 60 * 1000;

type PageMax = { readonly recordsMax: number; readonly bytesMax: number };

/**
 * The page of records after a position, of those that have not expired at `nowMs`. Throws the log's errors. A page for one reader
 * gives the log its memory back as soon as it was written.
 */
export async function readPage(
  log: RecordLog,
  stream: Stream,
  shard: Shard,
  after: Position,
  max: PageMax,
  nowMs: number,
  readers: 'one' | 'several',
): Promise<Page> {
  const { records, after: next, atEnd } = await readShard(log, stream, shard, after, max, nowMs);
  const { length, positions, timesMs } = records;
  const columns = columnsOf(records);
  const numbers = new SequenceNumberWriter(shard);
  const list: Packed<TypeOf<typeof Record>>['columns'] = {
    SequenceNumber: {
      kind: 'written',
      bytes: SEQUENCE_NUMBER_DIGITS,
      write: (target: DataView, at: number, index: number) =>
        numbers.write(target, at, positions[index]! as Position, timesMs[index]!),
      writeNext: (target: DataView, at: number, index: number) =>
        numbers.writeNext(target, at, positions[index]! as Position, timesMs[index]!),
    },
    ApproximateArrivalTimestamp: { kind: 'numbers', values: timesMs },
    Data: columns.data,
    ...(columns.keys === undefined ? {} : { PartitionKey: columns.keys }),
    ...(columns.kms === undefined ? {} : { EncryptionType: columns.kms }),
  };
  const onWritten = readers === 'one' ? () => records.release() : undefined;
  return {
    records: new Packed<TypeOf<typeof Record>>(length, list, onWritten),
    after: next,
    lastTimeMs: length === 0 ? undefined : timesMs[length - 1],
    atEnd,
    bytes: columns.bytes,
    billedBytes: columns.billedBytes,
  };
}

/** The same as the log has it. */
export async function readShard(
  log: RecordLog,
  stream: Stream,
  shard: Shard,
  after: Position,
  max: PageMax,
  nowMs: number,
): Promise<ReadColumns> {
  return upToEnd(await readKept(log, stream, shard, after, max, nowMs), shard, after);
}

const KMS_TEXT = Buffer.from('KMS');

/** Takes encoded records apart: where each one's key and data lie in the log's bytes. The data begins where the key ends. */
function columnsOf({ length, sources, starts, ends }: RecordColumns) {
  const keyStarts = new Int32Array(length);
  const dataStarts = new Int32Array(length);
  let kms: BytesColumn | undefined;
  let anyKey = false;
  let bytes = 0;
  let billedBytes = 0;
  for (let index = 0; index < length; index++) {
    const start = starts[index]! + RECORD_HEADER_BYTES;
    const head = readRecordHead(sources[index]!, starts[index]!);
    keyStarts[index] = head.hasKey ? start : -1;
    dataStarts[index] = start + head.keyBytes;
    anyKey ||= head.hasKey;
    if (head.kms) {
      kms ??= bytesColumn('text', [KMS_TEXT], length);
      kms.starts[index] = 0;
      kms.ends[index] = KMS_TEXT.length;
    }
    const contentBytes = ends[index]! - start;
    bytes += contentBytes;
    billedBytes += (contentBytes + KIB - 1) & -KIB;
  }
  // More than one source stands for itself; one alone would stand for all, which it does.
  const data: BytesColumn = { kind: 'blob', sources, starts: dataStarts, ends };
  const keys: BytesColumn = { kind: 'text', sources, starts: keyStarts, ends: dataStarts };
  return { data, keys: anyKey ? keys : undefined, kms, bytes, billedBytes };
}

/**
 * A closed shard ends where it was closed, whatever its log has: an append that failed before that, of which nobody knew whether it
 * was kept, may be there after a restart.
 */
function upToEnd(read: ReadColumns, { closedPosition }: Shard, after: Position): ReadColumns {
  const { records } = read;
  if (closedPosition === undefined || records.lastPosition <= closedPosition) return read;
  records.cut(closedPosition);
  return { records, after: records.length === 0 ? after : records.lastPosition, atEnd: true };
}

/** Retention trims in rounds; what has expired since the last one is passed over here, so that nobody sees it. */
async function readKept(
  log: RecordLog,
  stream: Stream,
  shard: Shard,
  after: Position,
  { recordsMax, bytesMax }: PageMax,
  nowMs: number,
): Promise<ReadColumns> {
  const read = await log.readColumns(stream.id, shard.index, after, recordsMax, bytesMax);
  const horizonMs = nowMs - stream.retentionHours * HOUR_MS;
  if (read.records.length === 0 || read.records.timesMs[0]! >= horizonMs) return read;
  read.records.release();
  const expired = await log.positionBefore(stream.id, shard.index, horizonMs);
  const kept = expired > after ? expired : after;
  return log.readColumns(stream.id, shard.index, kept, recordsMax, bytesMax);
}

/**
 * How far a reader of this page is from the tip: 0 when it has everything of an open shard, the age of its last record when
 * there is more. A reader who has everything of a closed shard is behind by the time since it was closed: the children go on.
 */
export function millisBehindLatest(page: Page, shard: Shard, nowMs: number): number {
  // Never 0: a reader may stop there. Arrival times may be ahead of the clock: it was set back, or the shard is younger than a second.
  if (!page.atEnd) return Math.max(1, nowMs - (page.lastTimeMs ?? nowMs));
  return shard.closedMs === undefined ? 0 : Math.max(0, nowMs - shard.closedMs);
}

/** The shards that came of a closed one. */
export function childShards(stream: Stream, parent: Shard): TypeOf<typeof ChildShard>[] {
  return stream.shards
    .filter((shard) => shard.parentIndex === parent.index || shard.adjacentParentIndex === parent.index)
    .map((shard) => ({
      ShardId: shard.id,
      ParentShards: [shard.parentIndex, shard.adjacentParentIndex]
        .filter((index) => index !== undefined)
        .map(shardId),
      HashKeyRange: { StartingHashKey: shard.startingHashKey, EndingHashKey: shard.endingHashKey },
    }));
}
