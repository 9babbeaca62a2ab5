/** Reads `.sqltest` files: see FORMAT.md. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { planProgram } from '../check/check.ts';
import type { Plan } from '../plan/plan.ts';
import { parseProgram } from '../syntax/parse.ts';
import type { Column } from '../types.ts';
import type { Row } from '../value.ts';
import { readRow, readTime } from './values.testing.ts';

type Named = { readonly name: string; readonly columns: readonly Column[] };

export type Line =
  | { readonly timeMs: number; readonly stream: string; readonly row: Row }
  | { readonly timeMs: number; readonly stream: undefined };

export type Expected = { readonly of: string; readonly lines: readonly string[] };

export type GoldenCase = {
  readonly title: string;
  readonly program: string;
  readonly startMs: number;
  readonly isOpen: boolean;
  readonly isWithoutEnd: boolean;
  readonly hasFixedBounds: boolean;
  readonly inputs: readonly Named[];
  readonly tables: readonly (Named & { readonly rows: readonly Row[] })[];
  readonly lines: readonly Line[];
  /** `stream NAME` or `select N`, with the text of each row. */
  readonly expected: readonly Expected[];
  readonly errors: readonly string[];
  readonly refused: string | undefined;
};

export const readGoldenFile = (text: string): readonly GoldenCase[] =>
  text
    .split(/^=== /m)
    .slice(1)
    .map((part) => readCase(part));

/** All of this folder. */
export const goldenFiles = (): readonly { readonly file: string; readonly cases: readonly GoldenCase[] }[] =>
  readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.sqltest'))
    .toSorted()
    .map((file) => ({
      file,
      cases: readGoldenFile(readFileSync(path.join(import.meta.dirname, file), 'utf8')),
    }));

export const planOf = (golden: GoldenCase): Plan =>
  planProgram(parseProgram(golden.program), {
    streams: golden.inputs,
    tables: golden.tables,
    isOpen: golden.isOpen,
  });

const readCase = (text: string): GoldenCase => {
  const [head = '', ...sections] = text.split(/^--- /m);
  const [title = '', ...options] = head.split('\n');
  const inputs: Named[] = [];
  const tables: { name: string; columns: readonly Column[]; rows: Row[] }[] = [];
  let startMs = readTime('00:00:00');
  let [isOpen, isWithoutEnd, hasFixedBounds] = [false, false, false];
  for (const option of linesOf(options)) {
    const trimmed = option.trim();
    const [, keyword, rest] = /^(input|table|start)\s+(.*)$/s.exec(trimmed) ?? [];
    if (keyword === 'input') inputs.push(declared(rest!));
    else if (keyword === 'table') tables.push({ ...declared(rest!), rows: [] });
    else if (keyword === 'start') startMs = readTime(rest!);
    else if (trimmed === 'open') isOpen = true;
    else if (trimmed === 'without end') isWithoutEnd = true;
    else if (trimmed === 'fixed bounds') hasFixedBounds = true;
    else if (trimmed.startsWith('[')) {
      const table = tables.at(-1)!;
      table.rows.push(readRow(table.columns, null, trimmed));
    } else throw new Error(`in case ${title}: cannot read ${trimmed}`);
  }
  const found = sections.map((section) => {
    const end = section.indexOf('\n');
    return { name: section.slice(0, end).trim(), text: section.slice(end + 1) };
  });
  const textOf = (name: string): string | undefined => found.find((section) => section.name === name)?.text;
  return {
    title,
    program: textOf('program') ?? '',
    startMs,
    isOpen,
    isWithoutEnd,
    hasFixedBounds,
    inputs,
    tables,
    lines: linesOf((textOf('rows') ?? '').split('\n')).map((line) => readLine(line, inputs)),
    expected: found
      .filter(({ name }) => /^(stream|select)\b/.test(name))
      .map(({ name, text: rows }) => ({ of: name, lines: linesOf(rows.split('\n')) })),
    errors: linesOf((textOf('errors') ?? '').split('\n')),
    refused: textOf('refused')?.trim(),
  };
};

const linesOf = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => line.trim() !== '' && !line.startsWith('--'));

const declared = (text: string): Named => {
  const [statement] = parseProgram(`CREATE STREAM ${text}`).statements;
  if (statement?.kind !== 'create stream') throw new Error(`no columns in ${text}`);
  return {
    name: statement.name[0]!.text,
    columns: statement.columns.map(({ name, type, isNotNull }) => ({ name: name.text, type, isNotNull })),
  };
};

const LINE = /^((?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d(?:\.\d+)?)\s+(.*)$/s;

const readLine = (line: string, inputs: readonly Named[]): Line => {
  const [, time, rest] = LINE.exec(line.trim()) ?? [];
  if (time === undefined || rest === undefined) throw new Error(`cannot read ${line}`);
  const timeMs = readTime(time);
  if (rest === 'bound') return { timeMs, stream: undefined };
  const at = rest.indexOf('[');
  const name = rest
    .slice(0, at)
    .trim()
    .replace(/^"(.*)"$/, '$1');
  const input = name === '' ? inputs[0] : inputs.find((candidate) => candidate.name === name);
  if (input === undefined) throw new Error(`no input ${name}`);
  return { timeMs, stream: input.name, row: readRow(input.columns, timeMs, rest.slice(at)) };
};
