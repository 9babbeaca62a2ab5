/**
 * An application at work, on whatever thread: records become rows of its inputs, its program runs, and the rows of its outputs are bytes again. It
 * knows no clock: a step with the same records and time gives the same answer.
 */
import { deserialize, serialize } from 'node:v8';
import type { OpenResident, ResidentKind } from '../../host/residents.ts';
import { openProgram } from '../../sql/engine/open-program.ts';
import type { Plain } from '../../sql/engine/operator.ts';
import type { ErrorRow, RunningProgram } from '../../sql/engine/program.ts';
import type { Column } from '../../sql/types.ts';
import type { Row, SqlValue } from '../../sql/value.ts';
import { delimitedRows, jsonRows } from '../../sql/values/row-text.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { openMapping } from '../mapping/open-mapping.ts';
import type { ExecutionAnswer, ExecutionCall, StepAnswer, StepPart } from './execution-calls.ts';
import {
  ERROR_COLUMNS,
  ERROR_STREAM,
  type ExecutionConfig,
  type OutputConfig,
  SOURCE_COLUMNS,
  type TableConfig,
} from './execution-config.ts';
import { RowBytes } from './row-bytes.ts';
import { Samples } from './samples.ts';

/** How many of a reference object's faults are told. */
const REJECTED_MAX = 10;

type Output = { readonly text: (row: Row) => string; readonly end: string; readonly rows: RowBytes };
type Input = {
  readonly mapping: Mapping;
  readonly streams: readonly string[];
  /** Where the columns of the source begin. */ readonly extra: number;
};

const openOutput = ({ format, endsLines }: OutputConfig, columns: readonly Column[]): Output => ({
  text: format === 'JSON' ? jsonRows(columns) : delimitedRows(columns),
  end: endsLines ? '\n' : '',
  rows: new RowBytes(),
});

class Execution implements OpenResident<ExecutionCall, ExecutionAnswer> {
  /** Without the objects and the state that the configuration came with: they are large. */
  readonly #tables: readonly Pick<TableConfig, 'table' | 'schema'>[];
  readonly #program: RunningProgram;
  readonly #inputs: readonly Input[];
  readonly #outputs: readonly Output[];
  readonly #outputsOf = new Map<string, readonly Output[]>();
  readonly #samples: Samples;
  #nowMs: number;
  #rowsIn = 0;
  #errors = 0;

