/**
 * The journal's files: one that is written, a spare that is ready to be, and those whose records are not in segments yet. Files are
 * written full with zeros once and then recycled, because a growing file costs four times as much to sync. A file that a write
 * or a sync failed on is never written again.
 *
 * Several frames may be on their way to the disk at once, each through an open file of its own: Linux tells a failure to every open file
 * once, and with a shared one it might tell it to another frame than the one that is lost.
 */
import { join } from 'node:path';
import type { Dice, Disk, DiskFile } from '../../host/host.ts';
import { assert } from '../../base/assert.ts';
import { isFull } from './damage.ts';
import { encodeJournalHeader, INCARNATION_BYTES, JOURNAL_HEADER_BYTES } from './journal-format.ts';

const JOURNAL_NAME = /^journal-\d{3,}$/;
const ZEROS_BYTES = 1024 * 1024;
/** Synced at a time, so that commits need not wait behind a whole file of them. */
const ZEROS_UNSYNCED_BYTES_MAX = 4 * ZEROS_BYTES;
/** As many as are full at a time when the rewriter is busy: each that is made anew is written full with zeros first. */
const FREE_FILES_MAX = 2;

export type JournalSizes = {
  /** The first files' size; it doubles with each file that fills up. */
  readonly fileBytesMin: number;
  readonly fileBytesMax: number;
  /** Without syncs, a frame of so many bytes is written by the disk's own threads. */
  readonly writeAsideBytesMin: number;
  /** How many frames are written at once. */
  readonly framesAtOnce: number;
};

type JournalFile = {
  readonly name: string;
  readonly file: DiskFile;
  /** Those that no frame is being written through; none without syncs. */
  readonly through: DiskFile[];
  size: number;
  incarnation: Uint8Array;
  ordinal: number;
  /** Where the next frame goes. */
  end: number;
  /** Of the newest frame in it that counts. */
  lastSequence: number;
  failed: boolean;
};

export class Journal {
  readonly #disk: Disk;
  readonly #dice: Dice;
  readonly #directory: string;
  readonly #sizes: JournalSizes;
  readonly #synced: boolean;
  #nextOrdinal: number;
  #wantedBytes: number;
  #active: JournalFile | undefined;
  #spare: Promise<JournalFile> | undefined;
  #rolled: JournalFile[] = [];
  #free: JournalFile[] = [];
  readonly #names = new Set<string>();
  #bytesWritten = 0;

  constructor(options: {
    disk: Disk;
    dice: Dice;
    directory: string;
    sizes: JournalSizes;
    /** False with durability `os`. */
    synced: boolean;
    nextOrdinal: number;
  }) {
    this.#disk = options.disk;
    this.#dice = options.dice;
    this.#directory = options.directory;
    this.#sizes = options.sizes;
    this.#synced = options.synced;
    this.#nextOrdinal = options.nextOrdinal;
    this.#wantedBytes = options.sizes.fileBytesMin;
  }

