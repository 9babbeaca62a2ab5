/** Where a request's body ends in the bytes of its HTTP/1.1 connection, and which of them are its own. */
export interface BodyFraming {
  /** All of the body has been met. */
  readonly done: boolean;
  /** A piece of the body that the last `next` met. It lies in the bytes that were given. */
  readonly piece: Buffer | undefined;
  /** Goes on at `at`; returns where it stopped: behind a piece, behind the body, or at the end of `bytes`. -1: no body looks so. */
  next(bytes: Buffer, at: number): number;
}

export class LengthFraming implements BodyFraming {
  piece: Buffer | undefined;
  #left: number;

  constructor(bodyBytes: number) {
    this.#left = bodyBytes;
  }

  get done(): boolean {
    return this.#left === 0;
  }

  next(bytes: Buffer, at: number): number {
    const to = Math.min(bytes.length, at + this.#left);
    this.piece = bytes.subarray(at, to);
    this.#left -= to - at;
    return to;
  }
}

/** Node's bound, for the lines of all the chunks of one body together. */
const EXTENSION_BYTES_MAX = 16 * 1024;
/** Without an extension a line is this long at most; and leading zeros have to end somewhere. */
const SIZE_DIGITS_MAX = 32;

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const QUOTED = '"(?:[\\t\\x20!\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*"';
const EXTENSION = `;${TOKEN}(?:=(?:${TOKEN}|${QUOTED}))?`;
const SIZE_LINE = new RegExp(`^([0-9A-Fa-f]{1,${SIZE_DIGITS_MAX}})((?:${EXTENSION})*)$`);
const TRAILER_LINE = new RegExp(`^(${TOKEN}):[\\t\\x20-\\x7e\\x80-\\xff]*$`);
/** A trailer cannot say where the body ends. */
const FRAMING_NAME = /^(?:content-length|transfer-encoding)$/i;
const CR = 0x0d;
const LF = 0x0a;

/** `Transfer-Encoding: chunked`, as strict as llhttp; trailers are checked and thrown away, extensions too. */
export class ChunkedFraming implements BodyFraming {
  piece: Buffer | undefined;
  readonly #trailerBytesMax: number;
  #expecting: 'size' | 'data' | 'data end' | 'trailer' | 'nothing' = 'size';
  /** Of the chunk, while its data are expected. */
  #left = 0;
  /** The beginning of a line whose end has not come. */
  #line = '';
  #extensionBytes = 0;
  #trailerBytes = 0;

  constructor(trailerBytesMax: number) {
    this.#trailerBytesMax = trailerBytesMax;
  }

  get done(): boolean {
    return this.#expecting === 'nothing';
  }

  next(bytes: Buffer, at: number): number {
    this.piece = undefined;
    while (at < bytes.length && this.#expecting !== 'nothing') {
      if (this.#expecting === 'data') {
        const to = Math.min(bytes.length, at + this.#left);
        this.piece = bytes.subarray(at, to);
        this.#left -= to - at;
        if (this.#left === 0) this.#expecting = 'data end';
        return to;
      }
      const end = bytes.indexOf(LF, at);
      const part = bytes.toString('latin1', at, end === -1 ? bytes.length : end);
      if (this.#line.length + part.length > this.#lineBytesMax()) return -1;
      this.#line += part;
      if (end === -1) return bytes.length;
      at = end + 1;
      const line = this.#line;
      this.#line = '';
      if (line.charCodeAt(line.length - 1) !== CR || !this.#takes(line.slice(0, -1))) return -1;
    }
    return at;
  }

  #lineBytesMax(): number {
    if (this.#expecting === 'size') return SIZE_DIGITS_MAX + 1 + EXTENSION_BYTES_MAX - this.#extensionBytes;
    return this.#expecting === 'data end' ? 1 : this.#trailerBytesMax - this.#trailerBytes;
  }

  #takes(line: string): boolean {
    if (this.#expecting === 'size') {
      const match = SIZE_LINE.exec(line);
      if (match === null) return false;
      this.#left = Number.parseInt(match[1]!, 16);
      this.#extensionBytes += match[2]!.length;
      this.#expecting = this.#left === 0 ? 'trailer' : 'data';
      return this.#left < 2 ** 64 && this.#extensionBytes <= EXTENSION_BYTES_MAX;
    }
    if (this.#expecting === 'data end') {
      this.#expecting = 'size';
      return line === '';
    }
    if (line === '') {
      this.#expecting = 'nothing';
      return true;
    }
    this.#trailerBytes += line.length + 2;
    const match = TRAILER_LINE.exec(line);
    return match !== null && !FRAMING_NAME.test(match[1]!);
  }
}
