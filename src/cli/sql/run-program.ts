/** Runs a planned program over its inputs, to their end: that is when every window closes. */
import { UsageError } from '../../base/flags.ts';
import { openProgram } from '../../sql/engine/open-program.ts';
import type { RunningProgram } from '../../sql/engine/program.ts';
import type { Plan } from '../../sql/plan/plan.ts';
import { ROWTIME_INDEX, type Row, type SqlValue } from '../../sql/value.ts';
import { EXIT } from '../command.ts';
import { createProgress } from '../terminal/progress.ts';
import { count } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { BoundInput } from './bind-inputs.ts';
import { ROWTIME_IN_DATA } from './discovered.ts';
import { Pace } from './pace.ts';
import { Output } from './program-output.ts';
import { rowsOf, type InputRows } from './input.ts';
import type { SqlOptions } from './options.ts';
import { runsByArrival, runsByTime, type Source } from './runs.ts';

/** Rows that came behind others and were left out. */
const EXIT_BEHIND = 3;
const IDLE_MS = 200;
const SEED = 1;

export async function runProgram(
  plan: Plan,
  inputs: readonly BoundInput[],
  options: SqlOptions,
  { terminal, signal }: { readonly terminal: Terminal; readonly signal: AbortSignal },
): Promise<number> {
  const output = new Output(plan, options, terminal);
  const sources = inputs.filter(({ isTable }) => !isTable);
  const rows = sources.map((input) => inputRows(plan, input, options, output, signal));
  // Where rows are seen as they come, a bar would only be in their way.
  const progress = createProgress({
    ...terminal,
    errorIsTerminal: terminal.errorIsTerminal && !terminal.outputIsTerminal,
  });
  const bytesTotal = sources.reduce<number | undefined>(
    (sum, input) =>
      sum === undefined || input.bytesTotal === undefined ? undefined : sum + input.bytesTotal,
    0,
  );
  const bytesOf = new Map<string, number>();
  let records = 0;
  const onBytes = (name: string, bytes: number): void => {
    bytesOf.set(name, bytes);
    progress.update({
      records,
      bytes: [...bytesOf.values()].reduce((sum, bytes) => sum + bytes, 0),
      bytesTotal,
    });
  };
  const named = sources.map((input, index): Source => ({ name: input.name, batches: rows[index]!.batches }));
  const byTime = options.rowtime !== undefined;
  const runs = byTime ? runsByTime(named, onBytes) : runsByArrival(named, onBytes, IDLE_MS);
  let program: RunningProgram | undefined;
  let pace: Pace | undefined;
  let lastMs = -Infinity;
  const start = async (startMs: number): Promise<RunningProgram> => {
    const opened = openProgram(plan, { output, startMs, watch: output.watched, seed: SEED });
    for (const input of inputs)
      if (input.isTable) opened.loadTable(input.name, await tableRows(input, output));
    if (byTime && options.speed !== undefined) pace = new Pace(startMs, options.speed);
    return opened;
  };
  try {
    for await (const run of runs) {
      signal.throwIfAborted();
      if (byTime && run !== undefined) {
        program ??= await start(run.rows[0]![ROWTIME_INDEX] as number);
        for (const row of run.rows) {
          const timeMs = row[ROWTIME_INDEX] as number;
          if (pace !== undefined) await pace.until(timeMs, program, output, signal);
          program.setNow(timeMs);
          program.row(run.name, row);
          if (output.isFull) await output.flush();
        }
      } else {
        const nowMs = Math.max(Date.now(), lastMs);
        lastMs = nowMs;
        program ??= await start(nowMs);
        program.setNow(nowMs);
        const arrival = arrivalIndexOf(inputs, run?.name);
        for (const row of run?.rows ?? []) {
          const owned = row as SqlValue[];
          owned[ROWTIME_INDEX] = nowMs;
          if (arrival !== undefined) owned[arrival] = nowMs;
          program.row(run!.name, row);
          if (output.isFull) await output.flush();
        }
        program.bound(nowMs);
      }
      records += run?.rows.length ?? 0;
      await output.flush();
    }
    program ??= await start(Date.now());
    program.end();
    await output.flush();
  } finally {
    progress.end();
  }
  output.summary();
  return sayBehind(sources, rows, options, terminal);
}

function sayBehind(
  sources: readonly BoundInput[],
  rows: readonly InputRows[],
  { withinMs }: SqlOptions,
  terminal: Terminal,
): number {
  let status: number = EXIT.ok;
  for (const [index, { name }] of sources.entries()) {
    const behind = rows[index]!.behind();
    if (behind === 0) continue;
    status = EXIT_BEHIND;
    const what = behind === 1 ? '1 row' : `${count(behind)} rows`;
    const advice =
      withinMs === 0 ? '--within D sorts rows that are out of order' : 'a larger --within sorts more';
    terminal.say(
      `${name}: ${what} came behind a later one and ${behind === 1 ? 'was' : 'were'} left out; ${advice}.\n`,
    );
  }
  return status;
}

function inputRows(
  plan: Plan,
  input: BoundInput,
  { rowtime, withinMs }: SqlOptions,
  output: Output,
  signal: AbortSignal,
): InputRows {
  const { columns } = input.discovered.schema;
  const index =
    rowtime === undefined
      ? -1
      : ([rowtime === 'ROWTIME' ? ROWTIME_IN_DATA : rowtime, rowtime.toUpperCase()]
          .map((wanted) => columns.findIndex(({ name }) => name === wanted || name.toUpperCase() === wanted))
          .find((found) => found >= 0) ?? -1);
  if (rowtime !== undefined && index < 0)
    throw new UsageError(
      `${input.name} has no column ${rowtime}: it has ${columns.map(({ name }) => name).join(', ')}.`,
    );
  const used = plan.streams.find(({ name }) => name === input.name)?.isUsed ?? [];
  const source = input.open();
  // A pipe may stay silent for long.
  signal.addEventListener('abort', () => source.destroy(), { once: true });
  return rowsOf(input, source, {
    isUsed: columns.map((_, column) => column === index || (used[column] ?? false)),
    time: index < 0 ? undefined : { index, type: columns[index]!.type, withinMs },
    faults: { rejected: (reason, part) => output.fault(input.name, reason, part) },
  });
}

const arrivalIndexOf = (inputs: readonly BoundInput[], stream: string | undefined): number | undefined => {
  const input = inputs.find(({ name }) => name === stream);
  const index = input?.metadata.findIndex(({ name }) => name === 'APPROXIMATE_ARRIVAL_TIME') ?? -1;
  return index < 0 ? undefined : 1 + input!.discovered.schema.columns.length + index;
};

async function tableRows(input: BoundInput, output: Output): Promise<Row[]> {
  const isUsed = input.discovered.schema.columns.map(() => true);
  const faults = { rejected: (reason: string, part: string) => output.fault(input.name, reason, part) };
  const all: Row[] = [];
  for await (const { rows } of rowsOf(input, input.open(), { isUsed, time: undefined, faults }).batches)
    for (const row of rows) all.push(row);
  return all;
}