  static isJournal(name: string): boolean {
    return JOURNAL_NAME.test(name);
  }

  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  /** The life that the next frame belongs to. There is a file at hand: `room` said so. */
  get incarnation(): Uint8Array {
    assert(this.#active !== undefined, 'a journal file is open');
    return this.#active.incarnation;
  }

  get rolledFiles(): number {
    return this.#rolled.length;
  }

  get rolledBytes(): number {
    return this.#rolled.reduce((total, file) => total + file.end, 0);
  }

  /** The newest sequence in files that are no longer written; 0 when there is no such file. */
  get rolledSequence(): number {
    return this.#rolled.at(-1)?.lastSequence ?? 0;
  }

  /** How long a frame may best be: short enough that a file holds several. */
  get frameBytesWanted(): number {
    return (this.#active?.size ?? this.#sizes.fileBytesMin) / 4;
  }

  /** Takes over a file found at the start: with frames that are not in segments yet, or (`lastSequence` 0) without. */
  async adopt(found: {
    name: string;
    file: DiskFile;
    size: number;
    end: number;
    lastSequence: number;
    /** It is not to be recycled. */
    failed: boolean;
  }): Promise<void> {
    const file: JournalFile = {
      ...found,
      ...{ through: [], incarnation: new Uint8Array(INCARNATION_BYTES), ordinal: 0 },
    };
    this.#names.add(found.name);
    if (found.lastSequence > 0) this.#rolled.push(file);
    else await this.#freeOrDiscard(file);
  }

  /** True when the frame fits into the file that is being written; a frame longer than a whole file may be its only one. */
  fits(frameBytes: number): boolean {
    const active = this.#active;
    if (active === undefined) return false;
    return active.end === JOURNAL_HEADER_BYTES || active.end + frameBytes <= active.size;
  }

  /** Takes the place of the next frame, which fits. */
  place(frameBytes: number): number {
    const active = this.#active;
    assert(active !== undefined, 'a journal file is open');
    const at = active.end;
    active.end += frameBytes;
    active.size = Math.max(active.size, active.end);
    return at;
  }

  /** Stops writing the present file: no frame is on its way. Resolves to true when it held frames, so that there is something to rewrite. */
  async roll(): Promise<boolean> {
    const active = this.#active;
    if (active === undefined) return false;
    this.#active = undefined;
    if (active.lastSequence > 0) {
      this.#rolled.push(active);
      return true;
    }
    await this.#freeOrDiscard(active);
    return false;
  }

  /** Takes the spare, made now if there is none, as the file to write. */
  async openNext(): Promise<void> {
    assert(this.#active === undefined, 'the last journal file was rolled');
    const spare = (this.#spare ??= this.#prepare());
    try {
      this.#active = await spare;
    } finally {
      this.#spare = undefined;
    }
  }

  /** Makes the next file ready in the background, once the present one is half full. After a failure it is tried again when it is needed. */
  prepareAhead(): void {
    const active = this.#active;
    if (active === undefined || this.#spare !== undefined || active.end * 2 < active.size) return;
    this.#wantedBytes = Math.min(active.size * 2, this.#sizes.fileBytesMax);
    const spare = this.#prepare();
    this.#spare = spare;
    spare.catch(() => {
      if (this.#spare === spare) this.#spare = undefined;
    });
  }

  /** Writes a frame at its place; when it resolves, the frame is as durable as this journal makes it. */
  async write(frame: Uint8Array, length: number, at: number): Promise<void> {
    const active = this.#active;
    assert(active !== undefined, 'a journal file is open');
    try {
      if (this.#synced) await writeThrough(active, frame, length, at);
      // A small one is written at once, which costs less than asking for it.
      else if (length < this.#sizes.writeAsideBytesMin) active.file.writeSync(frame, 0, length, at);
      else await active.file.write(frame, 0, length, at);
    } catch (error) {
      active.failed = true;
      throw error;
    }
    this.#bytesWritten += length;
  }

  /** Makes all frames durable that are not in segments; they are already, but with durability `os`. */
  async syncAll(): Promise<void> {
    if (this.#synced) return;
    for (const { file } of this.#rolled) await file.sync();
    await this.#active?.file.sync();
  }

  /** The frame counts, and all before it. */
  counts(sequence: number): void {
    assert(this.#active !== undefined, 'a journal file is open');
    this.#active.lastSequence = sequence;
  }

  /** Everything up to `sequence` is in segments: its files are free. */
  async release(sequence: number): Promise<void> {
    const done = this.#rolled.filter((file) => file.lastSequence <= sequence);
    this.#rolled = this.#rolled.filter((file) => file.lastSequence > sequence);
    for (const file of done) await this.#freeOrDiscard(file);
  }

  async close(): Promise<void> {
    const spare = await this.#spare?.catch(() => undefined);
    for (const file of [this.#active, spare, ...this.#rolled, ...this.#free]) {
      if (file !== undefined) await closeAll(file);
    }
  }

  async #freeOrDiscard(file: JournalFile): Promise<void> {
    if (file.failed || this.#free.length >= FREE_FILES_MAX) await this.#discard(file);
    else this.#free.push(file);
  }

  async #discard(file: JournalFile): Promise<void> {
    await closeAll(file).catch(() => {});
    await this.#disk.remove(join(this.#directory, file.name)).catch(() => {});
    // Only now: a new file that took the name before would be the one that is removed.
    this.#names.delete(file.name);
  }

  async #prepare(): Promise<JournalFile> {
    const file = this.#free.shift() ?? (await this.#create());
    try {
      await this.#grow(file);
      await this.#openThrough(file);
      file.ordinal = this.#nextOrdinal++;
      file.incarnation = this.#dice.bytes(INCARNATION_BYTES);
      file.end = JOURNAL_HEADER_BYTES;
      file.lastSequence = 0;
      const header = encodeJournalHeader({ ...file, synced: this.#synced });
      await file.file.write(header, 0, header.length, 0);
      await file.file.sync();
    } catch (error) {
      await this.#discard(file);
      throw error;
    }
    return file;
  }

  async #create(): Promise<JournalFile> {
    let number = 0;
    const name = (): string => `journal-${String(number).padStart(3, '0')}`;
    while (this.#names.has(name())) number++;
    const path = join(this.#directory, name());
    const file: JournalFile = {
      name: name(),
      // What a file of this name holds was not taken over at the start, or is left from a failure: it is not needed.
      file: await this.#disk.open(path, 'create'),
      through: [],
      size: 0,
      incarnation: new Uint8Array(INCARNATION_BYTES),
      ordinal: 0,
      end: 0,
      lastSequence: 0,
      failed: false,
    };
    this.#names.add(file.name);
    try {
      await file.file.truncate(0);
      await this.#disk.syncDirectory(this.#directory);
    } catch (error) {
      await this.#discard(file);
      throw error;
    }
    return file;
  }

  async #openThrough({ file, through }: JournalFile): Promise<void> {
    if (!this.#synced) return;
    while (through.length < this.#sizes.framesAtOnce)
      through.push(await this.#disk.open(file.path, 'through'));
  }

  /** Writes zeros beyond the present size. On a full disk a file of the least size is good enough. */
  async #grow(file: JournalFile): Promise<void> {
    if (file.size >= this.#wantedBytes) return;
    const zeros = new Uint8Array(Math.min(ZEROS_BYTES, this.#wantedBytes - file.size));
    let unsynced = 0;
    while (file.size < this.#wantedBytes) {
      const count = Math.min(zeros.length, this.#wantedBytes - file.size);
      try {
        await file.file.write(zeros, 0, count, file.size);
      } catch (error) {
        if (isFull(error) && file.size >= this.#sizes.fileBytesMin) return;
        throw error;
      }
      file.size += count;
      this.#bytesWritten += count;
      unsynced += count;
      if (unsynced < ZEROS_UNSYNCED_BYTES_MAX) continue;
      unsynced = 0;
      await file.file.sync();
    }
  }
}

async function writeThrough(
  { through }: JournalFile,
  frame: Uint8Array,
  length: number,
  at: number,
): Promise<void> {
  const file = through.pop();
  assert(file !== undefined, 'no more frames are written at once than was said');
  try {
    await file.write(frame, 0, length, at);
  } finally {
    through.push(file);
  }
}

async function closeAll({ file, through }: JournalFile): Promise<void> {
  for (const each of [...through, file]) await each.close();
}
