/** The state of an application in a log of its own. What a cell was before is garbage in the log until a checkpoint writes all cells anew. */
import { assert } from '../../base/assert.ts';
import type { Clock } from '../../host/host.ts';
import { Append } from '../../log/append.ts';
import type { Position, RecordLog } from '../../log/log.ts';
import type { ApplicationState, CellChange, Checkpoint, LoadedState, Step } from './application-state.ts';
import {
  CELLS_PARTITION,
  type CellRecord,
  lengthOf,
  readRecord,
  type StateRecord,
  stateRecord,
  STEPS_PARTITION,
  writeRecord,
} from './state-records.ts';

/** Small, so that sealing them holds nothing up for long. */
const PART_BYTES = 64 * 1024;
const APPEND_BYTES = 256 * 1024;
const READ_RECORDS = 1000;
const READ_BYTES = 4 * 1024 * 1024;
/** A checkpoint writes everything anew when the log holds this many times the cells, and more than the least. */
const GARBAGE_FACTOR = 3;
const GARBAGE_BYTES_MIN = 8 * 1024 * 1024;

/** Where the parts of a cell stand. */
type Place = { readonly positions: readonly number[]; readonly bytes: number };
type Part = {
  readonly head: CellRecord & { readonly kind: 'part' };
  readonly bytes: Uint8Array;
  readonly position: number;
};

export type LogStateParts = {
  readonly log: RecordLog;
  readonly clock: Clock;
  /** Exists, with both partitions. */ readonly logId: string;
};

export class LogState implements ApplicationState {
  readonly #parts: LogStateParts;
  readonly #places = new Map<string, Place>();
  #checkpoint: Checkpoint | undefined;
  /** Of the last checkpoint that was begun. */
  #attempt = 0;
  /** Bytes of records in the cells' partition since the last whole checkpoint. */
  #written = 0;
  /** Those that no checkpoint has in it yet. */
  #steps: { readonly number: number; readonly position: number; readonly bytes: number }[] = [];
  #lastTimeMs = 0;
  /** One for each partition: no two appends to one are ever under way. */
  readonly #appends = [new Append(), new Append()];

  constructor(parts: LogStateParts) {
    this.#parts = parts;
  }

