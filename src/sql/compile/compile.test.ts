/** Compiled code and the plain evaluation give the same, for thousands of random typed expressions over random rows. */
import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { castTo, convertTo } from '../functions/convert.ts';
import {
  column,
  decimalType,
  f,
  interval,
  lit,
  SITE,
  type,
  value,
  varchar,
} from '../functions/expressions.testing.ts';
import { findScalar } from '../functions/scalars.ts';
import type { PlanExpression } from '../plan/expression.ts';
import { SqlError } from '../sql-error.ts';
import type { SqlType } from '../types.ts';
import { RowError, type SqlValue } from '../value.ts';
import { compileCondition, compileExpression, compileRow } from './compile.ts';
import { evaluate } from './evaluate.ts';

const times = { startMs: 1_700_000_000_123, nowMs: 1_700_000_555_000 };
const SPAN = { start: 0, end: 0 };

let seed = 20_261_124;
const random = (below: number): number => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % below;
};
const pick = <T>(items: readonly T[]): T => items[random(items.length)]!;

const INTERVALS = [interval('SECOND'), interval('DAY', 'SECOND'), interval('MONTH')];
const TYPES: readonly SqlType[] = [
  ...[
    'TINYINT',
    'SMALLINT',
    'INTEGER',
    'BIGINT',
    'REAL',
    'DOUBLE',
    'BOOLEAN',
    'DATE',
    'TIME',
    'TIMESTAMP',
  ].map(type),
  decimalType(5, 2),
  decimalType(15, 4),
  decimalType(18, 0),
  decimalType(18, 9),
  varchar(10),
  { name: 'CHAR', length: 4 },
  { name: 'VARBINARY', length: 4 },
  ...INTERVALS,
];

const wholes: Readonly<Record<string, () => SqlValue>> = {
  TINYINT: () => pick([0, 1, -1, 127, -128, random(100)]),
  SMALLINT: () => pick([0, 1, -32_768, 32_767, random(1000)]),
  INTEGER: () => pick([0, 1, -1, 2_147_483_647, -2_147_483_648, random(1e6) - 5e5, 7]),
  BIGINT: () =>
    pick<SqlValue>([0, 1, -1, 2 ** 53 - 1, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n), random(1e9), -7]),
};

const randomValue = (of: SqlType): SqlValue => {
  if (random(6) === 0) return null;
  switch (of.name) {
    case 'REAL':
      return Math.fround(pick([0, 1.5, -2.25, 1e30, 0.1, random(100) / 8]));
    case 'DOUBLE':
      return pick([0, 1, 2.5, -0.5, 1e308, 1e-300, 0.1, random(1000) / 7]);
    case 'DECIMAL':
      return pick<SqlValue>([
        0,
        1,
        -1,
        10 ** Math.min(of.precision, 15) - 1,
        random(10_000),
        ...(of.precision === 18 ? [10n ** 17n * 5n, -(10n ** 18n) + 1n] : []),
      ]);
    case 'BOOLEAN':
      return random(2) === 0;
    case 'VARCHAR':
      return pick(['', 'a', 'ab', '12', ' 3.5', 'true', 'x_y%', '2020-01-02', "it's", 'ÄÖ\u2028']);
    case 'CHAR':
      return pick(['a   ', 'ab  ', '12  ', 'abcd']);
    case 'VARBINARY':
      return Uint8Array.from({ length: random(4) }, () => random(256));
    case 'DATE':
      return (random(40_000) - 10_000) * 86_400_000;
    case 'TIME':
      return random(86_400_000);
    case 'TIMESTAMP':
      return pick([0, 1_700_000_000_000 + random(1e9), -random(1e9)]);
    case 'INTERVAL':
      return random(200_000) - 100_000;
    default:
      return wholes[of.name]!();
  }
};

const UNITS = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'].map(lit);

