/**
 * The values of partition keys by the query of MetadataExtraction, as a task for a worker. The query gives one object; what the prefix names must be
 * in it, as a text, a number or a boolean that is not empty. Texts of errors are the service's where they are known (decision 0464).
 */
import type { WorkerTask } from '../../host/workers.ts';
import { JqError, JqRefusal } from '../../jq/errors.ts';
import { compileJq, type JqProgram } from '../../jq/jq.ts';
import { numberText } from '../../jq/print.ts';
import { recordAt, type PackedRecords } from './packed-records.ts';

export type QueryKeysInput = {
  readonly query: string;
  /** In the order of the values that come back. */
  readonly names: readonly string[];
  readonly records: PackedRecords;
  readonly nowMs: number;
  readonly stepsMax: number;
};

export type QueryKeysOutput = {
  /** Of each partition the values, each partition once. */
  readonly partitions: readonly (readonly string[])[];
  /** Of each record the index of its partition, or -1. */
  readonly indices: Int32Array;
  /** Why, of each that has none. */
  readonly failed: ReadonlyMap<number, string>;
};

export const NOT_JSON = 'Non JSON record provided';
export const EMPTY_KEY = 'partitionKeys values must not be null or empty';

/** Programs are kept: a delivery stream asks for its own again and again. */
const PROGRAMS_MAX = 64;
const programs = new Map<string, JqProgram>();

export const queryKeys: WorkerTask<QueryKeysInput, QueryKeysOutput> = {
  module: import.meta.url,
  name: 'queryKeys',
  run: ({ query, names, records, nowMs, stepsMax }) => {
    const program = programOf(query);
    const partitions: string[][] = [];
    const known = new Map<string, number>();
    const failed = new Map<number, string>();
    const indices = new Int32Array(records.ends.length);
    const bytes = Buffer.from(records.bytes.buffer, records.bytes.byteOffset, records.bytes.length);
    const options = { nowMs, stepsMax };
    for (let index = 0; index < indices.length; index++) {
      const { byteOffset, length } = recordAt(records, index);
      const start = byteOffset - bytes.byteOffset;
      const values = valuesOf(bytes.toString('utf8', start, start + length));
      if (typeof values === 'string') {
        failed.set(index, values);
        indices[index] = -1;
        continue;
      }
      const name = values.length === 1 ? values[0]! : JSON.stringify(values);
      let partition = known.get(name);
      if (partition === undefined) {
        partition = partitions.push(values) - 1;
        known.set(name, partition);
      }
      indices[index] = partition;
    }
    return { partitions, indices, failed };

    /** A text says why there are none. */
    function valuesOf(text: string): string[] | string {
      let record: unknown;
      try {
        record = JSON.parse(text);
      } catch {
        return NOT_JSON;
      }
      let result: unknown;
      try {
        const outputs = [...program.run(record, options)];
        if (outputs.length !== 1) return `The query gave ${outputs.length} results, and must give one.`;
        result = outputs[0];
      } catch (error) {
        if (error instanceof JqError || error instanceof JqRefusal) return error.message;
        throw error;
      }
      if (typeof result !== 'object' || result === null || Array.isArray(result))
        return 'The query must give an object.';
      const values: string[] = [];
      for (const name of names) {
        const value = Object.hasOwn(result, name) ? (result as Record<string, unknown>)[name] : undefined;
        if (value === null || value === undefined || value === '') return EMPTY_KEY;
        if (typeof value === 'object')
          return `The partition key ${name} must be a string, a number or a boolean.`;
        values.push(typeof value === 'number' ? numberText(value) : String(value as string | boolean));
      }
      return values;
    }
  },
};

function programOf(query: string): JqProgram {
  const kept = programs.get(query);
  if (kept !== undefined) return kept;
  const program = compileJq(query);
  if (programs.size === PROGRAMS_MAX) programs.delete(programs.keys().next().value!);
  programs.set(query, program);
  return program;
}
