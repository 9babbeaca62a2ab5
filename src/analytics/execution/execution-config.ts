/** What an application is on the thread where it runs. Plain data: it goes there by structured clone. */
import type { Plan } from '../../sql/plan/plan.ts';
import type { Column } from '../../sql/types.ts';
import type { RecordSchema } from '../mapping/record-schema.ts';

export type ExecutionConfig = {
  readonly plan: Plan;
  readonly inputs: readonly InputConfig[];
  readonly tables: readonly TableConfig[];
  readonly outputs: readonly OutputConfig[];
  /** CURRENT_TIMESTAMP, fixed while the application runs. */
  readonly startMs: number;
  /** Of every random choice. */
  readonly seed: number;
  /** Of the checkpoint that it goes on from. */
  readonly cells: ReadonlyMap<string, Uint8Array> | undefined;
};

/** One input, as so many in-application streams. */
export type InputConfig = {
  readonly streams: readonly string[];
  readonly schema: RecordSchema;
  /** Of a data stream: its rows have SOURCE_COLUMNS; else the first of them only. */
  readonly hasShards: boolean;
};

export type TableConfig = {
  readonly table: string;
  readonly schema: RecordSchema;
  readonly object: Uint8Array;
};

export type OutputConfig = {
  /** The name of an in-application stream, to the letter, or of the error stream. */
  readonly stream: string;
  readonly format: 'JSON' | 'CSV';
  /** A line feed behind every row. */
  readonly endsLines: boolean;
};

/** Behind an input's own columns; AWS names them in its guide ("Timestamps and the ROWTIME Column"), types decided here. */
export const SOURCE_COLUMNS: readonly Column[] = [
  { name: 'APPROXIMATE_ARRIVAL_TIME', type: { name: 'TIMESTAMP' }, isHidden: true },
  { name: 'SHARD_ID', type: { name: 'VARCHAR', length: 64 }, isHidden: true },
  { name: 'PARTITION_KEY', type: { name: 'VARCHAR', length: 256 }, isHidden: true },
  { name: 'SEQUENCE_NUMBER', type: { name: 'VARCHAR', length: 128 }, isHidden: true },
];

export const ERROR_STREAM = 'error_stream';

/** AWS's page "Error Handling". DATA_ROW is hexadecimal. */
export const ERROR_COLUMNS: readonly Column[] = [
  { name: 'ERROR_TIME', type: { name: 'TIMESTAMP' } },
  { name: 'ERROR_LEVEL', type: { name: 'VARCHAR', length: 10 } },
  { name: 'ERROR_NAME', type: { name: 'VARCHAR', length: 32 } },
  { name: 'MESSAGE', type: { name: 'VARCHAR', length: 4096 } },
  { name: 'DATA_ROWTIME', type: { name: 'TIMESTAMP' } },
  { name: 'DATA_ROW', type: { name: 'VARCHAR', length: 49_152 } },
  { name: 'PUMP_NAME', type: { name: 'VARCHAR', length: 128 } },
];

/** The columns of an input's streams, as a program sees them. */
export const inputColumns = ({
  schema,
  hasShards,
}: Pick<InputConfig, 'schema' | 'hasShards'>): readonly Column[] => [
  ...schema.columns.map(({ name, type }) => ({ name, type })),
  ...(hasShards ? SOURCE_COLUMNS : SOURCE_COLUMNS.slice(0, 1)),
];
