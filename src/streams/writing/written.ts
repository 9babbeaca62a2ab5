/** What became of the records of a call. Numbers are written only when the answer is, straight into it. */
import type { Position } from '../../log/log.ts';
import { Packed } from '../../wire/shape/packed.ts';
import type { ServiceError } from '../../wire/shape/service-error.ts';
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { Stream } from '../directory/stream.ts';
import { rateExceeded } from '../records/data-errors.ts';
import { SEQUENCE_NUMBER_DIGITS } from '../records/sequence-number.ts';
import { SHARD_ID_BYTES } from '../records/shard-map.ts';
import type { PutRecordsResultEntry } from '../shapes.ts';
import { REFUSED, type Placement } from './placement.ts';

type ResultEntry = TypeOf<typeof PutRecordsResultEntry>;
/** One result for each record, in the order of the call. */
export type Results = readonly ResultEntry[] | Packed<ResultEntry>;

export class Written {
  readonly #stream: Stream;
  readonly #placement: Placement;
  readonly #release: (placement: Placement) => void;

  /** The placement's groups are appended. It is released once all results are given, or written. */
  constructor(stream: Stream, placement: Placement, release: (placement: Placement) => void) {
    this.#stream = stream;
    this.#placement = placement;
    this.#release = release;
  }

  /** How many records their shards' limits did not let in. */
  get refused(): number {
    return this.#placement.refused;
  }

  /** The error of a record that was not let in. */
  #refusalOf(index: number): ServiceError | undefined {
    const group = this.#placement.groupOf[index]!;
    return group < 0 ? rateExceeded(this.#stream, this.#placement.shardOf(REFUSED - group)) : undefined;
  }

  /** The result of the only record; its error is thrown. */
  only(): { readonly SequenceNumber: string; readonly ShardId: string } {
    const refusal = this.#refusalOf(0);
    if (refusal !== undefined) throw refusal;
    const result = this.#resultAt(0);
    this.#release(this.#placement);
    return result;
  }

  /** When every record was let in: columns. */
  results(): Results {
    const { length, groupOf, before, map, slots } = this.#placement;
    if (this.refused > 0) {
      const results = Array.from({ length }, (_, index) => this.#resultOrRefusal(index));
      this.#release(this.#placement);
      return results;
    }
    const { idWords } = map;
    const writeId = (target: DataView, at: number, index: number): void => {
      const from = (slots[groupOf[index]!]! * SHARD_ID_BYTES) / 4;
      for (let word = 0; word < SHARD_ID_BYTES / 4; word++) {
        target.setUint32(at + word * 4, idWords[from + word]!, true);
      }
    };
    const columns = {
      SequenceNumber: {
        ...{ kind: 'written' as const, bytes: SEQUENCE_NUMBER_DIGITS },
        write: (target: DataView, at: number, index: number) => this.#writeNumber(target, at, index),
        writeNext: (target: DataView, at: number, index: number) => {
          if (before[index] === -1) this.#writeNumber(target, at, index);
          else this.#writeNextNumber(target, at, index);
        },
      },
      ShardId: {
        ...{ kind: 'written' as const, bytes: SHARD_ID_BYTES, write: writeId },
        writeNext: (target: DataView, at: number, index: number) => {
          if (before[index] === -1) writeId(target, at, index);
        },
      },
    };
    return new Packed<ResultEntry>(length, columns, () => this.#release(this.#placement), before);
  }

  #resultAt(index: number): { readonly SequenceNumber: string; readonly ShardId: string } {
    this.#writeNumber(digitsView, 0, index);
    const { id } = this.#placement.shardOf(this.#placement.groupOf[index]!);
    return { SequenceNumber: digits.toString('latin1'), ShardId: id };
  }

  #resultOrRefusal(index: number): ResultEntry {
    const refusal = this.#refusalOf(index);
    if (refusal === undefined) return this.#resultAt(index);
    return { ErrorCode: refusal.code, ErrorMessage: refusal.message };
  }

  #writeNumber(target: DataView, at: number, index: number): void {
    const { groupOf, map, slots, firsts, timesMs } = this.#placement;
    const group = groupOf[index]!;
    const position = firsts[group]!++ as Position;
    map.numbers(slots[group]!).write(target, at, position, timesMs[group]!);
  }

  /** Over the number of the record before it in its group. */
  #writeNextNumber(target: DataView, at: number, index: number): void {
    const { groupOf, map, slots, firsts, timesMs } = this.#placement;
    const group = groupOf[index]!;
    const position = firsts[group]!++ as Position;
    map.numbers(slots[group]!).writeNext(target, at, position, timesMs[group]!);
  }
}

const digits = Buffer.alloc(SEQUENCE_NUMBER_DIGITS);
const digitsView = new DataView(digits.buffer, digits.byteOffset, SEQUENCE_NUMBER_DIGITS);
