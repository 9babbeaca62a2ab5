/**
 * Reads all units of a source for one consumer. A unit begins when everything of its parents is safe, so that records of a key are handed out
 * in their order over splits and merges. Reading is pulled: the next read of a unit waits until the consumer has taken the last one, and no more than
 * `parallel` units are read at once; a unit that has no more is read again when the source says that it has, or after a while.
 *
 * The reader keeps no records and moves no checkpoint: the consumer does, when its work is safe, and then says which units are finished.
 */
import type { Clock, TimerHandle } from '../host/host.ts';
import type { Checkpoints, Ownership } from './checkpoints.ts';
import {
  SourceGoneError,
  type RecordSource,
  type SourceRead,
  type SourceUnit,
  type StartingPoint,
} from './record-source.ts';

/** For a source whose calls got lost. */
const POLL_MS = 30_000;
const FAILURE_PAUSE_MS = 1_000;

export type ReaderParts = {
  readonly source: RecordSource;
  readonly clock: Clock;
  readonly checkpoints: Checkpoints;
  readonly ownership: Ownership;
  /** Where units begin that are there at the very first start; later ones are read from their oldest record. */
  readonly start: StartingPoint;
  /** How many units are read at once. */
  readonly parallel: number;
  readonly recordsMax: number;
  readonly bytesMax: number;
  /** Resolves when there is room for another read. */
  readonly room: () => Promise<void>;
  /** Called in a unit's order, once at a time for each; the next read waits for it. `read.records` may be empty at the end of a finished unit. */
  readonly take: (unit: string, read: SourceRead) => Promise<void>;
  /** Where reading of a unit begins, before anything of it is taken. */
  readonly onBegin: (unit: string, after: number) => void;
  /** What is left of the unit is gone: nothing more is read of it. */
  readonly onGone: (unit: string) => void;
  /** A read or the taking of it failed, and is tried again. */
  readonly onFailure: (error: unknown, unit: string) => void;
};

type UnitState = {
  readonly unit: SourceUnit;
  /** It came after the start, so that all of its records are to be read. */
  readonly isLater: boolean;
  /** -1 until it is known where reading begins. */
  after: number;
  phase: 'waiting' | 'beginning' | 'queued' | 'reading' | 'idle' | 'drained' | 'finished';
  /** Something came while it was read. */
  changed: boolean;
  watch: Disposable | undefined;
  timer: TimerHandle | undefined;
};

export class Reader implements AsyncDisposable {
  readonly #parts: ReaderParts;
  readonly #units = new Map<string, UnitState>();
  readonly #queue: UnitState[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #first: boolean;
  #watch: Disposable | undefined;
  #started = false;
  #serving = 0;
  readonly #stopping = new AbortController();

  constructor(parts: ReaderParts) {
    this.#parts = parts;
    this.#first = parts.ownership.checkpoints.size === 0;
  }

  start(): void {
    this.#watch = this.#parts.source.watchUnits(() => this.#refresh());
    this.#refresh();
    this.#started = true;
  }

  /** All of the unit is safe, and its checkpoint says so: its children may begin. */
  finish(unit: string): void {
    const state = this.#units.get(unit);
    if (state === undefined) return;
    this.#rest(state, 'finished');
    this.#beginReady();
  }

  /** How many units are open to be read, and how many wait for their parents. */
  counts(): { readonly reading: number; readonly waiting: number } {
    let waiting = 0;
    let finished = 0;
    for (const { phase } of this.#units.values()) {
      if (phase === 'waiting') waiting++;
      else if (phase === 'finished') finished++;
    }
    return { reading: this.#units.size - waiting - finished, waiting };
  }

  /** Reads nothing more, and resolves when what was under way has ended. Whoever waits in `take` or `room` has to be let go by the caller. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    this.#watch?.[Symbol.dispose]();
    for (const state of this.#units.values()) this.#rest(state, state.phase);
    await Promise.allSettled(this.#running);
  }

  #refresh(): void {
    if (this.#stopping.signal.aborted) return;
    const listed = this.#parts.source.units();
    const there = new Set(listed.map(({ id }) => id));
    for (const unit of listed) {
      if (this.#units.has(unit.id)) continue;
      const known = this.#parts.ownership.checkpoints.get(unit.id);
      const phase = known?.finished ? 'finished' : 'waiting';
      this.#units.set(unit.id, {
        unit,
        isLater: this.#started || !this.#first,
        after: known?.position ?? -1,
        phase,
        changed: false,
        watch: undefined,
        timer: undefined,
      });
    }
    const forgotten = [...this.#units.values()].filter(({ unit }) => !there.has(unit.id));
    for (const state of forgotten) this.#forget(state);
    const kept = [...this.#parts.ownership.checkpoints.keys()];
    const stale = [
      ...forgotten.map(({ unit }) => unit.id),
      ...(this.#started ? [] : kept.filter((unit) => !there.has(unit))),
    ];
    if (stale.length > 0) this.#run(this.#forgetCheckpoints(stale));
    this.#beginReady();
  }

  /** Rows of units that are not there any more do no harm, so that a failure here is only told. */
  async #forgetCheckpoints(units: readonly string[]): Promise<void> {
    const { checkpoints, ownership, onFailure } = this.#parts;
    await checkpoints.forget(ownership, units).catch((error) => onFailure(error, units[0]!));
  }

