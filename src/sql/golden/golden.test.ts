/** Runs every golden case as it stands, with bounds in other places, and killed and restored. See FORMAT.md. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diceOf } from '../engine/operators.testing.ts';
import type { Plan } from '../plan/plan.ts';
import { SqlError } from '../sql-error.ts';
import type { Column } from '../types.ts';
import { goldenFiles, planOf, type GoldenCase } from './read-golden.testing.ts';
import { runGolden, withMoreBounds, type Outcome } from './run-golden.testing.ts';
import { canonical, rowText, timeText } from './values.testing.ts';

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
  check(plan, golden, runGolden(plan, golden, golden.lines));
  if (!golden.hasFixedBounds) check(plan, golden, runGolden(plan, golden, withMoreBounds(golden.lines)));
  check(
    plan,
    golden,
    runGolden(plan, golden, golden.lines, () => true),
  );
  const dice = diceOf(golden.lines.length);
  check(
    plan,
    golden,
    runGolden(plan, golden, golden.lines, () => dice() < 0.3),
  );
};

for (const { file, cases } of goldenFiles())
  for (const golden of cases) test(`${file}: ${golden.title}`, () => runCase(golden));
