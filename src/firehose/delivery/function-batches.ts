/** Records wait here until there are as many as the function wants to see at once, or until they have waited long enough. */
import type { Clock, TimerHandle } from '../../host/host.ts';
import type { SourceRead } from '../../readers/record-source.ts';
import type { IncomingRecord, Processing } from '../processing/processing.ts';
import type { MemoryBudget } from './budget.ts';

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

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Resolves when more may come. */
  async add(
    unit: string,
    incoming: readonly IncomingRecord[],
    { after, finished }: SourceRead,
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
    this.#parts.budget.charge(bytes);
    gathered.bytes += bytes;
    gathered.after = after;
    gathered.ended = finished;
    if (finished || gathered.bytes >= batching.bytes) await this.#handOn(gathered, batching);
    else {
      gathered.timer ??= this.#parts.clock.timer(
        batching.intervalMs,
        () => void this.#handOn(gathered, batching),
        {
          background: true,
        },
      );
    }
    if (finished) this.#units.delete(unit);
  }

  [Symbol.dispose](): void {
    for (const { timer, bytes } of this.#units.values()) {
      timer?.cancel();
      this.#parts.budget.refund(bytes);
    }
    this.#units.clear();
  }

  #handOn(gathered: Gathered, batching: Batching): Promise<void> {
    gathered.timer?.cancel();
    gathered.timer = undefined;
    const { records, bytes, after, ended } = gathered;
    gathered.records = [];
    gathered.bytes = 0;
    const pieces = piecesOf(records, batching.bytes);
    gathered.processed = this.#processAfter(gathered.processed, gathered.unit, pieces, after, ended, bytes);
    return gathered.processed;
  }

  async #processAfter(
    before: Promise<void>,
    unit: string,
    pieces: readonly (readonly IncomingRecord[])[],
    after: number,
    ended: boolean,
    bytes: number,
  ): Promise<void> {
    await before;
    await this.#processAll(unit, pieces, after, ended);
    this.#parts.budget.refund(bytes);
  }

  async #processAll(
    unit: string,
    pieces: readonly (readonly IncomingRecord[])[],
    after: number,
    ended: boolean,
  ): Promise<void> {
    const { process, signal } = this.#parts;
    for (const [index, piece] of pieces.entries()) {
      const next = pieces[index + 1]?.[0];
      while (!signal.aborted) {
        try {
          // Parts of one aggregate may stand in two pieces.
          await process(
            unit,
            piece,
            next === undefined ? after : next.position - 1,
            ended && next === undefined,
          );
          break;
        } catch (error) {
          if (signal.aborted) return;
          this.#parts.onFailure(error);
          await this.#parts.clock.sleep(FAILURE_PAUSE_MS, signal).catch(() => {});
        }
      }
    }
  }
}

/** In their order, each with so many bytes at most, or one record. At least one piece. */
function piecesOf(
  records: readonly IncomingRecord[],
  bytesMax: number,
): readonly (readonly IncomingRecord[])[] {
  const pieces: IncomingRecord[][] = [[]];
  let bytes = 0;
  for (const record of records) {
    bytes += record.data.length;
    if (bytes > bytesMax && pieces.at(-1)!.length > 0) {
      pieces.push([]);
      bytes = record.data.length;
    }
    pieces.at(-1)!.push(record);
  }
  return pieces;
}
