/**
 * One connection that sends whole requests and looks at no more of an answer than it must: the status, the length and the first bytes of
 * the body. All connections of a process read into one buffer, so that a megabyte of answer costs hardly more than its copy.
 * It takes answers with a content-length, or an empty chunked body, one request at a time, and fails at once when anything else comes.
 */
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export type Answer = {
  readonly status: number;
  /** Of the body. */
  readonly bytes: number;
  /** The body, or its first bytes. */
  readonly body: Buffer;
};

/** Enough to see what an answer is. */
const PEEK_BYTES = 256;
/** The one chunked body that is taken: what Jetty sends when it has nothing to say. */
const EMPTY_CHUNKED = '0\r\n\r\n';
const READ_BYTES = 256 * 1024;
const sharedBuffer = Buffer.allocUnsafeSlow(READ_BYTES);

export class Connection {
  readonly #socket: Socket;
  /** The beginning of an answer whose headers are not whole yet. */
  #head: Buffer | undefined;
  #answer: { readonly status: number; readonly bytes: number; readonly body: Buffer } | undefined;
  #filled = 0;
  #received = 0;
  #wholeBody = false;
  #onAnswer: ((answer: Answer) => void) | undefined;
  #onFailure: (error: Error) => void = () => {};
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed a connection')));
  }

  static async open(port: number, options: { readonly tls?: boolean } = {}): Promise<Connection> {
    const onread = {
      buffer: sharedBuffer,
      callback: (count: number, buffer: Uint8Array): boolean => {
        connection.#read(buffer as Buffer, count);
        return true;
      },
    };
    const target = { host: '127.0.0.1', port, noDelay: true };
    const socket = options.tls
      ? connectTls({ ...target, rejectUnauthorized: false })
      : connectPlain({ ...target, onread });
    const connection: Connection = new Connection(socket);
    // Node's TLS sockets give their own buffers.
    if (options.tls) socket.on('data', (chunk: Buffer) => connection.#read(chunk, chunk.length));
    await new Promise<void>((resolve, reject) => {
      socket.once(options.tls ? 'secureConnect' : 'connect', resolve);
      socket.once('error', reject);
    });
    return connection;
  }

  /** `wholeBody`: the answer's body is kept, not only its first bytes. */
  send(
    request: Uint8Array,
    onAnswer: (answer: Answer) => void,
    onFailure: (error: Error) => void,
    wholeBody = false,
  ): void {
    this.#onAnswer = onAnswer;
    this.#onFailure = onFailure;
    this.#wholeBody = wholeBody;
    this.#socket.write(request);
  }

  /** The same as a promise, with the whole body. */
  ask(request: Uint8Array): Promise<Answer> {
    return new Promise((resolve, reject) => this.send(request, resolve, reject, true));
  }

  close(): void {
    this.#closed = true;
    this.#socket.destroy();
  }

  #read(buffer: Buffer, count: number): void {
    let from = 0;
    if (this.#answer === undefined) {
      let bytes = buffer;
      let end = count;
      if (this.#head !== undefined) {
        bytes = Buffer.concat([this.#head, buffer.subarray(0, count)]);
        end = bytes.length;
      }
      const headEnd = bytes.subarray(0, end).indexOf('\r\n\r\n');
      if (headEnd === -1) {
        this.#head = Buffer.from(bytes.subarray(0, end));
        return;
      }
      const head = bytes.toString('latin1', 0, headEnd);
      const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
      const chunked = /\r\ntransfer-encoding: *chunked/i.test(head);
      if (length === undefined && !chunked)
        return this.#fail(new Error(`an answer without content-length: ${head}`));
      const bytesOfBody = length === undefined ? EMPTY_CHUNKED.length : Number(length);
      const kept = this.#wholeBody ? bytesOfBody : Math.min(bytesOfBody, PEEK_BYTES);
      this.#answer = {
        status: Number(head.slice(9, 12)),
        bytes: bytesOfBody,
        body: Buffer.allocUnsafe(kept),
      };
      this.#filled = 0;
      // What of the header stood in an earlier read is not in this one.
      from = headEnd + 4 - (this.#head?.length ?? 0);
      this.#head = undefined;
      this.#received = 0;
    }
    const answer = this.#answer;
    this.#received += count - from;
    if (this.#filled < answer.body.length) {
      this.#filled += buffer.copy(answer.body, this.#filled, from, count);
    }
    if (this.#received < answer.bytes) return;
    this.#answer = undefined;
    const onAnswer = this.#onAnswer;
    this.#onAnswer = undefined;
    onAnswer?.(answer);
  }

  #fail(error: Error): void {
    if (this.#closed) return;
    this.close();
    this.#onFailure(error);
  }
}
