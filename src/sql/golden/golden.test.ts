/** Runs every golden case as it stands, with bounds in other places, and killed and restored. See FORMAT.md. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openProgram } from '../engine/open-program.ts';
import { Checkpoint, diceOf } from '../engine/operators.testing.ts';
import type { ErrorRow, RunningProgram } from '../engine/program.ts';
import type { Plan } from '../plan/plan.ts';
import { SqlError } from '../sql-error.ts';
import type { Column } from '../types.ts';
import type { Row } from '../value.ts';
import { goldenFiles, planOf, type GoldenCase, type Line } from './read-golden.testing.ts';
import { canonical, rowText, timeText } from './values.testing.ts';

type Outcome = { readonly rows: Map<string, Row[]>; readonly errors: ErrorRow[] };

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

const run = (plan: Plan, golden: GoldenCase, lines: readonly Line[], killEvery?: () => boolean): Outcome => {
  const outcome: Outcome = { rows: new Map(), errors: [] };
  const checkpoint = new Checkpoint();
  let program = open(plan, golden, outcome);
  for (const line of lines) {
    give(program, line);
    if (killEvery === undefined) continue;
    program.save(checkpoint);
    if (!killEvery()) continue;
    program = open(plan, golden, outcome);
    program.restore(structuredClone(checkpoint.cells));
  }
  if (!golden.isWithoutEnd) program.end();
  return outcome;
};

/** A bound before each row and behind it tells nothing new. */
const withMoreBounds = (lines: readonly Line[]): readonly Line[] =>
  lines.flatMap((line) => {
    const bound: Line = { timeMs: line.timeMs, stream: undefined };
    return [bound, line, bound];
  });

const columnsOf = (plan: Plan, of: string): readonly Column[] => {
  const [kind, name = '1'] = of.split(/ (.*)/s);
  if (kind === 'select') return plan.selects[Number(name) - 1]!.query.columns;
  const stream = plan.streams.find((candidate) => candidate.name === unquoted(name));
  assert.ok(stream !== undefined, `the program has no stream ${name}`);
  return stream.columns;
};

const unquoted = (name: string): string => name.replace(/^"(.*)"$/, '$1');
const keyOf = (of: string): string => (of === 'select' ? 'select 1' : of.replace(/"(.*)"$/, '$1'));

const check = (plan: Plan, golden: GoldenCase, { rows, errors }: Outcome): void => {
  for (const { of, lines } of golden.expected) {
    const columns = columnsOf(plan, keyOf(of));
    const actual = (rows.get(keyOf(of)) ?? []).map((row, index) => rowText(columns, row, lines[index]));
    assert.equal(actual.join('\n'), lines.map((line) => canonical(columns, line)).join('\n'), of);
  }
  const told = errors.map(({ name, rowtimeMs, message }, index) => {
    const wanted = golden.errors[index];
    const [, head, text] = /^((?:\d{4}-\S+ )?\S+ \S+)\s*(.*)$/.exec(wanted?.trim() ?? '') ?? [];
    const actual = `${timeText(rowtimeMs)} ${name}`;
    if (actual === head && message.includes(text ?? '')) return wanted?.trim();
    return `${actual} ${message}`;
  });
  assert.equal(told.join('\n'), golden.errors.map((line) => line.trim()).join('\n'), 'errors');
};

const runCase = (golden: GoldenCase): void => {
  if (golden.refused !== undefined) {
    assert.throws(
      () => planOf(golden),
      (error: unknown) => {
        assert.ok(error instanceof SqlError, String(error));
        assert.ok(error.message.includes(golden.refused!), error.message);
        return true;
      },
    );
    return;
  }
  const plan = planOf(golden);
  assert.ok(golden.expected.length > 0 || golden.errors.length > 0, 'a case expects something');
  check(plan, golden, run(plan, golden, golden.lines));
  if (!golden.hasFixedBounds) check(plan, golden, run(plan, golden, withMoreBounds(golden.lines)));
  check(
    plan,
    golden,
    run(plan, golden, golden.lines, () => true),
  );
  const dice = diceOf(golden.lines.length);
  check(
    plan,
    golden,
    run(plan, golden, golden.lines, () => dice() < 0.3),
  );
};

for (const { file, cases } of goldenFiles())
  for (const golden of cases) test(`${file}: ${golden.title}`, () => runCase(golden));
