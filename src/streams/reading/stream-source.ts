/**
 * A stream as a source of records for readers within the server (readers/): its shards, closed ones too, as far as retention keeps their records.
 * Such readers are not limited as GetRecords is, and what they read is not metered as a client's reads are.
 */
import type { Clock } from '../../host/host.ts';
import { LogGoneError, type Position, type RecordLog } from '../../log/log.ts';
import type { RecordColumns } from '../../log/record-columns.ts';
import {
  SourceGoneError,
  type RecordSource,
  type SourceRecord,
  type SourceUnit,
} from '../../readers/record-source.ts';
import type { Shard, Stream, StreamDirectory } from '../directory/stream.ts';
import { shardId } from '../directory/stream-rows.ts';
import { readRecordHead, RECORD_HEADER_BYTES } from '../records/record-codec.ts';
import { sequenceNumber, type ShardIdentity } from '../records/sequence-number.ts';
import { isReadable } from './readable-shard.ts';
import { readShard } from './shard-reader.ts';

export type StreamSource = RecordSource & Disposable;

/** The stream of that id, as long as it is there; dispose of the source when it is not needed any more. */
export function openStreamSource(
  parts: { readonly clock: Pick<Clock, 'now'>; readonly log: RecordLog; readonly directory: StreamDirectory },
  streamId: string,
): StreamSource {
  const { clock, log, directory } = parts;
  const unitWatchers = new Map<string, Set<() => void>>();
  const listWatchers = new Set<() => void>();
  /** Also of shards that have gone, because numbers of their records are still asked for. */
  const identities = new Map<string, ShardIdentity>();
  let known = shardsOf(directory.byId(streamId));

  const watching = directory.watch((before, now) => {
    if (before?.id !== streamId && now?.id !== streamId) return;
    const was = known;
    known = shardsOf(now);
    const is = known.shards;
    if (was.shards.size !== is.size || [...is.keys()].some((id) => !was.shards.has(id))) call(listWatchers);
    for (const [id, watchers] of unitWatchers) {
      if (was.shards.get(id)?.closedMs !== is.get(id)?.closedMs || !is.has(id)) call(watchers);
    }
  });

  function shardsOf(stream: Stream | undefined): {
    readonly stream: Stream | undefined;
    readonly shards: ReadonlyMap<string, Shard>;
  } {
    if (stream === undefined || !isReadable(stream)) return { stream, shards: new Map() };
    const shards = new Map(stream.shards.map((shard) => [unitOf(shard.index), shard]));
    for (const [unit, shard] of shards) identities.set(unit, shard);
    return { stream, shards };
  }

  /** A stream that is made again under its name has shards of the same names, and is another. */
  function unitOf(shardIndex: number): string {
    return `${streamId}/${shardId(shardIndex)}`;
  }

  function find(unit: string): { readonly stream: Stream; readonly shard: Shard } {
    const { stream, shards } = known;
    const shard = shards.get(unit);
    if (stream === undefined || shard === undefined) throw gone(unit);
    return { stream, shard };
  }

  return {
    units() {
      // By index, and children have higher ones than their parents.
      return Array.from(known.shards, ([id, { parentIndex, adjacentParentIndex }]): SourceUnit => ({
        id,
        parents: [parentIndex, adjacentParentIndex]
          .filter((index) => index !== undefined)
          .map((index) => unitOf(index!))
          .filter((parent) => known.shards.has(parent)),
      }));
    },
    watchUnits(onChange) {
      listWatchers.add(onChange);
      return { [Symbol.dispose]: () => void listWatchers.delete(onChange) };
    },
    async positionAt(unit, point) {
      const { stream, shard } = find(unit);
      if (point.kind === 'oldest') return 0;
      return unlessGone(unit, async () =>
        point.kind === 'latest'
          ? log.bounds(stream.id, shard.index).last
          : await log.positionBefore(stream.id, shard.index, point.timeMs),
      );
    },
    read: (unit, after, recordsMax, bytesMax) =>
      unlessGone(unit, async () => {
        const { stream, shard } = find(unit);
        const max = { recordsMax, bytesMax };
        const read = await readShard(log, stream, shard, after as Position, max, clock.now());
        const finished = read.atEnd && shard.closedMs !== undefined;
        return { records: recordsOf(read.records), after: read.after, atEnd: read.atEnd, finished };
      }),
    watch(unit, onChange) {
      const { stream, shard } = find(unit);
      let watchers = unitWatchers.get(unit);
      if (watchers === undefined) unitWatchers.set(unit, (watchers = new Set()));
      watchers.add(onChange);
      const appended = log.watch(stream.id, shard.index, onChange);
      return {
        [Symbol.dispose]() {
          appended[Symbol.dispose]();
          watchers.delete(onChange);
          if (watchers.size === 0) unitWatchers.delete(unit);
        },
      };
    },
    sequenceNumber(unit, position, arrivalMs) {
      const shard = identities.get(unit);
      if (shard === undefined) throw gone(unit);
      return sequenceNumber(shard, position as Position, arrivalMs);
    },
    [Symbol.dispose]: () => watching[Symbol.dispose](),
  };
}

/** Few readers look at the keys, and a text for each record would be most of what reading leaves behind. */
class StreamRecord implements SourceRecord {
  readonly position: number;
  readonly arrivalMs: number;
  readonly data: Uint8Array;
  readonly #source: Uint8Array;
  readonly #keyAt: number;
  /** -1 without a key. */
  readonly #keyBytes: number;

  constructor({ sources, starts, ends, positions, timesMs }: RecordColumns, index: number) {
    const source = sources[index]!;
    const { keyBytes, hasKey } = readRecordHead(source, starts[index]!);
    this.position = positions[index]!;
    this.arrivalMs = timesMs[index]!;
    this.#source = source;
    this.#keyAt = starts[index]! + RECORD_HEADER_BYTES;
    this.#keyBytes = hasKey ? keyBytes : -1;
    this.data = source.subarray(this.#keyAt + keyBytes, ends[index]!);
  }

  get partitionKey(): string | undefined {
    if (this.#keyBytes < 0) return undefined;
    return Buffer.prototype.utf8Slice.call(this.#source, this.#keyAt, this.#keyAt + this.#keyBytes);
  }
}

function recordsOf(columns: RecordColumns): SourceRecord[] {
  const records: SourceRecord[] = [];
  for (let index = 0; index < columns.length; index++) records.push(new StreamRecord(columns, index));
  return records;
}

async function unlessGone<T>(unit: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof LogGoneError ? gone(unit) : error;
  }
}

function gone(unit: string): SourceGoneError {
  return new SourceGoneError(`${unit} is not there any more.`);
}

function call(watchers: ReadonlySet<() => void>): void {
  for (const watcher of [...watchers]) watcher();
}