  #forget(state: UnitState): void {
    const { phase, unit } = state;
    this.#rest(state, 'finished');
    this.#units.delete(unit.id);
    if (phase !== 'finished' && phase !== 'waiting') this.#parts.onGone(unit.id);
  }

  #beginReady(): void {
    if (this.#stopping.signal.aborted) return;
    for (const state of this.#units.values()) {
      if (state.phase !== 'waiting') continue;
      const held = state.unit.parents.some((parent) => {
        const of = this.#units.get(parent);
        return of !== undefined && of.phase !== 'finished';
      });
      if (held) continue;
      state.phase = 'beginning';
      this.#run(this.#begin(state));
    }
  }

  async #begin(state: UnitState): Promise<void> {
    const { source, start, checkpoints, ownership, clock } = this.#parts;
    const { id } = state.unit;
    while (!this.#stopping.signal.aborted && state.phase === 'beginning') {
      try {
        if (state.after < 0) {
          const after = state.isLater ? 0 : await source.positionAt(id, start);
          await checkpoints.write(ownership, [{ unit: id, position: after, finished: false }]);
          state.after = after;
        }
        state.watch = source.watch(id, () => this.#wake(state));
        this.#parts.onBegin(id, state.after);
        this.#enqueue(state);
        return;
      } catch (error) {
        if (error instanceof SourceGoneError) return this.#gone(state);
        if (this.#stopping.signal.aborted) return;
        this.#parts.onFailure(error, id);
        await clock.sleep(FAILURE_PAUSE_MS, this.#stopping.signal).catch(() => {});
      }
    }
  }

  #wake(state: UnitState): void {
    state.changed = true;
    if (state.phase === 'idle') this.#enqueue(state);
  }

  #enqueue(state: UnitState): void {
    state.timer?.cancel();
    state.timer = undefined;
    state.phase = 'queued';
    this.#queue.push(state);
    this.#pump();
  }

  #pump(): void {
    while (!this.#stopping.signal.aborted && this.#serving < this.#parts.parallel) {
      const state = this.#queue.shift();
      if (state === undefined) return;
      if (state.phase !== 'queued') continue;
      state.phase = 'reading';
      this.#serving++;
      this.#run(
        this.#serve(state).finally(() => {
          this.#serving--;
          this.#pump();
        }),
      );
    }
  }

  async #serve(state: UnitState): Promise<void> {
    const { source, room, take, onFailure, recordsMax, bytesMax } = this.#parts;
    const { id } = state.unit;
    try {
      await room();
      if (this.#stopping.signal.aborted) return;
      state.changed = false;
      const read = await source.read(id, state.after, recordsMax, bytesMax);
      if (read.records.length > 0 || read.after !== state.after || read.finished) await take(id, read);
      state.after = read.after;
      if (state.phase !== 'reading') return;
      if (read.finished) this.#rest(state, 'drained');
      else if (!read.atEnd || state.changed) this.#enqueue(state);
      else this.#idle(state, POLL_MS);
    } catch (error) {
      if (this.#stopping.signal.aborted || state.phase !== 'reading') return;
      if (error instanceof SourceGoneError) return this.#gone(state);
      onFailure(error, id);
      this.#idle(state, FAILURE_PAUSE_MS);
    }
  }

  #idle(state: UnitState, delayMs: number): void {
    state.phase = 'idle';
    state.timer = this.#parts.clock.timer(delayMs, () => this.#wake(state), { background: true });
  }

  #gone(state: UnitState): void {
    this.#forget(state);
    this.#refresh();
  }

  #rest(state: UnitState, phase: UnitState['phase']): void {
    state.phase = phase;
    state.watch?.[Symbol.dispose]();
    state.watch = undefined;
    state.timer?.cancel();
    state.timer = undefined;
  }

  #run(work: Promise<void>): void {
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }
}
