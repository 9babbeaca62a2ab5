/** How the bytes of records become rows: AWS's SourceSchema, read. Plain data, so that it travels to the thread that maps. */
import type { SqlType } from '../../sql/types.ts';
import type { JsonPath } from './json-path.ts';

export type RecordSchema = {
  readonly format:
    | { readonly kind: 'json'; readonly rowPath: JsonPath }
    /** Both one character at least. */
    | { readonly kind: 'csv'; readonly columnDelimiter: string; readonly rowDelimiter: string };
  readonly columns: readonly RecordColumn[];
};

export type RecordColumn = {
  readonly name: string;
  readonly type: SqlType;
  /** Of JSON only; columns of CSV go by their position. */
  readonly mapping: JsonPath | undefined;
};
