/**
 * How far delivery goes in one turn of the event loop: one read, of whichever delivery stream, and what is done with its records. Requests are answered
 * between any two of them. Without it a delivery stream that has much to catch up with goes from read to read as long as the log has them in memory,
 * and nobody else is served meanwhile.
 */
import type { Clock } from '../../host/host.ts';

/** Some two milliseconds of work on small records. */
export const READ_RECORDS_MAX = 1_000;
export const READ_BYTES_MAX = 256 * 1024;

export class Pace {
  readonly #clock: Pick<Clock, 'turn'>;
  #last: Promise<void> = Promise.resolve();

  constructor(clock: Pick<Clock, 'turn'>) {
    this.#clock = clock;
  }

  /** Resolves in a later turn, for one caller in each. */
  turn(): Promise<void> {
    this.#last = this.#last.then(() => this.#clock.turn());
    return this.#last;
  }
}
