/** Reads a program, and shows what is wrong with one: the words, the line, and a mark under the place. */
import { readFileSync } from 'node:fs';
import { UsageError } from '../../base/flags.ts';
import { describeSqlError, placeAt, type SqlError } from '../../sql/sql-error.ts';
import { printable } from '../terminal/table.ts';

const SHOWN_MAX = 160;

export function readProgramText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

export function showSqlError(file: string, text: string, error: SqlError): string {
  const { line, column } = placeAt(text, error.span.start);
  const whole = (text.split('\n')[line - 1] ?? '').replace(/\r$/, '').replaceAll('\t', ' ');
  // Of a program in one long line, the part around the place.
  const from = column > SHOWN_MAX / 2 && whole.length > SHOWN_MAX ? column - SHOWN_MAX / 2 : 0;
  const shown = printable(whole.slice(from, from + SHOWN_MAX));
  const isOneLine = placeAt(text, Math.max(error.span.end - 1, error.span.start)).line === line;
  const length = isOneLine ? error.span.end - error.span.start : whole.length - column + 1;
  const marks = '^'.repeat(Math.max(1, Math.min(length, shown.length - (column - 1 - from))));
  const margin = `${line} | `;
  return [
    `${file}: ${printable(describeSqlError(text, error))}`,
    `${margin}${shown}`,
    `${' '.repeat(margin.length + column - 1 - from)}${marks}`,
    '',
  ].join('\n');
}
