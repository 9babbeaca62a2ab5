/** The rows of a relation that has an end, as a stream: all come when the program is first told a time, and have that time; then nothing comes any more. */
import type { Row } from '../value.ts';
import type { Operator, Plain, Receiver, StateChanges } from './operator.ts';

export class FiniteSource implements Operator, Receiver {
  readonly inputs = [this];
  readonly #rows: () => readonly Row[];
  readonly #startMs: number;
  readonly #out: Receiver;
  #isGiven = false;
  #isSaved = false;

  /** `startMs`: their time where the program ends before it is told one. */
  constructor(rows: () => readonly Row[], startMs: number, out: Receiver) {
    this.#rows = rows;
    this.#startMs = startMs;
    this.#out = out;
  }

  row(): void {
    // Nothing comes in.
  }

  bound(timeMs: number): void {
    if (this.#isGiven) return;
    this.#isGiven = true;
    const rowtimeMs = timeMs === Infinity ? this.#startMs : timeMs;
    for (const row of this.#rows()) this.#out.row([rowtimeMs, ...row.slice(1)]);
    this.#out.bound(Infinity);
  }

  save(changes: StateChanges): void {
    if (this.#isSaved || !this.#isGiven) return;
    this.#isSaved = true;
    changes.put('given', true);
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    if (cells.get('given') === undefined) return;
    this.#isGiven = true;
    this.#isSaved = true;
  }
}
