/** From the bytes of records to rows. No promises, no clock: it runs wherever the program does. */
import type { SqlValue } from '../../sql/value.ts';

export interface RowSink {
  /** [null, ...columns, ...extra columns]; the receiver owns it and fills in ROWTIME and the extra columns. */
  row(row: SqlValue[]): void;
  /** What cannot become a row. Without `part` it is the record, from what was not read of it on; a view that is valid during the call only. */
  reject(reason: string, part?: Uint8Array): void;
}

export interface Mapping {
  /** Gives every row of the record that lies between the offsets. Columns that nobody reads are null and are not checked. */
  read(bytes: Uint8Array, start: number, end: number, sink: RowSink): void;
}
