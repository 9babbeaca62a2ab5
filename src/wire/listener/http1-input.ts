/** What comes on an HTTP/1.1 connection: what was read and not yet looked at, and whether reading goes on. */
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

const NOTHING = Buffer.alloc(0);
/** Less is left to the collector, which is cheaper. */
const GIVEN_BACK_BYTES_MIN = 16 * 1024;

export class Http1Input {
  readonly #socket: Duplex;
  /** What was not yet looked at begins at `at`. */
  bytes: Buffer = NOTHING;
  at = 0;
  /** The client has ended its side. */
  ended = false;
  #paused = false;
  #lent = false;

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
    this.#lent = false;
  }

  /** Someone goes on looking at what was read. */
  lend(): void {
    this.#lent = true;
  }

  /**
   * Forgets what was read, looked at or not. The memory of a large chunk is given back at once: left to the collector, the chunks of
   * bodies would make it go over the whole heap for every 64 MB of them.
   */
  clear(): void {
    const { bytes } = this;
    const { buffer } = bytes;
    // Small chunks of a socket share their memory, and those of other streams may be somebody else's.
    const own = bytes.length === buffer.byteLength && this.#socket instanceof Socket;
    if (own && bytes.length >= GIVEN_BACK_BYTES_MIN && !this.#lent) (buffer as ArrayBuffer).transfer(0);
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
