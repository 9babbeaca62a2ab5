/**
 * The body of the request whose turn it is on an HTTP/1.1 connection: where it ends in what comes, its bytes within the budget,
 * and their return when the request was handled. That of a refused request is read on without being kept.
 */
import { BodyReader, holdBody, type BodyOutcome, type BodyParts, type BodySource } from './body.ts';
import { ChunkedFraming, LengthFraming, type BodyFraming } from './body-framing.ts';
import type { RequestHead } from './http1-head.ts';
import type { Http1Input } from './http1-input.ts';

export class Http1Body {
  readonly #input: Http1Input;
  readonly #parts: BodyParts;
  /** Until the body has wholly come. */
  #framing: BodyFraming | undefined;
  /** While the body is gathered. */
  #reader: BodyReader | undefined;
  /** Of a body that was taken. */
  #taken: { release(): void } | undefined;

  constructor(input: Http1Input, parts: BodyParts) {
    this.#input = input;
    this.#parts = parts;
  }

  /** Some of it has to come yet. */
  get expected(): boolean {
    return this.#framing !== undefined;
  }

  /** It is gathered, or waits for memory. */
  get gathering(): boolean {
    return this.#reader !== undefined;
  }

  expect({ bodyBytes }: RequestHead): void {
    if (bodyBytes === 0) return;
    this.#framing =
      bodyBytes === undefined
        ? new ChunkedFraming(this.#parts.limits.headerBytesMax)
        : new LengthFraming(bodyBytes);
  }

  /** Most bodies have come with their head. Undefined when this one has not, or has to wait for memory. */
  take(bodyBytes: number): Buffer | undefined {
    const input = this.#input;
    const end = input.at + bodyBytes;
    if (end > input.bytes.length) return undefined;
    const hold = holdBody(bodyBytes, this.#parts.budget);
    if (hold === undefined) return undefined;
    const body = input.bytes.subarray(input.at, end);
    input.lend();
    input.at = end;
    this.#framing = undefined;
    this.#taken = hold;
    return body;
  }

  /** Gathers what `readOn` then reads. As in `BodyReader`, `accepted` is called when memory is there for it, at once or later. */
  gather(
    declared: number | undefined,
    source: BodySource,
    accepted: () => void,
    done: (outcome: BodyOutcome) => void,
  ): void {
    this.#reader = new BodyReader(source, declared, this.#parts, (outcome) => {
      this.#reader = undefined;
      if (outcome.kind === 'whole') this.#taken = outcome;
      done(outcome);
    });
    this.#reader.start(accepted);
  }

  /** Goes through what was read. 'gathered' when its end has come and it was given away; 'skipped' when nobody gathered it. */
  readOn(): 'more' | 'gathered' | 'skipped' | 'malformed' {
    const framing = this.#framing!;
    const next = framing.next(this.#input.bytes, this.#input.at);
    if (next === -1) return 'malformed';
    this.#input.at = next;
    if (framing.piece !== undefined && this.#reader?.take(framing.piece) === 'kept') this.#input.lend();
    if (!framing.done) return 'more';
    this.#framing = undefined;
    if (this.#reader === undefined) return 'skipped';
    this.#reader.end();
    return 'gathered';
  }

  /** Nobody looks at the bytes any more. */
  release(): void {
    this.#taken?.release();
    this.#taken = undefined;
  }

  /** What comes is not the body's any more. */
  forget(): void {
    this.#framing = undefined;
  }

  /** Gathers no longer. */
  drop(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.close();
  }
}
