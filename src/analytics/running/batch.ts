/** What the reader has taken since the last step, unit by unit. */
import { openAggregate } from '../../readers/kpl.ts';
import type { RecordSource, SourceRead, SourceRecord } from '../../readers/record-source.ts';
import type { StepPart } from '../execution/execution-calls.ts';
import type { StepRange } from '../state/application-state.ts';
import type { InputRecords } from './ports.ts';

export type BatchUnit = {
  readonly input: number;
  readonly unit: string;
  readonly after: number;
  last: number;
  isFinished: boolean;
  readonly records: SourceRecord[];
  bytes: number;
};

export class Batch {
  readonly units = new Map<string, BatchUnit>();
  bytes = 0;
  records = 0;

  /** @param after Where reading stood before. */
  add(input: number, unit: string, after: number, read: SourceRead): void {
    let gathered = this.units.get(unit);
    if (gathered === undefined) {
      gathered = { input, unit, after, last: after, isFinished: false, records: [], bytes: 0 };
      this.units.set(unit, gathered);
    }
    gathered.last = read.after;
    gathered.isFinished = read.finished;
    for (const record of read.records) {
      gathered.records.push(record);
      gathered.bytes += record.data.length;
      this.bytes += record.data.length;
    }
    this.records += read.records.length;
  }

  ranges(): readonly StepRange[] {
    return [...this.units.values()].map(({ unit, after, last }) => ({ unit, after, last }));
  }
}

/** Records that are laid out in one turn of the event loop. */
const PIECE_RECORDS = 500;

export type Piece = Pick<BatchUnit, 'unit' | 'records'>;

export const piecesOf = ({ unit, records }: Piece): readonly Piece[] =>
  Array.from({ length: Math.ceil(records.length / PIECE_RECORDS) }, (_, piece) => ({
    unit,
    records: records.slice(piece * PIECE_RECORDS, (piece + 1) * PIECE_RECORDS),
  }));

/** What is wanted of records besides their data: a sequence number is a text of 56 digits, which costs more than reading the record. */
export type Wanted = { readonly partitionKeys: boolean; readonly sequenceNumbers: boolean };

/** Records as they are, aggregates of the producer library taken apart where there can be some. */
export const inputRecords = (
  { unit, records }: Piece,
  source: RecordSource,
  mayAggregate: boolean,
  wanted: Wanted,
): InputRecords => {
  const data: Uint8Array[] = [];
  const arrivalsMs: number[] = [];
  const partitionKeys: string[] | undefined = wanted.partitionKeys ? [] : undefined;
  const sequenceNumbers: string[] | undefined = wanted.sequenceNumbers ? [] : undefined;
  for (const record of records) {
    const { arrivalMs, position } = record;
    const parts = mayAggregate ? openAggregate(record.data) : undefined;
    for (const part of parts ?? [record]) {
      data.push(part.data);
      arrivalsMs.push(arrivalMs);
      partitionKeys?.push(part.partitionKey ?? '');
      sequenceNumbers?.push(source.sequenceNumber(unit, position, arrivalMs));
    }
  }
  return { data, arrivalsMs, partitionKeys, sequenceNumbers };
};

/** The same, laid end to end for the other thread. */
export const stepPart = (
  { data, arrivalsMs, partitionKeys, sequenceNumbers }: InputRecords,
  place: { readonly input: number; readonly stream: number; readonly shardId: string | undefined },
): StepPart => {
  const ends = new Uint32Array(data.length);
  let total = 0;
  data.forEach((record, index) => {
    total += record.length;
    ends[index] = total;
  });
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const record of data) {
    bytes.set(record, at);
    at += record.length;
  }
  return { ...place, bytes, ends, arrivalsMs: Float64Array.from(arrivalsMs), partitionKeys, sequenceNumbers };
};