  constructor(config: ExecutionConfig) {
    this.#tables = config.tables.map(({ table, schema }) => ({ table, schema }));
    this.#nowMs = config.startMs;
    const columnsOf = new Map(config.plan.streams.map(({ name, columns }) => [name, columns]));
    columnsOf.set(ERROR_STREAM, ERROR_COLUMNS);
    // A stream that the program does not have gives no rows.
    this.#outputs = config.outputs.map((output) => openOutput(output, columnsOf.get(output.stream) ?? []));
    config.outputs.forEach(({ stream }, index) => {
      const output = this.#outputs[index];
      if (output !== undefined) this.#outputsOf.set(stream, [...(this.#outputsOf.get(stream) ?? []), output]);
    });
    this.#samples = new Samples(columnsOf);
    this.#inputs = config.inputs.map(({ streams, schema }) => {
      const used = config.plan.streams
        .filter(({ name }) => streams.includes(name))
        .map(({ isUsed }) => isUsed);
      const isUsed = schema.columns.map((_, column) => used.some((stream) => stream[column] === true));
      return {
        mapping: openMapping(schema, { isUsed, extraColumns: SOURCE_COLUMNS.length }),
        streams,
        extra: schema.columns.length + 1,
      };
    });
    this.#program = openProgram(config.plan, {
      startMs: config.startMs,
      seed: config.seed,
      watch: 'all',
      output: {
        row: (stream, row) => this.#row(stream, row),
        selected: () => {},
        error: (error) => this.#error(error),
      },
    });
    if (config.cells !== undefined)
      this.#program.restore(
        new Map([...config.cells].map(([cell, bytes]) => [cell, deserialize(bytes) as Plain])),
      );
    for (const table of config.tables) this.#loadTable(table, table.object);
  }

  answer(call: ExecutionCall): ExecutionAnswer {
    switch (call.kind) {
      case 'step':
        return this.#step(call);
      case 'save':
        return this.#save();
      case 'load table': {
        const table = this.#tables.find((one) => one.table === call.table);
        if (table === undefined) throw new Error(`There is no reference table ${call.table}`);
        return this.#loadTable(table, call.object);
      }
    }
  }

  given(answer: ExecutionAnswer): readonly ArrayBuffer[] {
    if (answer.kind === 'step') return answer.outputs.map(({ bytes }) => bytes.buffer as ArrayBuffer);
    if (answer.kind !== 'saved') return [];
    return answer.changes.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes.buffer as ArrayBuffer]));
  }

  #step({ nowMs, parts, rejected, samples }: ExecutionCall & { readonly kind: 'step' }): StepAnswer {
    this.#nowMs = nowMs;
    this.#rowsIn = 0;
    this.#errors = 0;
    this.#samples.begin(samples);
    this.#program.setNow(nowMs);
    for (const { data, reason } of rejected) this.#reject(reason, Buffer.from(data).toString());
    for (const part of parts) this.#read(part);
    this.#program.bound(nowMs);
    const outputs = this.#outputs.flatMap(({ rows }, output) => {
      const taken = rows.take();
      return taken === undefined ? [] : [{ output, ...taken }];
    });
    return {
      kind: 'step',
      outputs,
      samples: this.#samples.take(),
      rowsIn: this.#rowsIn,
      errors: this.#errors,
    };
  }

  #read({
    input: index,
    stream: number,
    bytes,
    ends,
    arrivalsMs,
    shardId,
    partitionKeys,
    sequenceNumbers,
  }: StepPart): void {
    const input = this.#inputs[index];
    const stream = input?.streams[number];
    if (input === undefined || stream === undefined)
      throw new Error('A step has records of an input that there is not');
    const { extra } = input;
    const nowMs = this.#nowMs;
    let record = 0;
    let start = 0;
    const sink = {
      row: (row: SqlValue[]) => {
        row[0] = nowMs;
        row[extra] = arrivalsMs[record] as number;
        row[extra + 1] = shardId ?? null;
        row[extra + 2] = partitionKeys?.[record] ?? null;
        row[extra + 3] = sequenceNumbers?.[record] ?? null;
        this.#rowsIn++;
        this.#program.row(stream, row);
      },
      reject: (reason: string, part?: Uint8Array) => {
        const shown = part ?? bytes.subarray(start, ends[record]);
        this.#reject(reason, Buffer.from(shown).toString());
      },
    };
    for (; record < ends.length; record++) {
      const end = ends[record] as number;
      input.mapping.read(bytes, start, end, sink);
      start = end;
    }
  }

  #row(stream: string, row: Row): void {
    const outputs = this.#outputsOf.get(stream);
    if (outputs !== undefined) for (const { text, end, rows } of outputs) rows.add(text(row) + end);
    this.#samples.row(stream, row);
  }

  #reject(message: string, row: string): void {
    this.#error({ name: 'INVALID_RECORD', message, rowtimeMs: this.#nowMs, row, pump: undefined });
  }

  #error({ name, message, rowtimeMs, row, pump }: ErrorRow): void {
    this.#errors++;
    const cut = (text: string, column: number): string => {
      const type = ERROR_COLUMNS[column]?.type;
      return type !== undefined && 'length' in type ? text.slice(0, type.length) : text;
    };
    const hex = Buffer.from(row).toString('hex');
    this.#row(ERROR_STREAM, [
      this.#nowMs,
      this.#nowMs,
      'ERROR',
      cut(name, 2),
      cut(message, 3),
      rowtimeMs,
      cut(hex, 5),
      pump ?? null,
    ]);
  }

  #loadTable({ table, schema }: Pick<TableConfig, 'table' | 'schema'>, object: Uint8Array): ExecutionAnswer {
    const rows: SqlValue[][] = [];
    const rejected: string[] = [];
    const isUsed = schema.columns.map(() => true);
    openMapping(schema, { isUsed, extraColumns: 0 }).read(object, 0, object.length, {
      row: (row) => rows.push(row),
      reject: (reason) => {
        if (rejected.length < REJECTED_MAX) rejected.push(reason);
      },
    });
    this.#program.loadTable(table, rows);
    return { kind: 'loaded', rows: rows.length, rejected };
  }

  #save(): ExecutionAnswer {
    const changes = new Map<string, Uint8Array | undefined>();
    this.#program.save({
      // In memory of its own, which can be given away.
      put: (cell, state) => changes.set(cell, Uint8Array.from(serialize(state))),
      drop: (cell) => changes.set(cell, undefined),
    });
    return { kind: 'saved', changes: [...changes].map(([cell, bytes]) => ({ cell, bytes })) };
  }
}

export const execution: ResidentKind<ExecutionConfig, ExecutionCall, ExecutionAnswer> = {
  module: import.meta.url,
  name: 'execution',
  open: (config) => new Execution(config),
};
