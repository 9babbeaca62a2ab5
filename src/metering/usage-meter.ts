/**
 * The meter that keeps what it counts: every few seconds, at the end of each hour and when it is closed, the counters go into the
 * catalog's hourly rows. What a crash loses is what was counted since the last write. When the catalog cannot be written the
 * amounts stay in memory and are tried again; metering never disturbs the work that it measures.
 */
import { sql } from 'kysely';
import type { Catalog } from '../catalog/catalog.ts';
import type { Clock, TimerHandle } from '../host/host.ts';
import { STREAM_COUNTERS, type Meter, type StreamMeter } from './meter.ts';

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

export class UsageMeter implements Meter, AsyncDisposable {
  readonly #catalog: Catalog;
  readonly #clock: Clock;
  readonly #onFailure: (error: unknown) => void;
  readonly #streams = new Map<string, StreamMeter>();
  /** What was taken out of the counters since the start, for metrics. */
  readonly #taken = new Map<string, StreamMeter>();
  readonly #forgotten = new Set<string>();
  /** Taken out of the counters, not yet in the catalog. By stream, hour and counter, so that a long failure does not grow it with time. */
  #unwritten = new Map<string, Row>();
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
    let counters = this.#streams.get(streamId);
    if (counters === undefined) this.#streams.set(streamId, (counters = zero()));
    return counters;
  }

  forget(streamId: string): void {
    this.#forgotten.add(streamId);
  }

  /** What was counted since the start; it only grows. */
  total(streamId: string): Readonly<StreamMeter> {
    const counters = this.#streams.get(streamId);
    const taken = this.#taken.get(streamId);
    return Object.fromEntries(
      STREAM_COUNTERS.map((counter) => [counter, (counters?.[counter] ?? 0) + (taken?.[counter] ?? 0)]),
    ) as StreamMeter;
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
    for (const [streamId, counters] of this.#streams) {
      let taken = this.#taken.get(streamId);
      if (taken === undefined) this.#taken.set(streamId, (taken = zero()));
      for (const counter of STREAM_COUNTERS) {
        const amount = counters[counter];
        counters[counter] = 0;
        taken[counter] += amount;
        if (amount !== 0) {
          this.#keep({ resource_id: streamId, hour_ms: this.#hourMs, counter, amount });
        }
      }
    }
    for (const streamId of this.#forgotten) {
      this.#streams.delete(streamId);
      this.#taken.delete(streamId);
    }
    this.#forgotten.clear();
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
      });
    } catch (error) {
      for (const row of rows) this.#keep(row);
      this.#onFailure(error);
    }
  }
}

function hourOf(timeMs: number): number {
  return Math.floor(timeMs / HOUR_MS) * HOUR_MS;
}

function zero(): StreamMeter {
  return Object.fromEntries(STREAM_COUNTERS.map((counter) => [counter, 0])) as StreamMeter;
}
