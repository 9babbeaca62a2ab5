/** Which file is which stream or table of the program, and what columns it has. */
import { createReadStream, statSync } from 'node:fs';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { closest, UsageError } from '../../base/flags.ts';
import type { Given } from '../../sql/check/check.ts';
import type { Plan } from '../../sql/plan/plan.ts';
import type { Column, SqlType } from '../../sql/types.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { discoverInput } from './discover-input.ts';
import { ROWTIME_IN_DATA, type Discovered } from './discovered.ts';
import { METADATA, type Input } from './input.ts';
import type { SqlOptions } from './options.ts';
import { readSchemaFile } from './schema-file.ts';

export type BoundInput = Input & {
  readonly isTable: boolean;
  /** Reads it from its beginning. */
  readonly open: () => Readable;
  readonly hasSchemaFile: boolean;
  /** Undefined where the end is not known. */
  readonly bytesTotal: number | undefined;
};

/** `plan` is that of the program with open streams: it says what nobody declared. */
export async function bindInputs(plan: Plan, options: SqlOptions, terminal: Terminal): Promise<BoundInput[]> {
  // Of a pump's target that nobody declared the second plan will say that there is none.
  const isTarget = (stream: string): boolean => plan.pumps.some(({ target }) => target === stream);
  const streams = plan.streams.filter(({ name, origin }) => origin === 'open' && !isTarget(name));
  const tables = plan.tables.filter(({ origin }) => origin === 'open');
  const relations = [
    ...streams.map((stream) => ({ name: stream.name, columns: stream.columns, isTable: false })),
    ...tables.map((table) => ({ name: table.name, columns: table.columns, isTable: true })),
  ];
  const resolve = (given: string | undefined, what: string) => {
    const only =
      streams.length === 1 ? streams[0]!.name : relations.length === 1 ? relations[0]!.name : undefined;
    const wanted = given ?? only;
    if (wanted === undefined)
      throw new UsageError(`${what} needs a name: the program reads ${listOf(relations)}.`);
    const found =
      relations.find(({ name }) => name === wanted) ??
      relations.find(({ name }) => name.toUpperCase() === wanted.toUpperCase());
    if (found !== undefined) return found;
    const near = closest(
      wanted,
      relations.map(({ name }) => name),
    );
    throw new UsageError(
      `The program reads no ${wanted} that it does not declare itself${near === undefined ? `: it reads ${listOf(relations)}` : `. Did you mean ${near}?`}`,
    );
  };
  const wanted =
    options.inputs.length === 0 && streams.length === 1 && !terminal.inputIsTerminal
      ? [{ name: undefined, file: '-' }]
      : options.inputs;
  const inputs = wanted.map((input) => ({ ...input, relation: resolve(input.name, '--input') }));
  const schemas = options.schemas.map(({ name, file }) => ({ file, relation: resolve(name, '--schema') }));
  const missing = relations.filter(({ name }) => !inputs.some(({ relation }) => relation.name === name));
  if (missing.length > 0) {
    const [first] = missing;
    throw new UsageError(
      `The program reads ${listOf(missing)}, which it does not declare: say where the rows are, with --input ${first!.name}=FILE.`,
    );
  }
  const bound: BoundInput[] = [];
  for (const { file, relation } of inputs) {
    if (bound.some(({ name }) => name === relation.name))
      throw new UsageError(`${relation.name} is given twice: put its rows into one file.`);
    const schemaFile = schemas.find((schema) => schema.relation.name === relation.name)?.file;
    bound.push(await bind(relation, file, schemaFile, terminal));
  }
  return bound;
}

