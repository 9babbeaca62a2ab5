/** What comes on an HTTP/1.1 connection: what was read and not yet looked at, and whether reading goes on. */
import type { Duplex } from 'node:stream';

const NOTHING = Buffer.alloc(0);

export class Http1Input {
  readonly #socket: Duplex;
  /** What was not yet looked at begins at `at`. */
  bytes: Buffer = NOTHING;
  at = 0;
  /** The client has ended its side. */
  ended = false;
  #paused = false;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** All that was read was looked at. */
  get empty(): boolean {
    return this.at === this.bytes.length;
  }

  add(chunk: Buffer): void {
    // There may be more than the chunk: one that was under way when reading was paused.
    this.bytes = this.empty ? chunk : Buffer.concat([this.bytes.subarray(this.at), chunk]);
    this.at = 0;
  }

  /** Forgets what was read, looked at or not. */
  clear(): void {
    this.bytes = NOTHING;
    this.at = 0;
  }

  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#socket.resume();
  }
}
