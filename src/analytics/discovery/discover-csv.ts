/** Columns from delimited text: the delimiter that parts every row alike, and names from a first row that holds nothing but names. */
import { readDelimited } from '../mapping/csv-rows.ts';
import { columnNames } from './column-names.ts';
import type { DiscoveredSchema } from './discovered-schema.ts';
import { inferType, type Sample } from './infer-type.ts';

const DELIMITERS = [',', '\t', '|', ';'];
const NUMBER = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/;
const BOOLEAN = /^\s*(?:true|false)\s*$/i;
const NAME = /^\s*[A-Za-z_][\w .-]*\s*$/;

type Table = { readonly rows: readonly (readonly string[])[]; readonly columns: number };

const tableOf = (text: string, columnDelimiter: string, rowDelimiter: string): Table | undefined => {
  const rows: string[][] = [];
  const fault = readDelimited(text, { columnDelimiter, rowDelimiter }, (values) =>
    rows.push(values.map((value) => value.text)),
  );
  const columns = rows[0]?.length ?? 0;
  return fault === undefined && rows.every((row) => row.length === columns) ? { rows, columns } : undefined;
};

const sampleOf = (text: string): Sample => {
  if (NUMBER.test(text)) return { kind: 'number', text: text.trim() };
  return BOOLEAN.test(text) ? { kind: 'boolean', text: text.trim() } : { kind: 'string', text };
};

/** A header's cells are names, all different, and below one of them stands something that is no text, or the column is not as wide. */
const hasHeader = ({ rows }: Table): boolean => {
  const [first, ...rest] = rows;
  if (first === undefined || rest.length === 0) return false;
  if (!first.every((cell) => NAME.test(cell) && !BOOLEAN.test(cell)) || new Set(first).size < first.length)
    return false;
  return first.some((cell, column) => {
    const below = rest.map((row) => row[column] ?? '').filter((text) => text !== '');
    return (
      below.length > 0 &&
      (below.every((text) => sampleOf(text).kind !== 'string') ||
        below.every((text) => text.length < cell.length))
    );
  });
};

const canBe = (text: string, kind: Sample['kind']): boolean =>
  kind === 'string' || sampleOf(text).kind === kind;

/** Text without any delimiter is one column. Undefined where there is no row. */
export const discoverCsv = (
  records: readonly string[],
  isReserved: (word: string) => boolean,
): DiscoveredSchema | undefined => {
  const rowDelimiter = records.some((record) => record.includes('\r\n')) ? '\r\n' : '\n';
  const text = records.map((record) => record.replace(/(?:\r?\n)+$/, '')).join(rowDelimiter);
  let found: { readonly delimiter: string; readonly table: Table } | undefined;
  for (const delimiter of DELIMITERS) {
    const table = tableOf(text, delimiter, rowDelimiter);
    if (table !== undefined && table.columns > (found?.table.columns ?? 1)) found = { delimiter, table };
  }
  const lines = text.split(rowDelimiter).filter((line) => line.trim() !== '');
  const { delimiter, table } = found ?? {
    delimiter: ',',
    table: { rows: lines.map((line) => [line]), columns: 1 },
  };
  if (table.rows.length === 0) return undefined;
  const isHeaded = found !== undefined && hasHeader(table);
  const names = columnNames(
    Array.from({ length: table.columns }, (_, index) =>
      isHeaded ? (table.rows[0]?.[index]?.trim() ?? '') : '',
    ),
    isReserved,
  );
  const body = isHeaded ? table.rows.slice(1) : table.rows;
  const types = names.map((_, index) =>
    inferType(
      body
        .map((row) => row[index] ?? '')
        .filter((cell) => cell !== '')
        .map(sampleOf),
    ),
  );
  const kinds = types.map((type): Sample['kind'] => {
    if (type.name === 'VARCHAR') return 'string';
    return type.name === 'BOOLEAN' ? 'boolean' : 'number';
  });
  return {
    format: { kind: 'csv', columnDelimiter: delimiter, rowDelimiter },
    columns: names.map((name, index) => ({ name, type: types[index] ?? inferType([]), mapping: undefined })),
    rows: table.rows.map((row) =>
      row.map((cell, index) => (canBe(cell, kinds[index] ?? 'string') ? cell : null)),
    ),
  };
};
