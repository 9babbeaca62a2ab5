/** Expressions for tests, written as calls: every one is evaluated plainly and compiled, and the two have to agree. */
import { deepEqual } from 'node:assert/strict';
import { compileCondition, compileExpression } from '../compile/compile.ts';
import { evaluate } from '../compile/evaluate.ts';
import type { PlanExpression } from '../plan/expression.ts';
import type { SqlType } from '../types.ts';
import type { Row, SqlValue } from '../value.ts';
import { valueText } from '../values/text.ts';
import type { CallSite } from './function.ts';
import { findScalar } from './scalars.ts';

export const SITE: CallSite = {
  form: undefined,
  span: { start: 0, end: 0 },
  isDistinct: false,
  isStar: false,
  nulls: undefined,
  from: undefined,
};

export const type = (name: string): SqlType => ({ name }) as SqlType;
export const varchar = (length: number): SqlType => ({ name: 'VARCHAR', length });
export const decimalType = (precision: number, scale: number): SqlType => ({
  name: 'DECIMAL',
  precision,
  scale,
});
export const interval = (from: string, to = from): SqlType =>
  ({ name: 'INTERVAL', qualifier: { from, to, precision: 2, fraction: 3 } }) as SqlType;

export const value = (value: SqlValue, type: SqlType): PlanExpression => ({ op: 'literal', value, type });
/** A literal as a program writes it: whole numbers are INTEGER, text is VARCHAR. */
export const lit = (given: number | string | boolean | null): PlanExpression => {
  if (typeof given === 'string') return value(given, varchar(Math.max(1, given.length)));
  if (typeof given === 'boolean') return value(given, type('BOOLEAN'));
  return value(given, given === null ? type('NULL') : type('INTEGER'));
};
/** A decimal literal: `dec('2.50')` is DECIMAL(3, 2). */
export const dec = (text: string): PlanExpression => {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const precision = Math.max(1, (whole === '0' ? '' : whole).length + fraction.length);
  return value(Number(text.replace('.', '')), decimalType(precision, fraction.length));
};
export const column = (index: number, type: SqlType): PlanExpression => ({ op: 'column', index, type });

export const f = (name: string, ...args: readonly PlanExpression[]): PlanExpression =>
  form(undefined, name, ...args);
export const form = (
  form: string | undefined,
  name: string,
  ...args: readonly PlanExpression[]
): PlanExpression => findScalar(name)!.resolve(args, { ...SITE, form });

const times = { startMs: 1_000_000_000_000, nowMs: 1_000_000_012_345 };

/** With every literal a column too, so that nothing is folded away. */
const unfolded = (expression: PlanExpression, row: SqlValue[]): PlanExpression => {
  if (expression.op === 'literal') {
    row.push(expression.value);
    return { op: 'column', index: row.length - 1, type: expression.type };
  }
  return expression.op === 'call'
    ? { ...expression, args: expression.args.map((arg) => unfolded(arg, row)) }
    : expression;
};

/** The value by the plain road, by compiled code, and by compiled code that knows no constant. */
export const run = (expression: PlanExpression, row: Row = [0]): SqlValue => {
  const expected = outcome(() => evaluate(expression, row, times));
  deepEqual(
    outcome(() => compileExpression(expression, times)(row)),
    expected,
  );
  const wide = [...row];
  const bare = unfolded(expression, wide);
  deepEqual(
    outcome(() => compileExpression(bare, times)(wide)),
    expected,
  );
  if (expression.type.name === 'BOOLEAN' && !(expected instanceof Error))
    deepEqual(compileCondition(bare, times)(wide), expected === true);
  if (expected instanceof Error) throw expected;
  return expected;
};

const outcome = (attempt: () => SqlValue): SqlValue | Error => {
  try {
    return attempt();
  } catch (error) {
    return error as Error;
  }
};

/** The value as text. */
export const show = (expression: PlanExpression, row?: Row): string | null => {
  const result = run(expression, row);
  return result === null ? null : valueText(result, expression.type);
};
