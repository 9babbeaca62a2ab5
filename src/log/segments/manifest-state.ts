/**
 * What the manifest says, and the edits that change it. The state is what is true of the segments and of everything that is not
 * records; what the journal holds beyond it is replayed on top at the start.
 */
import { ByteReader, ByteWriter } from './byte-writer.ts';

/** Positions jump this far after an unclean stop: more than every journal file together can hold records. */
export const UNCLEAN_JUMP = 0x1_0000_0000;

export type ManifestPartition = {
  /** The next position to give. */
  next: number;
  trimmed: number;
  /** Newest record in the segments, and its time. */
  last: number;
  lastTimeMs: number;
};

export type ManifestSegment = {
  readonly segment: number;
  /** Bytes of the file that count: its trailer ends there. What lies beyond is left over from a rewrite that did not end. */
  readonly length: number;
  /** Bytes of records in it. */
  readonly dataBytes: number;
  /** How many rewrites went into it. */
  readonly flushes: number;
};

export type ManifestLog = {
  readonly id: string;
  floor: number;
  readonly partitions: Map<number, ManifestPartition>;
  readonly segments: Map<number, ManifestSegment>;
};

export type ManifestState = {
  readonly logs: Map<number, ManifestLog>;
  /** Every journal frame up to this sequence is in segments. */
  flushedSequence: number;
  nextLog: number;
  nextSegment: number;
  /** Set by a clean stop: the last frame's sequence. */
  stoppedSequence: number | undefined;
};

export type ManifestEdit =
  | { readonly kind: 'logCreated'; readonly log: number; readonly floor: number; readonly id: string }
  | { readonly kind: 'logDropped'; readonly log: number }
  | ({
      readonly kind: 'partition';
      readonly log: number;
      readonly partition: number;
    } & Readonly<ManifestPartition>)
  | {
      readonly kind: 'partitionDropped';
      readonly log: number;
      readonly partition: number;
      readonly floor: number;
    }
  | ({ readonly kind: 'segment'; readonly log: number } & ManifestSegment)
  | { readonly kind: 'segmentRemoved'; readonly log: number; readonly segment: number }
  | { readonly kind: 'flushed'; readonly sequence: number }
  | { readonly kind: 'counters'; readonly nextLog: number; readonly nextSegment: number }
  | { readonly kind: 'stopped'; readonly sequence: number }
  | { readonly kind: 'started'; readonly unclean: boolean }
  | {
      readonly kind: 'reached';
      readonly log: number;
      readonly partition: number;
      readonly next: number;
      readonly last: number;
      readonly lastTimeMs: number;
    }
  | {
      readonly kind: 'trimmed';
      readonly log: number;
      readonly partition: number;
      readonly position: number;
    };

/** Persisted: never renumber. */
const KIND_CODES = {
  logCreated: 1,
  logDropped: 2,
  partition: 3,
  partitionDropped: 4,
  segment: 5,
  segmentRemoved: 6,
  flushed: 7,
  counters: 8,
  stopped: 9,
  started: 10,
  trimmed: 11,
  reached: 12,
} as const satisfies Record<ManifestEdit['kind'], number>;

const KINDS: ReadonlyMap<number, ManifestEdit['kind']> = new Map(
  Object.entries(KIND_CODES).map(([kind, code]) => [code, kind as ManifestEdit['kind']]),
);

export function emptyManifest(): ManifestState {
  return {
    logs: new Map(),
    flushedSequence: 0,
    nextLog: 1,
    nextSegment: 1,
    stoppedSequence: undefined,
  };
}

/** Edits about what has meanwhile been dropped change nothing. */
export function applyEdit(state: ManifestState, edit: ManifestEdit): void {
  switch (edit.kind) {
    case 'logCreated':
      state.logs.set(edit.log, {
        id: edit.id,
        floor: edit.floor,
        partitions: new Map(),
        segments: new Map(),
      });
      state.nextLog = Math.max(state.nextLog, edit.log + 1);
      return;
    case 'logDropped':
      state.logs.delete(edit.log);
      return;
    case 'partition': {
      const { next, trimmed, last, lastTimeMs } = edit;
      state.logs.get(edit.log)?.partitions.set(edit.partition, { next, trimmed, last, lastTimeMs });
      return;
    }
    case 'partitionDropped': {
      const log = state.logs.get(edit.log);
      if (log === undefined) return;
      log.partitions.delete(edit.partition);
      log.floor = Math.max(log.floor, edit.floor);
      return;
    }
    case 'segment': {
      const { segment, length, dataBytes, flushes } = edit;
      state.logs.get(edit.log)?.segments.set(segment, { segment, length, dataBytes, flushes });
      state.nextSegment = Math.max(state.nextSegment, segment + 1);
      return;
    }
    case 'segmentRemoved':
      state.logs.get(edit.log)?.segments.delete(edit.segment);
      return;
    case 'flushed':
      state.flushedSequence = edit.sequence;
      return;
    case 'counters':
      state.nextLog = edit.nextLog;
      state.nextSegment = edit.nextSegment;
      return;
    case 'stopped':
      state.stoppedSequence = edit.sequence;
      return;
    case 'started':
      state.stoppedSequence = undefined;
      if (edit.unclean) {
        for (const log of state.logs.values()) {
          for (const partition of log.partitions.values()) partition.next += UNCLEAN_JUMP;
        }
      }
      return;
    case 'reached': {
      const partition = state.logs.get(edit.log)?.partitions.get(edit.partition);
      if (partition === undefined) return;
      partition.next = Math.max(partition.next, edit.next);
      partition.last = Math.max(partition.last, edit.last);
      partition.lastTimeMs = Math.max(partition.lastTimeMs, edit.lastTimeMs);
      return;
    }
    case 'trimmed': {
      const partition = state.logs.get(edit.log)?.partitions.get(edit.partition);
      if (partition !== undefined) partition.trimmed = Math.max(partition.trimmed, edit.position);
      return;
    }
  }
}

