/** Records wait here until there are as many as the function wants to see at once, or until they have waited long enough. */
import type { Clock, TimerHandle } from '../../host/host.ts';
import type { SourceRead } from '../../readers/record-source.ts';
import type { IncomingRecord, Processing } from '../processing/processing.ts';
import type { MemoryBudget } from './budget.ts';

/** "Up to 5 outstanding Lambda invocations per shard": the developer guide. Processing makes as many of what it gets at once. */
const INVOCATIONS_AT_ONCE = 5;
/** Of all memory for records, one delivery stream holds this part for its function, if that is more than what those invocations take. */
const MEMORY_PART = 1 / 16;
const FAILURE_PAUSE_MS = 1_000;

type Batching = NonNullable<Processing['batching']>;

type Gathered = {
  readonly unit: string;
  records: IncomingRecord[];
  bytes: number;
  after: number;
  ended: boolean;
  timer: TimerHandle | undefined;
  /** Ends when everything that was handed on before is processed. */
  processed: Promise<void>;
};

type Parts = {
  readonly clock: Clock;
  readonly budget: MemoryBudget;
  readonly process: (
    unit: string,
    records: readonly IncomingRecord[],
    after: number,
    ended: boolean,
  ) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
  readonly signal: AbortSignal;
};

export class FunctionBatches implements Disposable {
  readonly #parts: Parts;
  readonly #units = new Map<string, Gathered>();
  /** Gathered, or handed on and not yet processed: of a function that hangs it may not take the memory of all delivery streams. */
  #heldBytes = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Resolves when more may come. */
  async add(
    unit: string,
    incoming: readonly IncomingRecord[],
    { after, atEnd, finished }: SourceRead,
    batching: Batching,
  ): Promise<void> {
    let gathered = this.#units.get(unit);
    if (gathered === undefined) {
      gathered = {
        unit,
        records: [],
        bytes: 0,
        after,
        ended: false,
        timer: undefined,
        processed: Promise.resolve(),
      };
      this.#units.set(unit, gathered);
    }
    let bytes = 0;
    for (const record of incoming) {
      gathered.records.push(record);
      bytes += record.data.length;
    }
    this.#hold(bytes);
    gathered.bytes += bytes;
    gathered.after = after;
    gathered.ended = finished;
    const most = batching.bytes * INVOCATIONS_AT_ONCE;
    const enough = atEnd ? batching.bytes : most;
    const isFull = this.#heldBytes >= Math.max(most, this.#parts.budget.bytesMax * MEMORY_PART);
    if (finished || isFull || gathered.bytes >= enough) await this.#handOn(gathered);
    else {
      const handOn = (): void => void this.#handOn(gathered);
      gathered.timer ??= this.#parts.clock.timer(batching.intervalMs, handOn, { background: true });
    }
    if (finished) this.#units.delete(unit);
  }

  [Symbol.dispose](): void {
    for (const { timer, bytes } of this.#units.values()) {
      timer?.cancel();
      this.#letGo(bytes);
    }
    this.#units.clear();
  }

  #handOn(gathered: Gathered): Promise<void> {
    gathered.timer?.cancel();
    gathered.timer = undefined;
    const { unit, records, bytes, after, ended, processed } = gathered;
    gathered.records = [];
    gathered.bytes = 0;
    gathered.processed = this.#processAfter(processed, { unit, records, bytes, after, ended });
    return gathered.processed;
  }

  async #processAfter(
    before: Promise<void>,
    { unit, records, bytes, after, ended }: Omit<Gathered, 'timer' | 'processed'>,
  ): Promise<void> {
    const { process, signal, onFailure, clock } = this.#parts;
    await before;
    while (!signal.aborted) {
      try {
        await process(unit, records, after, ended);
        break;
      } catch (error) {
        if (signal.aborted) break;
        onFailure(error);
        await clock.sleep(FAILURE_PAUSE_MS, signal).catch(() => {});
      }
    }
    this.#letGo(bytes);
  }

  #hold(bytes: number): void {
    this.#heldBytes += bytes;
    this.#parts.budget.charge(bytes);
  }

  #letGo(bytes: number): void {
    this.#heldBytes -= bytes;
    this.#parts.budget.refund(bytes);
  }
}
