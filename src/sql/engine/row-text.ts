/** A row as JSON text, for the error stream. A row that could only be made in part has nulls behind that. */
import type { Column } from '../types.ts';
import type { Row } from '../value.ts';
import { jsonRows } from '../values/row-text.ts';

export const rowText = (columns: readonly Column[], row: Row): string =>
  jsonRows(columns)([...row, ...Array<null>(Math.max(0, columns.length + 1 - row.length)).fill(null)]);
