/** Rows as text: columns side by side for people, or one JSON object a row. */
import type { Column, SqlType } from '../../sql/types.ts';
import type { Row, SqlValue } from '../../sql/value.ts';
import { timestampText } from '../../sql/values/datetime.ts';
import { delimitedRows, jsonRows } from '../../sql/values/row-text.ts';
import { printable } from '../terminal/table.ts';

/** A line, with what goes before it. */
export type RowPrinter = (row: Row) => string;

export function jsonPrinter(stream: string, columns: readonly Column[]): RowPrinter {
  const head = `{"stream":${JSON.stringify(stream)},"ROWTIME":"`;
  const toJson = jsonRows(unique(columns));
  return (row) => {
    const object = toJson(row);
    return `${head}${timestampText(row[0] as number)}"${object === '{}' ? '}' : `,${object.slice(1)}`}\n`;
  };
}

/** Of members with the same name a reader of JSON would see the last one only: the second gets a 0 behind its name, the third a 1. */
function unique(columns: readonly Column[]): Column[] {
  const names = new Set<string>();
  return columns.map((column) => {
    let { name } = column;
    for (let number = 0; names.has(name); number++) name = `${column.name}${number}`;
    names.add(name);
    return { ...column, name };
  });
}

const NUMBERS: ReadonlySet<string> = new Set([
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'DECIMAL',
  'REAL',
  'DOUBLE',
]);
const TEXT_WIDTH_MAX = 24;
const TIMESTAMP_WIDTH = 23;

/** A heading stands before a stream's first row; columns become wider when a value needs it. `stream` stands before each row where several are printed. */
export function textPrinter(stream: string | undefined, columns: readonly Column[]): RowPrinter {
  const rowtime: Column = { name: 'ROWTIME', type: { name: 'TIMESTAMP' } };
  const shown = [rowtime, ...columns];
  const widths = shown.map(({ name, type }) => Math.max(printable(name).length, widthOf(type)));
  const lead = stream === undefined ? '' : `${printable(stream)}  `;
  const line = (cells: readonly string[]): string =>
    lead +
    cells
      .map((cell, index) => {
        widths[index] = Math.max(widths[index]!, cell.length);
        return NUMBERS.has(shown[index]!.type.name)
          ? cell.padStart(widths[index])
          : cell.padEnd(widths[index]);
      })
      .join('  ')
      .trimEnd() +
    '\n';
  const texts = columns.map((column) => delimitedRows([column], '\0'));
  const text = (value: SqlValue, index: number): string =>
    value === null ? 'null' : printable(unquoted(texts[index]!([0, value])));
  let isFirst = true;
  return (row) => {
    const heading = isFirst ? line(shown.map(({ name }) => printable(name))) : '';
    isFirst = false;
    return (
      heading +
      line([timestampText(row[0] as number), ...columns.map((_, index) => text(row[index + 1]!, index))])
    );
  };
}

const unquoted = (text: string): string =>
  text.length > 1 && text.startsWith('"') && text.endsWith('"')
    ? text.slice(1, -1).replaceAll('""', '"')
    : text;

function widthOf(type: SqlType): number {
  if (type.name === 'TIMESTAMP') return TIMESTAMP_WIDTH;
  if (type.name === 'VARCHAR' || type.name === 'CHAR') return Math.min(type.length, TEXT_WIDTH_MAX);
  return NUMBERS.has(type.name) ? 8 : 5;
}
