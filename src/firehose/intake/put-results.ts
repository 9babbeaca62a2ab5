/** What became of the records of a call. Ids are written only when the answer is, straight into it. */
import { FIREHOSE_ID_PREFIX } from '../../base/log-owner.ts';
import { Packed } from '../../wire/shape/packed.ts';
import type { TypeOf } from '../../wire/shape/shape.ts';
import { SLOW_DOWN } from '../directory/delivery-stream-errors.ts';
import type { PutRecordBatchResponseEntry } from '../shapes/put.ts';

type Entry = TypeOf<typeof PutRecordBatchResponseEntry>;

/** A record's position in hexadecimal: enough for every safe integer. */
const POSITION_DIGITS = 14;
const HALF_DIGITS = POSITION_DIGITS / 2;
const HALF = 2 ** (HALF_DIGITS * 4);

export class PutResults {
  readonly #length: number;
  readonly #refused: Uint8Array | undefined;
  readonly #prefix: Uint8Array;
  #next: number;

  /** `first` is the position of the first record that was written; the others follow one after another. */
  constructor(streamId: string, first: number, length: number, refused: Uint8Array | undefined) {
    this.#length = length;
    this.#refused = refused;
    this.#prefix = Buffer.from(streamId.slice(FIREHOSE_ID_PREFIX.length));
    this.#next = first;
  }

  get refused(): number {
    return this.#refused?.reduce((count, one) => count + one, 0) ?? 0;
  }

  /** The id of the only record; undefined when it was refused. */
  get recordId(): string | undefined {
    return this.#refused?.[0] === 1 ? undefined : this.#idOfNext();
  }

  /** One for each record, in the order of the call. To be taken once. */
  entries(): readonly Entry[] | Packed<Entry> {
    const refused = this.#refused;
    if (refused !== undefined) {
      return Array.from(refused, (one) =>
        one === 1
          ? { ErrorCode: 'ServiceUnavailableException', ErrorMessage: SLOW_DOWN }
          : { RecordId: this.#idOfNext() },
      );
    }
    const bytes = this.#prefix.length + POSITION_DIGITS;
    return new Packed<Entry>(this.#length, {
      RecordId: {
        ...{ kind: 'written', bytes },
        write: (target, at) => this.#write(target, at),
        writeNext: (target, at) => this.#writePosition(target, at),
      },
    });
  }

  #idOfNext(): string {
    const text = Buffer.alloc(this.#prefix.length + POSITION_DIGITS);
    this.#write(new DataView(text.buffer, text.byteOffset, text.length), 0);
    return text.toString('latin1');
  }

  #write(target: DataView, at: number): void {
    for (let index = 0; index < this.#prefix.length; index++)
      target.setUint8(at + index, this.#prefix[index]!);
    this.#writePosition(target, at);
  }

  #writePosition(target: DataView, at: number): void {
    const position = this.#next++;
    const upper = Math.floor(position / HALF);
    writeHex(target, at + this.#prefix.length, upper);
    writeHex(target, at + this.#prefix.length + HALF_DIGITS, position - upper * HALF);
  }
}

function writeHex(target: DataView, at: number, value: number): void {
  for (let digit = HALF_DIGITS - 1, rest = value; digit >= 0; digit--, rest >>>= 4) {
    const low = rest & 15;
    target.setUint8(at + digit, low + (low < 10 ? 48 : 87));
  }
}
