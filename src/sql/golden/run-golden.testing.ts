/** Runs a program over the lines of a golden case, whole or with restores from checkpoints between them. */
import { openProgram } from '../engine/open-program.ts';
import { Checkpoint } from '../engine/operators.testing.ts';
import type { ErrorRow, RunningProgram } from '../engine/program.ts';
import type { Plan } from '../plan/plan.ts';
import type { Row } from '../value.ts';
import type { GoldenCase, Line } from './read-golden.testing.ts';

/** Rows by `stream NAME` or `select N`. */
export type Outcome = { readonly rows: Map<string, Row[]>; readonly errors: ErrorRow[] };

const open = (plan: Plan, golden: GoldenCase, { rows, errors }: Outcome): RunningProgram => {
  const take = (of: string, row: Row): void => {
    const known = rows.get(of);
    if (known === undefined) rows.set(of, [row]);
    else known.push(row);
  };
  const program = openProgram(plan, {
    output: {
      row: (stream, row) => take(`stream ${stream}`, row),
      selected: (index, row) => take(`select ${index + 1}`, row),
      error: (error) => errors.push(error),
    },
    startMs: golden.startMs,
    watch: 'all',
    seed: 42,
  });
  for (const table of golden.tables) program.loadTable(table.name, table.rows);
  return program;
};

const give = (program: RunningProgram, line: Line): void => {
  program.setNow(line.timeMs);
  if (line.stream === undefined) program.bound(line.timeMs);
  else program.row(line.stream, line.row);
};

/** With `isKilled`, a checkpoint is written behind every line, and where it says so another program goes on from there. */
export const runGolden = (
  plan: Plan,
  golden: GoldenCase,
  lines: readonly Line[],
  isKilled?: () => boolean,
): Outcome => {
  const outcome: Outcome = { rows: new Map(), errors: [] };
  const checkpoint = new Checkpoint();
  let program = open(plan, golden, outcome);
  for (const line of lines) {
    give(program, line);
    if (isKilled === undefined) continue;
    program.save(checkpoint);
    if (!isKilled()) continue;
    program = open(plan, golden, outcome);
    program.restore(structuredClone(checkpoint.cells));
  }
  if (!golden.isWithoutEnd) program.end();
  return outcome;
};

/** A bound before each row and behind it tells nothing new. */
export const withMoreBounds = (lines: readonly Line[]): readonly Line[] =>
  lines.flatMap((line) => {
    const bound: Line = { timeMs: line.timeMs, stream: undefined };
    return [bound, line, bound];
  });
