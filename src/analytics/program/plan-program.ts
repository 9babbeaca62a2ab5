/** The program of an application, checked against its inputs and reference data. Loaded when the first code is given. */
import { planProgram } from '../../sql/check/check.ts';
import type { Plan } from '../../sql/plan/plan.ts';
import { describeSqlError, SqlError } from '../../sql/sql-error.ts';
import { parseProgram } from '../../sql/syntax/parse.ts';
import { inputColumns } from '../execution/execution-config.ts';
import { streamNames, type Schema, type Settings } from '../settings/settings.ts';
import { recordSchemaOf, SchemaFault } from './record-schema-of.ts';

/** What is wrong with the program, and where. */
export class ProgramFault extends Error {
  override readonly name = 'ProgramFault';
}

/**
 * @param isOpen What the program names need not be declared.
 * Throws `ProgramFault`, and `SchemaFault` of an input or a reference table.
 */
export function planOf({ code, inputs, references }: Settings, isOpen: boolean): Plan {
  const text = code.kind === 'text' ? code.text : '';
  const streams = inputs.flatMap((input) => {
    const columns = inputColumns({
      schema: recordSchemaOf(input.schema),
      hasShards: input.source.kind === 'stream',
    });
    return streamNames(input).map((name) => ({ name, columns }));
  });
  const tables = references.map(({ tableName: name, schema }) => ({
    name,
    columns: recordSchemaOf(schema).columns.map((column) => ({ name: column.name, type: column.type })),
  }));
  try {
    return planProgram(parseProgram(text), { streams, tables, isOpen });
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new ProgramFault(describeSqlError(text, error));
  }
}

/** Undefined when the program is right. */
export function programFault(settings: Settings, isOpen: boolean): string | undefined {
  if (settings.code.kind !== 'text') return undefined;
  try {
    planOf(settings, isOpen);
    return undefined;
  } catch (error) {
    if (error instanceof ProgramFault || error instanceof SchemaFault) return error.message;
    throw error;
  }
}

/** Undefined when rows can be made of records by it. */
export function schemaFault(schema: Schema): string | undefined {
  try {
    recordSchemaOf(schema);
    return undefined;
  } catch (error) {
    if (error instanceof SchemaFault) return error.message;
    throw error;
  }
}
