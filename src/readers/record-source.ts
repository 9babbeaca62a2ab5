/**
 * Where a reader's records come from: the shards of a stream, or the one partition of a delivery stream's own log. Streams and Firehose
 * implement this port, and the reader runtime knows neither.
 *
 * Promises: what `read` gives is durable; positions grow within a unit, with gaps; a unit that is `finished` never gets another record.
 */

/** What one reader owns at a time. */
export type SourceUnit = {
  /** Stable and never reused: `STREAM-ID/shardId-000000000003`, or the delivery stream's id. */
  readonly id: string;
  /** Units whose records come before this one's, as far as they still exist. */
  readonly parents: readonly string[];
};

export type SourceRecord = {
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly arrivalMs: number;
  /** A view that stays valid and unchanged; the receiver must not write to it. */
  readonly data: Uint8Array;
  /** Undefined in a delivery stream's own log, which has no keys. */
  readonly partitionKey?: string | undefined;
  /** Decimal text, when the producer gave one. */
  readonly explicitHashKey?: string | undefined;
};

export type SourceRead = {
  readonly records: readonly SourceRecord[];
  /** Continue after this position, which may be past a gap or a trimmed part. */
  readonly after: number;
  /** True when nothing durable lies behind `after`. */
  readonly atEnd: boolean;
  /** True when `atEnd`, and nothing will ever come. */
  readonly finished: boolean;
};

/** `latest`: only what comes from now on. `time`: from the first record that arrived then or later. `oldest`: all that is kept. */
export type StartingPoint =
  | { readonly kind: 'latest' }
  | { readonly kind: 'oldest' }
  | { readonly kind: 'time'; readonly timeMs: number };

export interface RecordSource {
  /** All units with records, finished ones too, parents before children. */
  units(): readonly SourceUnit[];
  /** Calls back when units were added or have gone. */
  watchUnits(onChange: () => void): Disposable;
  /** The position after which a reader begins that starts at `point`. Throws `SourceGoneError`. */
  positionAt(unit: string, point: StartingPoint): Promise<number>;
  /** At most so many records and bytes of data, but one at least when there is one. Throws `SourceGoneError`. */
  read(unit: string, after: number, recordsMax: number, bytesMax: number): Promise<SourceRead>;
  /** Calls back whenever records of the unit became durable, or it ended or has gone. */
  watch(unit: string, onChange: () => void): Disposable;
  /** The number that a record is shown under: 56 digits. */
  sequenceNumber(unit: string, position: number, arrivalMs: number): string;
}

/** The unit, or the whole source, is not there any more. */
export class SourceGoneError extends Error {
  override readonly name = 'SourceGoneError';
}
