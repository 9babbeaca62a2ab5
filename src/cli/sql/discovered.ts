/** What an input's data say of its columns. */
import { readTimestampText } from '../../analytics/mapping/datetime-text.ts';
import type { RecordSchema } from '../../analytics/mapping/record-schema.ts';
import type { SqlType } from '../../sql/types.ts';

export type Discovered = {
  readonly schema: RecordSchema;
  /** The first line of CSV is the names; undefined where the line itself has to say. */
  readonly hasHeader: boolean | undefined;
  /** Lines are no documents: the whole file is one record. */
  readonly isOneRecord: boolean;
  /** Columns of texts that all are numbers. */
  readonly numeric: ReadonlySet<string>;
};

export type SeenColumn = {
  readonly name: string;
  /** A JSONPath, of JSON only. */
  readonly mapping: string | undefined;
  /** Undefined where every value is null. */
  readonly type: SqlType | undefined;
  /** Whether each of its texts can be a time. */
  readonly areTimes: boolean;
  /** Whether each of its texts can be a number. */
  readonly areNumbers: boolean;
};

export const isTimeText = (text: string): boolean => readTimestampText(text) !== undefined;

/** What a member ROWTIME of the data is called: the name itself is that of the system column (AWS's discovery renames it so). */
export const ROWTIME_IN_DATA = 'COL_ROWTIME';

export const isNumberText = (text: string): boolean => /^\s*[-+]?\d+(?:\.\d+)?\s*$/.test(text);
