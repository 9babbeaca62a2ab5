/**
 * Memory that one request after another uses again: bodies, what is decoded from them, answers. As much is needed for every request that
 * the collector would otherwise run after every few. Whoever takes an arena gives it back when nothing in it is needed any
 * more; never giving it back is no fault, it is then the collector's.
 */
export type Arena = { bytes: Buffer };

const NOTHING = Buffer.alloc(0);

export class Arenas {
  readonly #keptBytesMax: number;
  #kept: Buffer[] = [];
  #keptBytes = 0;

  /** Keeps no more than this. */
  constructor(keptBytesMax: number) {
    this.#keptBytesMax = keptBytesMax;
  }

  take(): Arena {
    const bytes = this.#kept.pop() ?? NOTHING;
    this.#keptBytes -= bytes.length;
    return { bytes };
  }

  /** The arena has no bytes afterwards, so that giving it back twice does no harm. */
  give(arena: Arena): void {
    const { bytes } = arena;
    arena.bytes = NOTHING;
    if (bytes.length === 0 || this.#keptBytes + bytes.length > this.#keptBytesMax) return;
    this.#kept.push(bytes);
    this.#keptBytes += bytes.length;
  }
}

/** Makes sure that the arena has so many bytes. What it held is gone when it had fewer. */
export function roomIn(arena: Arena, bytes: number): Buffer {
  if (arena.bytes.length < bytes) arena.bytes = Buffer.allocUnsafeSlow(bytes);
  return arena.bytes;
}