/** Names with the number of arguments; what an argument has to be a literal for is made below. */
const CALLS: readonly (readonly [name: string, counts: readonly number[]])[] = [
  ['+', [2]],
  ['-', [1, 2]],
  ['*', [2]],
  ['/', [2]],
  ['=', [2]],
  ['<>', [2]],
  ['<', [2]],
  ['<=', [2]],
  ['>', [2]],
  ['>=', [2]],
  ['AND', [2, 3]],
  ['OR', [2, 3]],
  ['NOT', [1]],
  ['IS NULL', [1]],
  ['IS NOT NULL', [1]],
  ['IS TRUE', [1]],
  ['IS NOT FALSE', [1]],
  ['IS UNKNOWN', [1]],
  ['IS DISTINCT FROM', [2]],
  ['IS NOT DISTINCT FROM', [2]],
  ['IN', [2, 3, 4]],
  ['CASE', [3, 4, 5]],
  ['COALESCE', [2, 3]],
  ['NULLIF', [2]],
  ['LIKE', [2]],
  ['SIMILAR TO', [2]],
  ['||', [2]],
  ['UPPER', [1]],
  ['LOWER', [1]],
  ['INITCAP', [1]],
  ['CHAR_LENGTH', [1]],
  ['POSITION', [2]],
  ['TRIM', [1]],
  ['SUBSTRING', [2, 3]],
  ['OVERLAY', [3, 4]],
  ['REGEX_REPLACE', [5]],
  ['ABS', [1]],
  ['FLOOR', [1]],
  ['CEIL', [1]],
  ['MOD', [2]],
  ['POWER', [2]],
  ['EXP', [1]],
  ['LN', [1]],
  ['LOG10', [1]],
  ['SQRT', [1]],
  ['TSDIFF', [2]],
  ['UNIX_TIMESTAMP', [1]],
  ['TO_TIMESTAMP', [1]],
  ['OVERLAPS', [4]],
  ['CONTAINS', [3, 4]],
  ['IMMEDIATELY PRECEDES', [4]],
  ['CURRENT_ROW_TIMESTAMP', [0]],
  ['CURRENT_DATE', [0]],
];

const row: SqlValue[] = [];

const leaf = (): PlanExpression => {
  const index = 1 + random(2 * TYPES.length);
  const of = TYPES[(index - 1) % TYPES.length]!;
  return random(3) === 0 ? value(randomValue(of), of) : column(index, of);
};

const NUMBERS = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'REAL', 'DOUBLE', 'DECIMAL'];
const FITS: Readonly<Record<string, readonly string[]>> = {
  text: ['VARCHAR', 'CHAR'],
  number: NUMBERS,
  integer: NUMBERS,
  boolean: ['BOOLEAN'],
  timestamp: ['TIMESTAMP', 'DATE'],
  time: ['TIMESTAMP', 'DATE', 'TIME'],
};

const leafOf = (names: readonly string[]): PlanExpression => {
  for (;;) {
    const found = leaf();
    if (names.includes(found.type.name)) return found;
  }
};

const expression = (depth: number): PlanExpression => {
  if (depth === 0 || random(8) === 0) return leaf();
  for (let attempt = 0; attempt < 12; attempt++) {
    try {
      return composed(depth);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
    }
  }
  return leaf();
};

const composed = (depth: number): PlanExpression => {
  const part = (): PlanExpression => expression(depth - 1);
  switch (random(8)) {
    case 0:
      return castTo(part(), pick(TYPES), SPAN);
    case 1:
      return f(pick(['FLOOR TO', 'CEIL TO']), part(), pick(UNITS));
    case 2:
      return f('EXTRACT', pick(UNITS), part());
    case 3:
      return f('STEP', part(), pick([value(7_000, INTERVALS[0]!), value(5, INTERVALS[2]!), lit(5)]));
    default: {
      const [name, counts] = pick(CALLS);
      const count = pick(counts);
      const args = Array.from({ length: count }, (_, index) => {
        const kind = findScalar(name)!.kindOf(index, count);
        for (let attempt = 0; attempt < 6; attempt++) {
          const arg = part();
          if (FITS[kind]?.includes(arg.type.name) ?? true) return arg;
        }
        return leafOf(FITS[kind]!);
      });
      if (name === 'SUBSTRING' && random(2) === 0)
        return findScalar(name)!.resolve(args, { ...SITE, form: 'FROM' });
      // Most conditions of random operands do not type: comparisons are made to.
      if (name === 'AND' || name === 'OR' || name === 'NOT')
        return f(name, ...args.map((arg) => (arg.type.name === 'BOOLEAN' ? arg : f('=', arg, arg))));
      return f(name, ...args);
    }
  }
};

/** A zero is a zero: no text and no comparison tells that a double's has a sign. */
const outcome = (attempt: () => unknown): unknown => {
  try {
    const result = attempt();
    return result === 0 ? 0 : result;
  } catch (error) {
    if (error instanceof RowError) return `${error.code}: ${error.message}`;
    throw error;
  }
};

test('a random expression gives the same compiled', () => {
  const seen = new Set<string>();
  let values = 0;
  for (let i = 0; i < 1_000; i++) {
    const tested = expression(1 + random(3));
    note(tested, seen);
    const compiled = compileExpression(tested, times);
    const condition = tested.type.name === 'BOOLEAN' ? compileCondition(tested, times) : undefined;
    for (let j = 0; j < 4; j++) {
      row[0] = 1_700_000_000_000 + j;
      for (let at = 0; at < 2 * TYPES.length; at++) row[at + 1] = randomValue(TYPES[at % TYPES.length]!);
      const expected = outcome(() => evaluate(tested, row, times));
      deepEqual(
        outcome(() => compiled(row)),
        expected,
        () =>
          JSON.stringify(tested, (_, part: unknown) =>
            typeof part === 'bigint' ? `${part}n` : part,
          ) as never,
      );
      checkValue(expected as SqlValue, tested.type);
      if (typeof expected !== 'string') values++;
      // A condition need not evaluate what cannot make it true any more, errors included.
      if (condition !== undefined && typeof expected !== 'string') equal(condition(row), expected === true);
    }
  }
  ok(values > 1_500, `${values} values were compared`);
  for (const [name] of CALLS) ok(seen.has(name) || name === 'NULLIF', `${name} was among them`);
});