async function bind(
  {
    name,
    columns,
    isTable,
  }: { readonly name: string; readonly columns: readonly Column[]; readonly isTable: boolean },
  file: string,
  schemaFile: string | undefined,
  terminal: Terminal,
): Promise<BoundInput> {
  let open: () => Readable;
  let bytesTotal: number | undefined;
  let discovered: Discovered;
  if (file === '-') {
    if (schemaFile === undefined) {
      // It has to be read to its end before its columns are known.
      const chunks: Buffer[] = [];
      for await (const chunk of terminal.input as AsyncIterable<Buffer>) chunks.push(Buffer.from(chunk));
      open = () => Readable.from(chunks);
      bytesTotal = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    } else open = () => terminal.input;
  } else {
    try {
      const stat = statSync(file);
      bytesTotal = stat.isFile() ? stat.size : undefined;
      if (stat.isDirectory()) throw new Error('it is a directory');
    } catch (error) {
      throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
    }
    open = () => createReadStream(file, { highWaterMark: 1024 * 1024 });
  }
  if (schemaFile === undefined) discovered = await discoverInput(name, open, columns);
  else {
    const isCsv = !(await startsAsJson(open()));
    discovered = {
      schema: readSchemaFile(schemaFile, name, isCsv),
      hasHeader: undefined,
      isOneRecord: false,
      numeric: new Set(),
    };
  }
  const metadata = isTable
    ? []
    : METADATA.filter((column) => !discovered.schema.columns.some((own) => own.name === column.name));
  return { name, discovered, metadata, isTable, open, bytesTotal, hasSchemaFile: schemaFile !== undefined };
}

/** Looks at the first bytes, and gives them back. */
async function startsAsJson(source: Readable): Promise<boolean> {
  if (source.readableLength === 0 && !source.readableEnded)
    await Promise.race([once(source, 'readable'), once(source, 'end')]);
  const chunk = source.read() as Buffer | null;
  if (chunk !== null) source.unshift(chunk);
  return (
    chunk === null ||
    /^\s*[[{]/.test(
      chunk
        .subarray(0, 100)
        .toString()
        .replace(/^\ufeff/, ''),
    )
  );
}

/** What the checker is told about the inputs. A member ROWTIME of the data and its like can be named, and `*` leaves them out. */
export function givenBy(inputs: readonly BoundInput[]): Given {
  const relation = ({ name, discovered, metadata }: BoundInput) => ({
    name,
    columns: [
      ...discovered.schema.columns.map(({ name, type }) => ({ name, type, isHidden: HIDDEN.has(name) })),
      ...metadata,
    ],
  });
  return {
    streams: inputs.filter(({ isTable }) => !isTable).map(relation),
    tables: inputs.filter(({ isTable }) => isTable).map(relation),
    isOpen: false,
  };
}

const HIDDEN: ReadonlySet<string> = new Set([ROWTIME_IN_DATA, ...METADATA.map(({ name }) => name)]);

/** The same inputs, with numbers read as texts where the program has texts of them (`"zip": 2139`), and texts that all are numbers as numbers (`"id": "7"`). */
export function asUsed(inputs: readonly BoundInput[], plan: Plan): BoundInput[] {
  return inputs.map((input) => {
    if (input.hasSchemaFile) return input;
    const used = [...plan.streams, ...plan.tables].find(({ name }) => name === input.name)?.columns ?? [];
    const { schema, numeric } = input.discovered;
    const columns = schema.columns.map((column) => {
      const wanted = used.find(({ name }) => name === column.name)?.type;
      if (wanted?.name === 'VARCHAR' && column.type.name !== 'VARCHAR')
        return { ...column, type: TEXT_OF_NUMBER };
      if (wanted !== undefined && NUMBERS.has(wanted.name) && numeric.has(column.name))
        return { ...column, type: wanted };
      return column;
    });
    return { ...input, discovered: { ...input.discovered, schema: { ...schema, columns } } };
  });
}

const NUMBERS: ReadonlySet<string> = new Set(['INTEGER', 'BIGINT', 'DECIMAL', 'REAL', 'DOUBLE']);
const TEXT_OF_NUMBER: SqlType = { name: 'VARCHAR', length: 32 };

const listOf = (relations: readonly { readonly name: string }[]): string =>
  relations.length === 0 ? 'nothing from outside' : relations.map(({ name }) => name).join(', ');
