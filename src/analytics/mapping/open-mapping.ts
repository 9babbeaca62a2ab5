/** The mapping of a schema, with AWS's bound on a row. */
import type { SqlValue } from '../../sql/value.ts';
import { CsvRows } from './csv-rows.ts';
import { JsonRows } from './json-rows.ts';
import type { Mapping, RowSink } from './mapping.ts';
import type { RecordSchema } from './record-schema.ts';

/** Bytes of a row in an in-application stream, less the kilobyte that AWS keeps for itself (AWS's page "Limits"). */
const ROW_BYTES_MAX = 511 * 1024;

const sizeOf = (value: SqlValue): number => {
  if (typeof value === 'string') return Buffer.byteLength(value);
  return value instanceof Uint8Array ? value.length : 8;
};

/** Only a record that is itself larger can hold such a row. */
const boundedSink = (sink: RowSink): RowSink => ({
  row: (row) => {
    const bytes = row.reduce((sum: number, value) => sum + sizeOf(value), 0);
    if (bytes <= ROW_BYTES_MAX) sink.row(row);
    else sink.reject(`The row has ${bytes} bytes, more than the ${ROW_BYTES_MAX} of a row`);
  },
  reject: (reason, part) => sink.reject(reason, part),
});

export type MappingOptions = {
  /** For each column of the schema, whether anybody reads it. */
  readonly isUsed: readonly boolean[];
  /** Places behind the columns that the receiver fills in: APPROXIMATE_ARRIVAL_TIME and the like. */
  readonly extraColumns: number;
};

/** Throws `SchemaError`. */
export const openMapping = (schema: RecordSchema, { isUsed, extraColumns }: MappingOptions): Mapping => {
  const mapping =
    schema.format.kind === 'json'
      ? new JsonRows(schema, isUsed, extraColumns)
      : new CsvRows(schema, schema.format, isUsed, extraColumns);
  return {
    read: (bytes, start, end, sink) =>
      mapping.read(bytes, start, end, end - start > ROW_BYTES_MAX ? boundedSink(sink) : sink),
  };
};