const note = (tested: PlanExpression, seen: Set<string>): void => {
  if (tested.op !== 'call') return;
  seen.add(tested.name);
  for (const arg of tested.args) note(arg, seen);
};

/** A value is as `value.ts` says of its type. */
const checkValue = (result: SqlValue, of: SqlType): void => {
  if (result === null || typeof result === 'string') return;
  if (of.name === 'BIGINT' || of.name === 'DECIMAL')
    ok(
      typeof result === 'bigint'
        ? result > 2n ** 53n - 1n || result < -(2n ** 53n) + 1n
        : Number.isSafeInteger(result),
      `${result} of ${of.name}`,
    );
  if (of.name === 'REAL') equal(Math.fround(result as number), result);
  if (typeof result === 'number') ok(Number.isFinite(result), `${of.name} is finite`);
};

test('rows have the ROWTIME that is asked for', () => {
  const [a, b] = [column(1, type('INTEGER')), column(2, type('INTEGER'))];
  deepEqual(compileRow([f('+', a, b), a], undefined, times)([9, 1, 2]), [9, 3, 1]);
  deepEqual(
    compileRow([a], f('FLOOR TO', column(0, type('TIMESTAMP')), lit('MINUTE')), times)([60_001, 1]),
    [60_000, 1],
  );
});

test('times are read when a row comes', () => {
  const moving = { startMs: 0, nowMs: 1 };
  const now = compileExpression(f('CURRENT_ROW_TIMESTAMP'), moving);
  moving.nowMs = 2;
  equal(now([0]), 2);
});

test('a repeated expression is evaluated once, and not where it may not be', () => {
  const bad = f('/', lit(1), column(1, type('INTEGER')));
  const guarded = compileCondition(
    f('AND', f('<>', column(1, type('INTEGER')), lit(0)), f('>', bad, lit(0))),
    times,
  );
  deepEqual([guarded([0, 0]), guarded([0, 1])], [false, true]);
  throws(() => compileExpression(f('CASE', lit(true), bad, bad), times)([0, 0]), RowError);
});

test("queries over tables are answered from outside, and a record's field may have none", () => {
  const query = {
    op: 'table query',
    kind: 'in',
    operands: [column(1, type('INTEGER'))],
    query: { op: 'table', table: 'T', columns: [] },
    type: type('BOOLEAN'),
  } as const;
  const surroundings = {
    tableQuery:
      () =>
      ([operand]: readonly SqlValue[]) =>
        operand === 3,
  };
  equal(compileExpression(query, times, surroundings)([0, 3]), true);
  equal(evaluate(query, [0, 4], times, surroundings), false);
  const parsed = findScalar('REGEX_LOG_PARSE')!.resolve([column(1, varchar(9)), lit('(a)(b)')], SITE);
  const field = compileExpression({ op: 'field', of: parsed, index: 1, type: varchar(1024) }, times);
  deepEqual([field([0, 'ab']), field([0, 'x']), field([0, null])], ['b', null, null]);
});

test('nothing of a text becomes code', () => {
  const text = '\'"`${1}\\\n\u2028*/};process.exit(1)//';
  equal(compileExpression(f('||', column(1, varchar(5)), lit(text)), times)([0, 'x']), `x${text}`);
});

test('assignments convert', () => {
  const assigned = (from: PlanExpression, to: SqlType) =>
    compileExpression(convertTo(from, to, 'assign'), times)([0]);
  equal(assigned(value(2.5, type('DOUBLE')), type('INTEGER')), 3);
  equal(assigned(lit('abcdef'), varchar(3)), 'abc');
  equal(assigned(lit('ab'), { name: 'CHAR', length: 4 }), 'ab  ');
  equal(assigned(lit(7), decimalType(5, 2)), 700);
  throws(() => assigned(lit(300), type('TINYINT')), RowError);
  for (const [from, to] of [
    [lit('1'), type('INTEGER')],
    [lit(1), varchar(3)],
    [lit(true), type('INTEGER')],
    [value(0, type('DATE')), type('TIMESTAMP')],
  ] as const)
    throws(() => assigned(from, to), SqlError);
});
