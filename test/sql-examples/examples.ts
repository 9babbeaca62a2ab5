/**
 * Folders of SQL applications with an index, each read and planned with open streams: what the index says must run has to, and what it says must be
 * refused has to be refused with an error that says where. `INDEX.tsv` has a line of headings; those used are `id` (the file is `id.sql`), `expect` (`run`
 * or `refuse`; anything else, such as `fragment`, is tried and may do either) and `class`. A folder without an index is one of scripts that must run.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { planProgram } from '../../src/sql/check/check.ts';
import { describeSqlError, SqlError } from '../../src/sql/sql-error.ts';
import { parseProgram } from '../../src/sql/syntax/parse.ts';

type Example = { readonly id: string; readonly class: string; readonly expect: string };

export type Outcome = Example & {
  readonly came: 'run' | 'refuse' | 'crash';
  /** Why it did not run. */
  readonly why: string;
  readonly isExpected: boolean;
};

export function tryExamples(folder: string): Outcome[] {
  return examplesIn(folder).map((example) => {
    const { came, why } = tryExample(path.join(folder, `${example.id}.sql`));
    const isFree = example.expect !== 'run' && example.expect !== 'refuse';
    return { ...example, came, why, isExpected: isFree ? came !== 'crash' : came === example.expect };
  });
}

function examplesIn(folder: string): Example[] {
  const files = readdirSync(folder).toSorted();
  if (!files.includes('INDEX.tsv'))
    return files
      .filter((file) => file.endsWith('.sql'))
      .map((file) => ({ id: file.slice(0, -'.sql'.length), class: '', expect: 'run' }));
  const [headings = [], ...lines] = readFileSync(path.join(folder, 'INDEX.tsv'), 'utf8')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split('\t'));
  const column = (line: readonly string[], name: string): string =>
    line[headings.indexOf(name)]?.trim() ?? '';
  return lines.map((line) => ({
    id: column(line, 'id').replace(/\.sql$/, ''),
    class: column(line, 'class'),
    expect: column(line, 'expect'),
  }));
}

function tryExample(file: string): Pick<Outcome, 'came' | 'why'> {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
    planProgram(parseProgram(text), { streams: [], tables: [], isOpen: true });
    return { came: 'run', why: '' };
  } catch (error) {
    if (error instanceof SqlError) return { came: 'refuse', why: describeSqlError(text, error) };
    return { came: 'crash', why: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
