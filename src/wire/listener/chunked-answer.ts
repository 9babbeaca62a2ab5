/**
 * Sends an answer whose chunks are made as it goes (an event stream). The next chunk is asked for only when the client has
 * room, so a slow reader costs one chunk and the socket's buffer; one that takes nothing at all is given up after a while.
 */
import type { Sweep, Watched } from './sweep.ts';

/** Where the chunks go: a stream of HTTP/2, or the frames of an HTTP/1.1 connection. */
export interface ChunkSink {
  readonly destroyed: boolean;
  /** False when there is no more room, until 'drain'. */
  write(chunk: Uint8Array): boolean;
  end(): void;
  on(event: 'drain' | 'close', listener: () => void): unknown;
  off(event: 'drain' | 'close', listener: () => void): unknown;
}

type Parts = {
  readonly sweep: Sweep;
  readonly stallMs: number;
  /** Closes the sink: its client took nothing for `stallMs`. */
  readonly giveUp: () => void;
};

/**
 * Resolves when all was handed to `sink` (which is then ended) or `sink` was closed; then the source is told by `return()`.
 * Rejects with what the source threw.
 */
export async function sendChunks(
  body: AsyncIterable<Uint8Array>,
  sink: ChunkSink,
  parts: Parts,
): Promise<void> {
  const sender = new ChunkSender(body[Symbol.asyncIterator](), sink, parts);
  parts.sweep.watch(sender);
  try {
    while (await sender.sendNext());
  } finally {
    parts.sweep.forget(sender);
    sender.stop();
  }
}

class ChunkSender implements Watched {
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #sink: ChunkSink;
  readonly #parts: Parts;
  #stalledSinceMs: number | undefined;
  #closed: boolean;
  #finished = false;
  /** Wakes whatever is being waited for, the next chunk or room for it: true to go on, false when the sink is closed. */
  #wake: ((open: boolean) => void) | undefined;

  constructor(iterator: AsyncIterator<Uint8Array>, sink: ChunkSink, parts: Parts) {
    this.#iterator = iterator;
    this.#sink = sink;
    this.#parts = parts;
    this.#closed = sink.destroyed;
    sink.on('drain', this.#onDrain);
    sink.on('close', this.#onClose);
  }

  /** Resolves to false when there is nothing more to send or nobody to send it to. */
  async sendNext(): Promise<boolean> {
    if (this.#closed) return false;
    const next = await this.#next();
    if (next === undefined || this.#closed) return false;
    if (next.done === true) {
      this.#sink.end();
      return false;
    }
    if (this.#sink.write(next.value)) return true;
    this.#stalledSinceMs = this.#parts.sweep.now();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  check(nowMs: number): void {
    if (this.#stalledSinceMs !== undefined && nowMs - this.#stalledSinceMs > this.#parts.stallMs) {
      this.#parts.giveUp();
    }
  }

  stop(): void {
    this.#sink.off('drain', this.#onDrain);
    this.#sink.off('close', this.#onClose);
    if (!this.#finished) this.#iterator.return?.().then(undefined, () => {});
  }

  /** A source may be waiting for data that never comes when the client leaves, so it is not waited for then. */
  async #next(): Promise<IteratorResult<Uint8Array> | undefined> {
    const gone = new Promise<undefined>((resolve) => {
      this.#wake = () => resolve(undefined);
    });
    try {
      const next = await Promise.race([this.#iterator.next(), gone]);
      this.#finished = next?.done === true;
      return next;
    } catch (error) {
      this.#finished = true;
      throw error;
    }
  }

  readonly #onDrain = (): void => {
    if (this.#stalledSinceMs === undefined) return;
    this.#stalledSinceMs = undefined;
    this.#wake?.(true);
  };

  readonly #onClose = (): void => {
    this.#closed = true;
    this.#wake?.(false);
  };
}
