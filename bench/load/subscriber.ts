/**
 * Reads the event stream of a SubscribeToShard and says when a text came by. Over HTTP/1.1, without parsing the frames: the text
 * it looks for is the base64 of a record's first bytes.
 */
import { connect, type Socket } from 'node:net';

/** The end of what came before, in case the text is cut in two. */
const KEPT_CHARACTERS = 256;

export class Subscriber {
  readonly #socket: Socket;
  #before = '';
  #wanted: string | undefined;
  #onSeen: () => void = () => {};

  constructor(port: number, request: Uint8Array) {
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true });
    this.#socket.write(request);
    this.#socket.on('data', (chunk) => this.#look(chunk.toString('latin1')));
    this.#socket.on('error', () => {});
  }

  /** Resolves when the server has begun its answer. */
  get started(): Promise<void> {
    return this.sees('initial-response');
  }

  sees(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.#onSeen = resolve;
      this.#wanted = text;
      this.#look('');
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #look(text: string): void {
    const all = this.#before + text;
    this.#before = all.slice(-KEPT_CHARACTERS);
    if (this.#wanted === undefined || !all.includes(this.#wanted)) return;
    this.#wanted = undefined;
    this.#onSeen();
  }
}
