/** What became of the records of a call. Numbers are written only when the answer is, straight into it. */
import type { Append } from '../../log/append.ts';
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
  /** Of each group: the time of its records, and the position of the next one that is written. */
  readonly #timesMs: Float64Array;
  readonly #next: Float64Array;

  /** The append's groups are those of the placement. Nothing is kept of it. */
  constructor(stream: Stream, placement: Placement, append: Append) {
    const { groups } = placement;
    this.#stream = stream;
    this.#placement = placement;
    this.#timesMs = append.timesMs.slice(0, groups);
    this.#next = append.firsts.slice(0, groups);
  }

  /** How many records their shards' limits did not let in. */
  get refused(): number {
    return this.#placement.refused;
  }

  /** The error of a record that was not let in. */
  refusalOf(index: number): ServiceError | undefined {
    const group = this.#placement.groupOf[index]!;
    return group < 0 ? rateExceeded(this.#stream, this.#placement.shardOf(REFUSED - group)) : undefined;
  }

  /** The result of one record. Results are asked for once and in the order of the records. */
  resultAt(index: number): { readonly SequenceNumber: string; readonly ShardId: string } {
    this.#writeNumber(digitsView, 0, index);
    const { id } = this.#placement.shardOf(this.#placement.groupOf[index]!);
    return { SequenceNumber: digits.toString('latin1'), ShardId: id };
  }

  /** When every record was let in: columns. */
  results(): Results {
    const { groupOf, map, slots } = this.#placement;
    if (this.refused > 0) return Array.from(groupOf, (_, index) => this.#resultOrRefusal(index));
    const { idWords } = map;
    return new Packed<ResultEntry>(groupOf.length, {
      SequenceNumber: {
        ...{ kind: 'written', bytes: SEQUENCE_NUMBER_DIGITS },
        write: (target, at, index) => this.#writeNumber(target, at, index),
      },
      ShardId: {
        ...{ kind: 'written', bytes: SHARD_ID_BYTES },
        write: (target, at, index) => {
          const from = (slots[groupOf[index]!]! * SHARD_ID_BYTES) / 4;
          for (let word = 0; word < SHARD_ID_BYTES / 4; word++) {
            target.setUint32(at + word * 4, idWords[from + word]!, true);
          }
        },
      },
    });
  }

  #resultOrRefusal(index: number): ResultEntry {
    const refusal = this.refusalOf(index);
    if (refusal === undefined) return this.resultAt(index);
    return { ErrorCode: refusal.code, ErrorMessage: refusal.message };
  }

  #writeNumber(target: DataView, at: number, index: number): void {
    const { groupOf, map, slots } = this.#placement;
    const group = groupOf[index]!;
    const position = this.#next[group]!++ as Position;
    map.numbers(slots[group]!).write(target, at, position, this.#timesMs[group]!);
  }
}

const digits = Buffer.alloc(SEQUENCE_NUMBER_DIGITS);
const digitsView = new DataView(digits.buffer, digits.byteOffset, SEQUENCE_NUMBER_DIGITS);