/** The edits that build the state from nothing. */
export function* stateAsEdits(state: ManifestState): Generator<ManifestEdit, void, void> {
  yield { kind: 'counters', nextLog: state.nextLog, nextSegment: state.nextSegment };
  yield { kind: 'flushed', sequence: state.flushedSequence };
  for (const [log, { id, floor, partitions, segments }] of state.logs) {
    yield { kind: 'logCreated', log, floor, id };
    for (const [partition, values] of partitions) yield { kind: 'partition', log, partition, ...values };
    for (const values of segments.values()) yield { kind: 'segment', log, ...values };
  }
  if (state.stoppedSequence !== undefined) yield { kind: 'stopped', sequence: state.stoppedSequence };
}

export function encodeEdits(edits: Iterable<ManifestEdit>): Uint8Array {
  const writer = new ByteWriter();
  for (const edit of edits) encodeEdit(writer, edit);
  return writer.written();
}

function encodeEdit(writer: ByteWriter, edit: ManifestEdit): void {
  writer.u8(KIND_CODES[edit.kind]);
  switch (edit.kind) {
    case 'logCreated':
      writer.u32(edit.log).u64(edit.floor).text(edit.id);
      return;
    case 'logDropped':
      writer.u32(edit.log);
      return;
    case 'partition':
      writer.u32(edit.log).u32(edit.partition);
      writer.u64(edit.next).u64(edit.trimmed).u64(edit.last).u64(edit.lastTimeMs);
      return;
    case 'partitionDropped':
      writer.u32(edit.log).u32(edit.partition).u64(edit.floor);
      return;
    case 'segment':
      writer.u32(edit.log).u64(edit.segment);
      writer.u64(edit.length).u64(edit.dataBytes).u32(edit.flushes);
      return;
    case 'segmentRemoved':
      writer.u32(edit.log).u64(edit.segment);
      return;
    case 'flushed':
    case 'stopped':
      writer.u64(edit.sequence);
      return;
    case 'counters':
      writer.u32(edit.nextLog).u64(edit.nextSegment);
      return;
    case 'started':
      writer.u8(edit.unclean ? 1 : 0);
      return;
    case 'reached':
      writer.u32(edit.log).u32(edit.partition).u64(edit.next).u64(edit.last).u64(edit.lastTimeMs);
      return;
    case 'trimmed':
      writer.u32(edit.log).u32(edit.partition).u64(edit.position);
      return;
  }
}

/** Throws a RangeError for bytes that are no edits. */
export function decodeEdits(bytes: Uint8Array): ManifestEdit[] {
  const reader = new ByteReader(bytes);
  const edits: ManifestEdit[] = [];
  while (!reader.done) edits.push(decodeEdit(reader));
  return edits;
}

function decodeEdit(reader: ByteReader): ManifestEdit {
  const code = reader.u8();
  const kind = KINDS.get(code);
  switch (kind) {
    case undefined:
      throw new RangeError(`an edit has the unknown kind ${code}`);
    case 'logCreated':
      return { kind, log: reader.u32(), floor: reader.u64(), id: reader.text() };
    case 'logDropped':
      return { kind, log: reader.u32() };
    case 'partition':
      return {
        kind,
        log: reader.u32(),
        partition: reader.u32(),
        next: reader.u64(),
        trimmed: reader.u64(),
        last: reader.u64(),
        lastTimeMs: reader.u64(),
      };
    case 'partitionDropped':
      return { kind, log: reader.u32(), partition: reader.u32(), floor: reader.u64() };
    case 'segment':
      return {
        kind,
        log: reader.u32(),
        segment: reader.u64(),
        length: reader.u64(),
        dataBytes: reader.u64(),
        flushes: reader.u32(),
      };
    case 'segmentRemoved':
      return { kind, log: reader.u32(), segment: reader.u64() };
    case 'flushed':
    case 'stopped':
      return { kind, sequence: reader.u64() };
    case 'counters':
      return { kind, nextLog: reader.u32(), nextSegment: reader.u64() };
    case 'started':
      return { kind, unclean: reader.u8() === 1 };
    case 'reached':
      return {
        kind,
        log: reader.u32(),
        partition: reader.u32(),
        next: reader.u64(),
        last: reader.u64(),
        lastTimeMs: reader.u64(),
      };
    case 'trimmed':
      return { kind, log: reader.u32(), partition: reader.u32(), position: reader.u64() };
  }
}
