/** A row as JSON text, for the error stream. */
import type { Column } from '../types.ts';
import type { Row } from '../value.ts';

export const rowText = (columns: readonly Column[], row: Row): string =>
  JSON.stringify(
    Object.fromEntries(columns.map(({ name }, index) => [name, row[index + 1] ?? null])),
    (_, value) => (typeof value === 'bigint' ? String(value) : (value as unknown)),
  );
