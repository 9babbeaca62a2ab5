/**
 * The meter that keeps what it counts: every few seconds, at the end of each hour and when it is closed, the counters go into the
 * catalog's hourly rows. What a crash loses is what was counted since the last write. When the catalog cannot be written the
 * amounts stay in memory and are tried again; metering never disturbs the work that it measures.
 */
import { sql } from 'kysely';
import type { Catalog } from '../catalog/catalog.ts';
import type { Clock, TimerHandle } from '../host/host.ts';
import {
  DELIVERY_COUNTERS,
  STREAM_COUNTERS,
  type CountedUnit,
  type DeliveryMeter,
  type DeliveryMeters,
  type Meter,
  type StreamMeter,
} from './meter.ts';

const HOUR_MS = 3_600_000;
const WRITE_EVERY_MS = 15_000;
/** Rows of one statement: SQLite and PostgreSQL both bound the number of parameters. */
const ROWS_A_STATEMENT = 500;

type Row = {
  readonly resource_id: string;
  readonly hour_ms: number;
  readonly counter: string;
  readonly amount: number;
};

export class UsageMeter implements Meter, DeliveryMeters, AsyncDisposable {
  readonly #catalog: Catalog;
  readonly #clock: Clock;
  readonly #onFailure: (error: unknown) => void;
  readonly #streams = new Counted(STREAM_COUNTERS);
  readonly #deliveryStreams = new Counted(DELIVERY_COUNTERS);
  /** Taken out of the counters, not yet in the catalog. By stream, hour and counter, so that a long failure does not grow it with time. */
  #unwritten = new Map<string, Row>();
  /** By reader and unit. */
  readonly #counted = new Map<string, Map<string, Marked>>();
  #hourMs: number;
  #timer: TimerHandle;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: {
    readonly catalog: Catalog;
    readonly clock: Clock;
    /** Told of a write that failed and will be tried again. */
    readonly onFailure: (error: unknown) => void;
  }) {
    this.#catalog = parts.catalog;
    this.#clock = parts.clock;
    this.#onFailure = parts.onFailure;
    this.#hourMs = hourOf(parts.clock.now());
    this.#timer = this.#later();
  }

  stream(streamId: string): StreamMeter {
    return this.#streams.of(streamId);
  }

  deliveryStream(id: string): DeliveryMeter {
    return this.#deliveryStreams.of(id);
  }

  counted(id: string, unit: string, kept: number): CountedUnit {
    let units = this.#counted.get(id);
    if (units === undefined) this.#counted.set(id, (units = new Map()));
    let marked = units.get(unit);
    if (marked === undefined) units.set(unit, (marked = { position: kept, taken: kept, written: kept }));
    return marked;
  }

  forget(id: string): void {
    this.#counted.delete(id);
    this.#streams.forget(id);
    this.#deliveryStreams.forget(id);
  }

  /** What was counted since the start; it only grows. */
  total(streamId: string): Readonly<StreamMeter> {
    return this.#streams.total(streamId);
  }

  deliveryTotal(id: string): Readonly<DeliveryMeter> {
    return this.#deliveryStreams.total(id);
  }

  /** Writes what was counted; resolves when it is durable, or has failed and is kept. */
  write(): Promise<void> {
    this.#take();
    this.#writing = this.#writing.then(() => this.#writeRows());
    return this.#writing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer.cancel();
    await this.write();
  }

  /** At the latest when the hour ends, so that amounts are the hour's in which they were counted. */
  #later(): TimerHandle {
    const toHourEndMs = this.#hourMs + HOUR_MS - this.#clock.now();
    const delayMs = Math.min(WRITE_EVERY_MS, Math.max(toHourEndMs, 1));
    const write = (): void => {
      void this.write();
      this.#timer = this.#later();
    };
    return this.#clock.timer(delayMs, write, { background: true });
  }

  #take(): void {
    const keep = (resource_id: string, counter: string, amount: number): void =>
      this.#keep({ resource_id, hour_ms: this.#hourMs, counter, amount });
    this.#streams.take(keep);
    this.#deliveryStreams.take(keep);
    for (const units of this.#counted.values())
      for (const marked of units.values()) marked.taken = marked.position;
    this.#hourMs = hourOf(this.#clock.now());
  }

  #keep(row: Row): void {
    const key = `${row.resource_id}/${row.hour_ms}/${row.counter}`;
    const amount = row.amount + (this.#unwritten.get(key)?.amount ?? 0);
    this.#unwritten.set(key, { ...row, amount });
  }

  async #writeRows(): Promise<void> {
    if (this.#unwritten.size === 0) return;
    const rows = [...this.#unwritten.values()];
    this.#unwritten = new Map();
    // As far as the rows say it: another call may have taken more before this one ends.
    const marks = [...this.#counted].flatMap(([reader, units]) =>
      [...units]
        .filter(([, { taken, written }]) => taken > written)
        .map(([unit, marked]) => ({ reader, unit, marked, position: marked.taken })),
    );
    try {
      await this.#catalog.transact(async (transaction) => {
        for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT) {
          await transaction
            .insertInto('usage')
            .values(rows.slice(at, at + ROWS_A_STATEMENT))
            .onConflict((conflict) =>
              conflict
                .columns(['resource_id', 'hour_ms', 'counter'])
                .doUpdateSet({ amount: sql`usage.amount + excluded.amount` }),
            )
            .execute();
        }
        for (const { reader, unit, position } of marks) {
          await transaction
            .updateTable('reader_checkpoints')
            .set({ counted_position: position })
            .where('reader_id', '=', reader)
            .where('unit_id', '=', unit)
            .execute();
        }
      });
      for (const { marked, position } of marks) marked.written = position;
    } catch (error) {
      for (const row of rows) this.#keep(row);
      this.#onFailure(error);
    }
  }
}

