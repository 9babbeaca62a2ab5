/** What a running program gives, on its way to the terminal. */
import type { ErrorRow, ProgramOutput } from '../../sql/engine/program.ts';
import type { Plan } from '../../sql/plan/plan.ts';
import type { Column } from '../../sql/types.ts';
import type { Row } from '../../sql/value.ts';
import { count, printable } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { SqlOptions } from './options.ts';
import { jsonPrinter, textPrinter, type RowPrinter } from './print-rows.ts';
import { ERROR_STREAM, printedStreams } from './printed-streams.ts';

const SHOWN_FAULTS_MAX = 5;
/** Output that is gathered before it is written. */
const OUTPUT_LENGTH_MAX = 256 * 1024;

/** Rows become text at once and are written when the program returns: it knows no promises. */
export class Output implements ProgramOutput {
  readonly watched: readonly string[];
  readonly #terminal: Terminal;
  readonly #printers = new Map<string, RowPrinter>();
  readonly #selects: readonly RowPrinter[];
  readonly #errors: RowPrinter | undefined;
  readonly #shown = new Map<string, number>();
  #text = '';

  constructor(plan: Plan, { streams, isJson }: SqlOptions, terminal: Terminal) {
    this.#terminal = terminal;
    const printed = printedStreams(plan, streams);
    const isSeveral = printed.length + plan.selects.length > 1;
    const printer = (name: string, columns: readonly Column[]): RowPrinter =>
      isJson ? jsonPrinter(name, columns) : textPrinter(isSeveral ? name : undefined, columns);
    this.watched = printed.filter((name) => name !== ERROR_STREAM);
    for (const name of this.watched) {
      const { columns } = plan.streams.find((stream) => stream.name === name)!;
      this.#printers.set(name, printer(name, columns));
    }
    this.#selects = plan.selects.map(({ query }, index) =>
      printer(plan.selects.length === 1 ? 'SELECT' : `SELECT ${index + 1}`, query.columns),
    );
    this.#errors = printed.includes(ERROR_STREAM) ? printer(ERROR_STREAM, ERROR_COLUMNS) : undefined;
  }

  get isFull(): boolean {
    return this.#text.length > OUTPUT_LENGTH_MAX;
  }

  row(stream: string, row: Row): void {
    const print = this.#printers.get(stream);
    if (print !== undefined) this.#text += print(row);
  }

  selected(index: number, row: Row): void {
    this.#text += this.#selects[index]!(row);
  }

  error({ name, message, rowtimeMs, row, pump }: ErrorRow): void {
    if (this.#errors === undefined) this.fault(pump ?? 'program', `${name}: ${message}`, row);
    else this.#text += this.#errors([rowtimeMs, name, message, rowtimeMs, row, pump ?? null]);
  }

  /** The first few are told, the others counted. */
  fault(where: string, reason: string, part: string): void {
    const shown = (this.#shown.get(where) ?? 0) + 1;
    this.#shown.set(where, shown);
    if (shown <= SHOWN_FAULTS_MAX)
      this.#terminal.say(`${where}: ${printable(reason)} (${printable(part)})\n`);
  }

  summary(): void {
    for (const [where, faults] of this.#shown)
      if (faults > SHOWN_FAULTS_MAX) this.#terminal.say(`${where}: ${count(faults)} rows in error in all.\n`);
  }

  async flush(): Promise<void> {
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    await this.#terminal.print(text);
  }
}

/** Those of AWS's error stream that a program knows. */
const ERROR_COLUMNS: readonly Column[] = [
  { name: 'ERROR_NAME', type: { name: 'VARCHAR', length: 32 } },
  { name: 'MESSAGE', type: { name: 'VARCHAR', length: 4096 } },
  { name: 'DATA_ROWTIME', type: { name: 'TIMESTAMP' } },
  { name: 'DATA_ROW', type: { name: 'VARCHAR', length: 49_152 } },
  { name: 'PUMP_NAME', type: { name: 'VARCHAR', length: 128 } },
];
