/** One input while it runs: from the bytes of a file or a pipe to rows, with their times where a column says them. */
import type { Readable } from 'node:stream';
import type { RowSink } from '../../analytics/mapping/mapping.ts';
import { openMapping } from '../../analytics/mapping/open-mapping.ts';
import type { RecordSchema } from '../../analytics/mapping/record-schema.ts';
import type { Column, SqlType } from '../../sql/types.ts';
import { ROWTIME_INDEX, type Row, type SqlValue } from '../../sql/value.ts';
import type { Discovered } from './discovered.ts';
import { linesOf, type Piece } from './lines.ts';
import { timeOf } from './row-times.ts';
import { TimeOrder } from './time-order.ts';

/** What every source has beside its own columns: they can be named, and `*` leaves them out. */
export const METADATA: readonly Column[] = [
  { name: 'APPROXIMATE_ARRIVAL_TIME', type: { name: 'TIMESTAMP' }, isHidden: true },
  { name: 'SHARD_ID', type: { name: 'VARCHAR', length: 64 }, isHidden: true },
  { name: 'PARTITION_KEY', type: { name: 'VARCHAR', length: 256 }, isHidden: true },
  { name: 'SEQUENCE_NUMBER', type: { name: 'VARCHAR', length: 128 }, isHidden: true },
];
const SHARD_ID = 'shardId-000000000000';
/** A record that cannot be read is told with as much of it. */
const SHOWN_BYTES = 200;

export type InputFaults = { rejected(reason: string, part: string): void };

export type Input = {
  readonly name: string;
  readonly discovered: Discovered;
  /** The hidden columns behind those of the schema, in their order. */
  readonly metadata: readonly Column[];
};

export type RowBatch = {
  readonly rows: readonly Row[];
  /** How much of the input was read by now. */
  readonly bytes: number;
};

export type InputRows = {
  readonly batches: AsyncGenerator<RowBatch>;
  /** Rows that were left out because they came behind others. */
  behind(): number;
};

/** Without `time` the ROWTIME of a row is null: whoever hands it on says when that is. */
export function rowsOf(
  input: Input,
  source: Readable,
  options: {
    readonly isUsed: readonly boolean[];
    readonly time: { readonly index: number; readonly type: SqlType; readonly withinMs: number } | undefined;
    readonly faults: InputFaults;
  },
): InputRows {
  const order = new TimeOrder(options.time?.withinMs ?? 0);
  return { batches: batchesOf(input, source, options, order), behind: () => order.behind };
}

async function* batchesOf(
  { discovered, metadata }: Input,
  source: Readable,
  { isUsed, time, faults }: Parameters<typeof rowsOf>[2],
  order: TimeOrder,
): AsyncGenerator<RowBatch> {
  const { schema, hasHeader, isOneRecord } = discovered;
  const mapping = openMapping(schema, { isUsed, extraColumns: metadata.length });
  const setters = metadata.map(({ name }, index) => setterOf(name, 1 + schema.columns.length + index));
  let number = 0;
  let ready: Row[] = [];
  const sink: RowSink & { part: Uint8Array } = {
    part: new Uint8Array(),
    row(row: SqlValue[]) {
      number++;
      const timeMs = time === undefined ? undefined : timeOf(row[time.index + 1]!, time.type);
      if (time !== undefined && timeMs === undefined) {
        sink.reject(
          `The row has no time: its ${schema.columns[time.index]!.name} is ${String(row[time.index + 1])}`,
        );
        return;
      }
      for (const set of setters) set(row, timeMs ?? null, number);
      if (timeMs === undefined) ready.push(row);
      else {
        row[ROWTIME_INDEX] = timeMs;
        order.add(timeMs, row, ready);
      }
    },
    reject(reason, part = sink.part) {
      faults.rejected(reason, Buffer.from(part.subarray(0, SHOWN_BYTES)).toString());
    },
  };
  let bytes = 0;
  let isFirst = true;
  for await (const piece of isOneRecord ? wholeOf(source) : linesOf(source, schema.format.kind === 'csv')) {
    const isNames = isFirst && (hasHeader ?? isHeader(schema, piece));
    for (let at = isNames ? 2 : 0; at < piece.places.length; at += 2) {
      const start = piece.places[at]!;
      const end = piece.places[at + 1]!;
      sink.part = piece.bytes.subarray(start, end);
      mapping.read(piece.bytes, start, end, sink);
    }
    isFirst = false;
    bytes += piece.bytes.length;
    const rows = ready;
    ready = [];
    yield { rows, bytes };
  }
  order.end(ready);
  yield { rows: ready, bytes };
}

/** Whether the first line of CSV says the names of the schema's columns. */
function isHeader({ format, columns }: RecordSchema, { bytes, places }: Piece): boolean {
  if (format.kind === 'json') return false;
  const cells = bytes
    .toString('utf8', places[0], places[1])
    .split(format.columnDelimiter)
    .map((cell) =>
      cell
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .toUpperCase(),
    );
  return columns.every(({ name }, index) => index >= cells.length || cells[index] === name.toUpperCase());
}

type Setter = (row: SqlValue[], timeMs: number | null, number: number) => void;

function setterOf(name: string, at: number): Setter {
  switch (name) {
    case 'APPROXIMATE_ARRIVAL_TIME':
      return (row, timeMs) => (row[at] = timeMs);
    case 'SHARD_ID':
      return (row) => (row[at] = SHARD_ID);
    case 'SEQUENCE_NUMBER':
      return (row, _, number) => (row[at] = String(number));
    default:
      return () => {};
  }
}

async function* wholeOf(source: Readable): AsyncGenerator<Piece> {
  const chunks: Buffer[] = [];
  for await (const chunk of source as AsyncIterable<Buffer>) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (bytes.length > 0) yield { bytes, places: [0, bytes.length] };
}