function hourOf(timeMs: number): number {
  return Math.floor(timeMs / HOUR_MS) * HOUR_MS;
}

/** `taken`: with the rows that are about to be written. */
type Marked = CountedUnit & { taken: number; written: number };

/** The counters of one kind of resource, by its id. */
class Counted<Name extends string> {
  readonly #names: readonly Name[];
  readonly #counters = new Map<string, Record<Name, number>>();
  /** What was taken out of the counters since the start, for metrics. */
  readonly #taken = new Map<string, Record<Name, number>>();
  readonly #forgotten = new Set<string>();

  constructor(names: readonly Name[]) {
    this.#names = names;
  }

  of(id: string): Record<Name, number> {
    let counters = this.#counters.get(id);
    if (counters === undefined) this.#counters.set(id, (counters = this.#each(() => 0)));
    return counters;
  }

  forget(id: string): void {
    if (this.#counters.has(id)) this.#forgotten.add(id);
  }

  total(id: string): Record<Name, number> {
    const counters = this.#counters.get(id);
    const taken = this.#taken.get(id);
    return this.#each((name) => (counters?.[name] ?? 0) + (taken?.[name] ?? 0));
  }

  take(keep: (id: string, name: Name, amount: number) => void): void {
    for (const [id, counters] of this.#counters) {
      let taken = this.#taken.get(id);
      if (taken === undefined) this.#taken.set(id, (taken = this.#each(() => 0)));
      for (const name of this.#names) {
        const amount = counters[name];
        counters[name] = 0;
        taken[name] += amount;
        if (amount !== 0) keep(id, name, amount);
      }
    }
    for (const id of this.#forgotten) {
      this.#counters.delete(id);
      this.#taken.delete(id);
    }
    this.#forgotten.clear();
  }

  #each(value: (name: Name) => number): Record<Name, number> {
    return Object.fromEntries(this.#names.map((name) => [name, value(name)])) as Record<Name, number>;
  }
}
