/** What discovery finds, in the words of AWS's SourceSchema. */
import type { SqlType } from '../../sql/types.ts';

export type DiscoveredSchema = {
  readonly format:
    | { readonly kind: 'json'; readonly rowPath: string }
    | { readonly kind: 'csv'; readonly columnDelimiter: string; readonly rowDelimiter: string };
  readonly columns: readonly DiscoveredColumn[];
  /** The texts of every row, in the order of the columns; null where there is none, or where it cannot be of the column's type. */
  readonly rows: readonly (readonly (string | null)[])[];
};

export type DiscoveredColumn = {
  readonly name: string;
  readonly type: SqlType;
  /** A JSONPath, of JSON only. */
  readonly mapping: string | undefined;
};
