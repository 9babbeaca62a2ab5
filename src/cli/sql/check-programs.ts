/** `millrace sql --check FILE…`: every program is read and planned, and each one that is wrong is told. */
import { planProgram } from '../../sql/check/check.ts';
import type { Plan } from '../../sql/plan/plan.ts';
import { SqlError } from '../../sql/sql-error.ts';
import { parseProgram } from '../../sql/syntax/parse.ts';
import type { Column } from '../../sql/types.ts';
import { typeText } from '../../sql/values/type-text.ts';
import { EXIT } from '../command.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { readProgramText, showSqlError } from './program-text.ts';

export async function checkPrograms(
  files: readonly string[],
  isJson: boolean,
  terminal: Terminal,
): Promise<number> {
  let status: number = EXIT.ok;
  for (const file of files) {
    const text = readProgramText(file);
    try {
      const plan = planProgram(parseProgram(text), { streams: [], tables: [], isOpen: true });
      await terminal.print(isJson ? `${JSON.stringify({ file, ...openOf(plan) })}\n` : reportOf(file, plan));
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      status = EXIT.failed;
      terminal.say(showSqlError(file, text, error));
      if (isJson) await terminal.print(`${JSON.stringify({ file, error: error.message, ...error.span })}\n`);
    }
  }
  return status;
}

const openOf = ({ streams, tables }: Plan) => {
  const shown = (
    all: readonly { readonly name: string; readonly origin: string; readonly columns: readonly Column[] }[],
  ) =>
    all
      .filter(({ origin }) => origin === 'open')
      .map(({ name, columns }) => ({
        name,
        columns: columns
          .filter(({ isHidden }) => isHidden !== true)
          .map(({ name, type }) => ({ name, type: typeText(type) })),
      }));
  return { streams: shown(streams), tables: shown(tables) };
};

function reportOf(file: string, plan: Plan): string {
  const parts = [
    [plan.streams.filter(({ origin }) => origin === 'program').length, 'stream'],
    [plan.pumps.length, 'pump'],
    [plan.selects.length, 'query', 'queries'],
  ] as const;
  const counts = parts
    .filter(([count]) => count > 0)
    .map(([count, one, many = `${one}s`]) => `${count} ${count === 1 ? one : many}`);
  const open = openOf(plan);
  const relations = [
    ...open.streams.map((relation) => ({ ...relation, what: 'stream' })),
    ...open.tables.map((relation) => ({ ...relation, what: 'table' })),
  ];
  const lines = relations.map(
    ({ what, name, columns }) =>
      `  ${what} ${quoted(name)}, not declared: ${columns.map((column) => `${quoted(column.name)} ${column.type}`).join(', ') || 'no column is named'}`,
  );
  return `${[`${file}: ${counts.join(', ') || 'no statement'}`, ...lines].join('\n')}\n`;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
