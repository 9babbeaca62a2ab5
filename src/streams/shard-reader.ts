/**
 * Reading a shard for GetRecords and SubscribeToShard: a page of the log as AWS shows records. A record's data is a view of
 * the log's bytes; its sequence number is derived from its position and time.
 */
import type { LogRecord, Position, ReadResult, RecordLog } from '../log/log.ts';
import type { TypeOf } from '../wire/shape/shape.ts';
import { decodeRecord } from './record-codec.ts';
import { SEQUENCE_NUMBER_DIGITS, sequenceNumberBase, SequenceNumberWriter } from './sequence-number.ts';
import type { ChildShard, Record } from './shapes.ts';
import { shardId } from './stream-rows.ts';
import type { Shard, Stream } from './stream.ts';

export type Page = {
  readonly records: readonly TypeOf<typeof Record>[];
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

/** The page of records after a position, of those that have not expired at `nowMs`. Throws the log's errors. */
export async function readPage(
  log: RecordLog,
  stream: Stream,
  shard: Shard,
  after: Position,
  max: PageMax,
  nowMs: number,
): Promise<Page> {
  const read = await readKept(log, stream, shard, after, max, nowMs);
  const numbers = sequenceNumbersOf(shard, read.records);
  const records: TypeOf<typeof Record>[] = [];
  let bytes = 0;
  let billedBytes = 0;
  for (let index = 0; index < read.records.length; index++) {
    const { timeMs, bytes: encoded } = read.records[index]!;
    const { partitionKey, data, kms, contentBytes } = decodeRecord(encoded);
    const at = index * SEQUENCE_NUMBER_DIGITS;
    records.push({
      SequenceNumber: numbers.slice(at, at + SEQUENCE_NUMBER_DIGITS),
      ApproximateArrivalTimestamp: timeMs,
      Data: data,
      PartitionKey: partitionKey,
      EncryptionType: kms ? 'KMS' : undefined,
    });
    bytes += contentBytes;
    billedBytes += Math.ceil(contentBytes / KIB) * KIB;
  }
  return {
    records,
    after: read.after,
    lastTimeMs: read.records.at(-1)?.timeMs,
    atEnd: read.atEnd,
    bytes,
    billedBytes,
  };
}

/** Retention trims in rounds; what has expired since the last one is passed over here, so that nobody sees it. */
async function readKept(
  log: RecordLog,
  stream: Stream,
  shard: Shard,
  after: Position,
  { recordsMax, bytesMax }: PageMax,
  nowMs: number,
): Promise<ReadResult> {
  const read = await log.read(stream.id, shard.index, after, recordsMax, bytesMax);
  const horizonMs = nowMs - stream.retentionHours * HOUR_MS;
  if (read.records.length === 0 || read.records[0]!.timeMs >= horizonMs) return read;
  const expired = await log.positionBefore(stream.id, shard.index, horizonMs);
  const kept = expired > after ? expired : after;
  return log.read(stream.id, shard.index, kept, recordsMax, bytesMax);
}

/** The numbers of all records, one after another in one text. */
function sequenceNumbersOf(shard: Shard, records: readonly LogRecord[]): string {
  const digits = Buffer.allocUnsafe(records.length * SEQUENCE_NUMBER_DIGITS);
  const writer = new SequenceNumberWriter(sequenceNumberBase(shard));
  for (let index = 0; index < records.length; index++) {
    const { position, timeMs } = records[index]!;
    writer.write(digits, index * SEQUENCE_NUMBER_DIGITS, position, timeMs);
  }
  return digits.toString('latin1');
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
