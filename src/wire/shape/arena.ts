/**
 * Memory that decoded blobs lie in, used again by one request after another: as much is allocated for every body that the collector would
 * otherwise run after every few. Whoever takes an arena gives it back when nothing of the decoded input is needed any more.
 */
export type Arena = { bytes: Buffer };

const KEPT_MAX = 16;
/** A larger one is for the collector. */
const KEPT_BYTES_MAX = 1024 * 1024;

export class Arenas {
  readonly #kept: Arena[] = [];

  take(): Arena {
    return this.#kept.pop() ?? { bytes: Buffer.allocUnsafeSlow(0) };
  }

  give(arena: Arena): void {
    if (this.#kept.length < KEPT_MAX && arena.bytes.length <= KEPT_BYTES_MAX) this.#kept.push(arena);
  }
}
