/**
 * Runs a plan: streams in the middle, pumps between them. Nothing is queued but what waits for another input's time, and what windows keep; when a call
 * returns, everything that follows from it has been given.
 */
import { assert } from '../../base/assert.ts';
import type { Times } from '../compile/times.ts';
import type { Plan, PumpPlan, Relation } from '../plan/plan.ts';
import { ROWTIME_INDEX, type Row } from '../value.ts';
import { build } from './build.ts';
import type { FiniteParts } from './finite.ts';
import { Merge } from './merge.ts';
import type { Operator, Plain, Receiver, StateChanges } from './operator.ts';
import type { ProgramOutput, RunningProgram } from './program.ts';
import { pumpInto } from './pump.ts';
import { lateRow } from './retime.ts';
import { rowText } from './row-text.ts';
import type { RowErrors } from './row-errors.ts';
import type { Site } from './site.ts';
import { StreamNode } from './stream-node.ts';
import { tableQueries } from './table-queries.ts';

export type ProgramOptions = {
  readonly output: ProgramOutput;
  /** CURRENT_TIMESTAMP. */
  readonly startMs: number;
  /** The streams whose rows are told. */
  readonly watch: readonly string[] | 'all';
  readonly seed: number;
};

export const openProgram = (plan: Plan, options: ProgramOptions): RunningProgram =>
  new Program(plan, options);

type Kept = Pick<Operator, 'save' | 'restore'>;

class Program implements RunningProgram {
  readonly #options: ProgramOptions;
  readonly #times: Times;
  readonly #plan: Plan;
  readonly #streams = new Map<string, StreamNode>();
  /** Where the rows of a stream that comes from outside go in. */
  readonly #inputs = new Map<string, StreamNode>();
  /** All that is told every bound: inputs, streams that nobody fills, sources that have an end. */
  readonly #clocked: Receiver[] = [];
  readonly #tables = new Map<string, readonly Row[]>();
  /** By the prefix of their cells. */
  readonly #kept = new Map<string, Kept>();

  constructor(plan: Plan, options: ProgramOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#times = { startMs: options.startMs, nowMs: options.startMs };
    this.#openStreams();
    this.#openPumps();
    for (const [index, { query }] of plan.selects.entries()) {
      const out = { row: (row: Row) => options.output.selected(index, row), bound: () => undefined };
      build(query, out, this.#site(`select${index}`, undefined));
    }
  }

  setNow(nowMs: number): void {
    this.#times.nowMs = nowMs;
  }

  loadTable(table: string, rows: readonly Row[]): void {
    this.#tables.set(table, rows);
  }

  row(stream: string, row: Row): void {
    const node = this.#inputs.get(stream);
    assert(node !== undefined, `${stream} is no input of the program`);
    const timeMs = row[ROWTIME_INDEX] as number;
    if (timeMs < node.timeMs) {
      const { columns } = this.#plan.streams.find(({ name }) => name === stream) as {
        columns: Relation['columns'];
      };
      this.#errors(columns, undefined)(lateRow(timeMs, node.timeMs), row);
    } else node.row(row);
  }

  bound(timeMs: number): void {
    for (const receiver of this.#clocked) receiver.bound(timeMs);
  }

  end(): void {
    this.bound(Infinity);
  }

  save(changes: StateChanges): void {
    for (const [prefix, kept] of this.#kept)
      kept.save({
        put: (cell, state) => changes.put(prefix + cell, state),
        drop: (cell) => changes.drop(prefix + cell),
      });
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    const byPrefix = new Map<string, Map<string, Plain>>();
    for (const [cell, state] of cells) {
      const end = cell.indexOf('/') + 1;
      const prefix = cell.slice(0, end);
      const own = byPrefix.get(prefix) ?? new Map<string, Plain>();
      own.set(cell.slice(end), state);
      byPrefix.set(prefix, own);
    }
    for (const [prefix, kept] of this.#kept) {
      const own = byPrefix.get(prefix);
      if (own !== undefined) kept.restore(own);
    }
  }

  #openStreams(): void {
    const { output, watch } = this.#options;
    for (const [index, { name, origin }] of this.#plan.streams.entries()) {
      const node = new StreamNode();
      this.#streams.set(name, node);
      this.#keep(`stream${index}/`, node);
      if (watch === 'all' || watch.includes(name))
        node.addConsumer({ row: (row) => output.row(name, row), bound: () => undefined });
      if (origin !== 'program') this.#inputs.set(name, node);
    }
  }

  #openPumps(): void {
    const running = this.#plan.pumps.filter(({ isStopped }) => !isStopped);
    const ports = new Map<PumpPlan, Receiver>();
    for (const [name, node] of this.#streams) {
      const producers = running.filter(({ target }) => target === name);
      const isInput = this.#inputs.has(name);
      assert(!isInput || producers.length === 0, `${name} is an input, and no pump's target`);
      if (producers.length === 0) this.#clocked.push(node);
      else if (producers.length === 1) ports.set(producers[0] as PumpPlan, node);
      else {
        const merge = this.#keep(`merge${this.#kept.size}/`, new Merge(producers.length, node));
        for (const [index, pump] of producers.entries()) ports.set(pump, merge.inputs[index] as Receiver);
      }
    }
    for (const [index, pump] of running.entries()) {
      const target = this.#plan.streams.find(({ name }) => name === pump.target);
      assert(target !== undefined, `pump ${pump.name} has a stream to insert into`);
      const site = this.#site(`pump${index}`, pump.name);
      build(pump.query, pumpInto(pump, target, ports.get(pump) as Receiver, site), site);
    }
  }

  #site(name: string, pump: string | undefined): Site {
    let count = 0;
    const finite: FiniteParts = {
      times: this.#times,
      get surroundings() {
        return tableQueries(finite);
      },
      rowsOf: (table: string): readonly Row[] => this.#tables.get(table) ?? NO_ROWS,
      errors: (relation: Relation): RowErrors => this.#errors(relation.columns, pump),
    };
    return {
      ...finite,
      seed: this.#options.seed,
      read: (stream, consumer) => {
        const node = this.#streams.get(stream);
        assert(node !== undefined, `${stream} is a stream of the program`);
        node.addConsumer(consumer);
      },
      tell: (receiver) => this.#clocked.push(receiver),
      register: (operator) => this.#keep(`${name}.${count++}/`, operator),
    };
  }

  #errors(columns: Relation['columns'], pump: string | undefined): RowErrors {
    return (error, row) =>
      this.#options.output.error({
        name: error.code,
        message: error.message,
        rowtimeMs: (row[ROWTIME_INDEX] as number | null) ?? this.#options.startMs,
        row: rowText(columns, row),
        pump,
      });
  }

  #keep<T extends Kept>(prefix: string, kept: T): T {
    this.#kept.set(prefix, kept);
    return kept;
  }
}

const NO_ROWS: readonly Row[] = [];