  describe(): ReturnType<ApplicationState['describe']> {
    const cellBytes = [...this.#places.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    const stepBytes = this.#steps.reduce((sum, { bytes }) => sum + bytes, 0);
    return { checkpoint: this.#checkpoint, cellBytes, storedBytes: this.#written + stepBytes };
  }

  async load(): Promise<LoadedState> {
    this.#places.clear();
    this.#checkpoint = undefined;
    this.#written = 0;
    this.#steps = [];
    let begun = 0;
    let attempt: Part[] = [];
    let dropped: string[] = [];
    const cells = new Map<string, Uint8Array>();
    for await (const { record, position } of this.#records(CELLS_PARTITION)) {
      const { head, bytes } = readRecord<CellRecord>(record);
      this.#written += record.length;
      // Not compared with the last attempt of this process: what is loaded again begins with the oldest.
      if (head.attempt > begun) {
        begun = head.attempt;
        this.#attempt = Math.max(this.#attempt, begun);
        attempt = [];
        dropped = [];
      }
      if (head.kind === 'part') attempt.push({ head, bytes, position });
      else if (head.kind === 'drop') dropped.push(head.cell);
      else {
        if (head.isWhole) {
          this.#places.clear();
          cells.clear();
        }
        for (const cell of dropped) {
          this.#places.delete(cell);
          cells.delete(cell);
        }
        for (const [cell, parts] of Map.groupBy(attempt, (part) => part.head.cell)) {
          const whole = Buffer.concat(parts.map((part) => part.bytes));
          cells.set(cell, whole);
          this.#places.set(cell, { positions: parts.map((part) => part.position), bytes: whole.length });
        }
        this.#checkpoint = head.checkpoint;
        attempt = [];
        dropped = [];
      }
    }
    const steps: Step[] = [];
    for await (const { record, position } of this.#records(STEPS_PARTITION)) {
      const { head } = readRecord<Step>(record);
      if (head.number <= (this.#checkpoint?.step ?? 0)) continue;
      steps.push(head);
      this.#steps.push({ number: head.number, position, bytes: record.length });
    }
    return { checkpoint: this.#checkpoint, cells, steps };
  }

  async recordStep(step: Step): Promise<void> {
    const record = stateRecord(step);
    const position = await this.#append(STEPS_PARTITION, [record]);
    this.#steps.push({ number: step.number, position, bytes: lengthOf(record) });
  }

  async writeCheckpoint(checkpoint: Checkpoint, changes: readonly CellChange[]): Promise<void> {
    const cellBytes = this.describe().cellBytes;
    const isWhole = this.#written > Math.max(GARBAGE_BYTES_MIN, cellBytes * GARBAGE_FACTOR);
    await this.#write(checkpoint, changes, isWhole);
  }

  async startEmpty(checkpoint: Checkpoint): Promise<void> {
    this.#places.clear();
    await this.#write(checkpoint, [], true);
  }

  async #write(checkpoint: Checkpoint, changes: readonly CellChange[], isWhole: boolean): Promise<void> {
    const attempt = ++this.#attempt;
    const places = new Map<string, Place>(isWhole ? [] : this.#places);
    const writer = new Writer((records) => this.#append(CELLS_PARTITION, records));
    const changed = new Set(changes.map(({ cell }) => cell));
    if (isWhole) {
      for (const cell of this.#places.keys())
        if (!changed.has(cell))
          places.set(cell, await writer.cell(attempt, cell, await this.#readCell(cell)));
    }
    for (const { cell, bytes } of changes) {
      if (bytes !== undefined) places.set(cell, await writer.cell(attempt, cell, bytes));
      else if (places.delete(cell)) await writer.add(stateRecord({ kind: 'drop', attempt, cell }));
    }
    await writer.add(stateRecord({ kind: 'commit', attempt, checkpoint, isWhole }));
    await writer.flush();
    this.#checkpoint = checkpoint;
    this.#places.clear();
    for (const [cell, place] of places) this.#places.set(cell, place);
    this.#written = isWhole ? writer.bytes : this.#written + writer.bytes;
    await this.#trim(isWhole ? writer.first - 1 : undefined, checkpoint);
  }

  /** What the checkpoint made needless. */
  async #trim(cellsUpTo: number | undefined, checkpoint: Checkpoint): Promise<void> {
    const { log, logId } = this.#parts;
    if (cellsUpTo !== undefined && cellsUpTo > 0)
      await log.trim(logId, CELLS_PARTITION, cellsUpTo as Position);
    const last = this.#steps.findLast(({ number }) => number <= checkpoint.step);
    if (last === undefined) return;
    await log.trim(logId, STEPS_PARTITION, last.position as Position);
    this.#steps = this.#steps.filter(({ number }) => number > checkpoint.step);
  }

  async #readCell(cell: string): Promise<Uint8Array> {
    const place = this.#places.get(cell);
    assert(place !== undefined, 'the cell has a place in the log');
    const { log, logId } = this.#parts;
    const parts: Uint8Array[] = [];
    for (const position of place.positions) {
      const { records } = await log.read(logId, CELLS_PARTITION, (position - 1) as Position, 1, 1);
      const [record] = records;
      assert(record?.position === position, 'the part of the cell is where it was written');
      parts.push(readRecord<CellRecord>(record.bytes).bytes);
    }
    return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
  }

  async *#records(partition: number): AsyncGenerator<{ record: Uint8Array; position: number }> {
    const { log, logId } = this.#parts;
    let after = 0 as Position;
    for (;;) {
      const read = await log.read(logId, partition, after, READ_RECORDS, READ_BYTES);
      for (const { bytes, position } of read.records) yield { record: bytes, position };
      after = read.after;
      if (read.atEnd) return;
    }
  }

  /** Gives the position of the first; the others' follow. */
  async #append(partition: number, records: readonly StateRecord[]): Promise<number> {
    const { log, logId, clock } = this.#parts;
    const append = this.#appends[partition] as Append;
    append.reset();
    this.#lastTimeMs = Math.max(this.#lastTimeMs, clock.now(), log.bounds(logId, partition).lastTimeMs);
    const bytes = records.reduce((sum, record) => sum + lengthOf(record), 0);
    const group = append.addGroup(partition, this.#lastTimeMs, records.length, bytes);
    append.lay();
    for (const record of records) writeRecord(record, append.bytes, append.place(group, lengthOf(record)));
    await log.append(logId, append);
    return append.firsts[group] as number;
  }
}

/** Gathers records into appends of a middle size. */
class Writer {
  readonly #append: (records: readonly StateRecord[]) => Promise<number>;
  /** Those that wait, and who wants to know where they went. */
  #waiting: { readonly record: StateRecord; readonly placed: (position: number) => void }[] = [];
  #waitingBytes = 0;
  first = 0;
  bytes = 0;

  constructor(append: (records: readonly StateRecord[]) => Promise<number>) {
    this.#append = append;
  }

  async add(record: StateRecord, placed: (position: number) => void = () => {}): Promise<void> {
    this.#waiting.push({ record, placed });
    this.#waitingBytes += lengthOf(record);
    if (this.#waitingBytes >= APPEND_BYTES) await this.flush();
  }

  /** Its positions are known once everything was flushed. */
  async cell(attempt: number, cell: string, bytes: Uint8Array): Promise<Place> {
    const parts = Math.max(1, Math.ceil(bytes.length / PART_BYTES));
    const positions: number[] = [];
    for (let part = 0; part < parts; part++) {
      const slice = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
      await this.add(stateRecord({ kind: 'part', attempt, cell, part, parts }, slice), (position) =>
        positions.push(position),
      );
    }
    return { positions, bytes: bytes.length };
  }

  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    const first = await this.#append(waiting.map(({ record }) => record));
    if (this.first === 0) this.first = first;
    waiting.forEach(({ record, placed }, index) => {
      this.bytes += lengthOf(record);
      placed(first + index);
    });
  }
}
