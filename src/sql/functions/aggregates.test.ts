/** Aggregates: their types, their nulls, and that a frame that slides has what a frame computed anew has. */
import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { suite, test } from 'node:test';
import { SqlError } from '../sql-error.ts';
import type { AggregateCall } from '../plan/plan.ts';
import type { PlanExpression } from '../plan/expression.ts';
import type { SqlType } from '../types.ts';
import { RowError, type SqlValue } from '../value.ts';
import { typeText } from '../values/type-text.ts';
import { findAggregate } from './aggregates.ts';
import { column, decimalType, interval, lit, SITE, type, value } from './expressions.testing.ts';
import type { CallSite } from './function.ts';

const resolve = (
  name: string,
  args: readonly PlanExpression[],
  site: Partial<CallSite> = {},
): AggregateCall => findAggregate(name)!.resolve(args, { ...SITE, ...site });

const over = (call: AggregateCall, rows: readonly (readonly SqlValue[])[]): SqlValue => {
  const accumulator = findAggregate(call.name)!.accumulator(call);
  for (const row of rows) accumulator.add(row);
  return accumulator.result();
};

/** Of one column. */
const of = (
  name: string,
  argType: SqlType,
  values: readonly SqlValue[],
  site: Partial<CallSite> = {},
): SqlValue =>
  over(
    resolve(name, [column(1, argType)], site),
    values.map((each) => [each]),
  );

suite('sums', () => {
  test('result types are the table of the decision', () => {
    const typed = (name: string, argType: SqlType) => typeText(resolve(name, [column(1, argType)]).type);
    for (const name of ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT']) {
      deepEqual(
        [typed('SUM', type(name)), typed('AVG', type(name)), typed('MIN', type(name))],
        ['BIGINT', name, name],
      );
      equal(typed('VAR_POP', type(name)), 'DOUBLE');
    }
    for (const name of ['REAL', 'DOUBLE'])
      deepEqual(
        [typed('SUM', type(name)), typed('AVG', type(name)), typed('MAX', type(name))],
        ['DOUBLE', 'DOUBLE', name],
      );
    deepEqual(
      [
        typed('SUM', decimalType(6, 2)),
        typed('AVG', decimalType(6, 2)),
        typed('STDDEV_SAMP', decimalType(6, 2)),
      ],
      ['DECIMAL(18, 2)', 'DECIMAL(6, 2)', 'DOUBLE'],
    );
    equal(typed('COUNT', type('BOOLEAN')), 'BIGINT');
    throws(() => resolve('SUM', [column(1, interval('DAY'))]), SqlError);
  });

  test('nulls are left out, and nothing is NULL', () => {
    equal(of('SUM', type('INTEGER'), [1, null, 2, null, 3, null]), 6);
    equal(of('AVG', type('INTEGER'), [1, null, 2, null, 3, null]), 2);
    equal(of('AVG', type('INTEGER'), [29, 32]), 30);
    equal(of('AVG', decimalType(4, 1), [10, 11]), 11);
    equal(of('COUNT', type('INTEGER'), [1, null]), 1);
    equal(over(resolve('COUNT', [], { isStar: true }), [[], []]), 2);
    for (const name of ['SUM', 'AVG', 'MIN', 'MAX', 'VAR_POP', 'STDDEV_SAMP'])
      equal(of(name, type('DOUBLE'), [null]), null);
  });

  test('are exact, and beyond their type a row error', () => {
    equal(of('SUM', type('BIGINT'), [2 ** 53 - 1, 2 ** 53 - 1, 1]), 2n ** 54n - 1n);
    throws(() => of('SUM', type('BIGINT'), [2n ** 63n - 1n, 1]), RowError);
    equal(of('SUM', type('DOUBLE'), [1e100, 1, -1e100]), 1);
    equal(
      of(
        'SUM',
        type('DOUBLE'),
        Array.from({ length: 10 }, () => 0.1),
      ),
      1,
    );
    equal(of('SUM', type('DOUBLE'), [1.7e308, 1.7e308, -1.7e308]), 1.7e308);
    throws(() => of('SUM', type('DOUBLE'), [1.7e308, 1.7e308]), RowError);
  });
});

test('variances', () => {
  deepEqual(
    ['VAR_POP', 'VAR_SAMP', 'STDDEV_POP'].map((name) => of(name, type('INTEGER'), [2, 4, 4, 4, 5, 5, 7, 9])),
    [4, 32 / 7, 2],
  );
  equal(of('VAR_SAMP', type('DOUBLE'), [5]), null);
  equal(of('VAR_POP', type('DOUBLE'), [5]), 0);
  equal(of('VAR_SAMP', type('DOUBLE'), [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]), 30);
  equal(of('VAR_POP', decimalType(10, 2), [100, 300]), 1);
  for (const name of ['STDDEV', 'STD_DEV']) equal(of(name, type('DOUBLE'), [1, 3]), Math.SQRT2);
});

test('ANY and EVERY', () => {
  const truths = (values: readonly SqlValue[]) => [
    of('ANY', type('BOOLEAN'), values),
    of('EVERY', type('BOOLEAN'), values),
  ];
  deepEqual(
    [truths([true, false]), truths([true, null]), truths([false]), truths([null])],
    [
      [true, false],
      [true, true],
      [false, false],
      [false, true],
    ],
  );
});

test('FIRST_VALUE, LAST_VALUE, NTH_VALUE and LAG', () => {
  const [respect, ignore] = [{}, { nulls: 'IGNORE' as const }];
  const values = [null, 'a', null, 'b', null];
  deepEqual(
    ['FIRST_VALUE', 'LAST_VALUE'].flatMap((name) => [
      of(name, type('VARCHAR'), values, respect),
      of(name, type('VARCHAR'), values, ignore),
    ]),
    [null, 'a', null, 'b'],
  );
  const nth = (n: number, site: Partial<CallSite>) =>
    over(
      resolve('NTH_VALUE', [column(1, type('VARCHAR')), lit(n)], site),
      values.map((each) => [each, n]),
    );
  deepEqual(
    [
      nth(2, respect),
      nth(2, ignore),
      nth(2, { from: 'LAST' }),
      nth(6, respect),
      nth(2, { ...ignore, from: 'LAST' }),
    ],
    ['a', 'b', 'b', null, 'a'],
  );
  const lag = (n: number, site: Partial<CallSite>, given: readonly SqlValue[] = values) =>
    over(
      resolve('LAG', [column(1, type('VARCHAR')), lit(n), lit('z')], site),
      given.map((each) => [each, n, 'z']),
    );
  deepEqual(
    [lag(1, respect), lag(2, respect), lag(5, respect), lag(1, ignore), lag(2, ignore), lag(3, ignore)],
    ['b', null, 'z', 'b', 'a', 'z'],
  );
  deepEqual([lag(1, ignore, ['a', null, 'b']), lag(0, respect, ['a', 'b'])], ['a', 'b']);
  equal(over(resolve('LAG', [column(1, type('INTEGER'))]), [[1], [2]]), 1);
});

test('EXP_AVG halves a weight with each half-life', () => {
  const call = resolve('EXP_AVG', [column(1, type('DOUBLE')), value(10_000, interval('SECOND'))]);
  equal(
    over(call, [
      [8, 10_000, 0],
      [2, 10_000, 10_000],
    ]),
    4,
  );
  equal(
    over(call, [
      [1, 10_000, 0],
      [2, 10_000, 10_000],
      [4, 10_000, 20_000],
    ]),
    (1 / 4 + 2 / 2 + 4) / 1.75,
  );
  equal(over(call, [[null, 10_000, 0]]), null);
});

test('a frame that slides has what a frame computed anew has, also after a restart', () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const double = (): SqlValue =>
    random() < 0.1 ? null : (random() - 0.5) * 10 ** Math.floor(random() * 30 - 10);
  const whole = (): SqlValue => (random() < 0.1 ? null : Math.floor((random() - 0.5) * 2 ** 50));
  const calls: readonly (readonly [AggregateCall, () => readonly SqlValue[]])[] = [
    ...['SUM', 'AVG', 'VAR_POP', 'STDDEV_SAMP', 'COUNT'].flatMap((name) => [
      [resolve(name, [column(1, type('DOUBLE'))]), () => [double()]] as const,
      [resolve(name, [column(1, type('BIGINT'))]), () => [whole()]] as const,
    ]),
    [resolve('LAG', [column(1, type('BIGINT')), lit(2), lit(0)], { nulls: 'IGNORE' }), () => [whole(), 2, 0]],
    [resolve('FIRST_VALUE', [column(1, type('BIGINT'))]), () => [whole()]],
    [resolve('EVERY', [column(1, type('BOOLEAN'))]), () => [random() < 0.9]],
  ];
  for (const [call, next] of calls) {
    let accumulator = findAggregate(call.name)!.accumulator(call);
    const frame: (readonly SqlValue[])[] = [];
    for (let i = 0; i < 400; i++) {
      frame.push(next());
      accumulator.add(frame.at(-1)!);
      while (frame.length > 1 + Math.floor(random() * 40)) accumulator.remove(frame.shift()!);
      if (i % 97 === 0) {
        const state = structuredClone(accumulator.save());
        accumulator = findAggregate(call.name)!.accumulator(call);
        accumulator.restore(state);
      }
      const [actual, expected] = [accumulator.result(), over(call, frame)];
      const isNear =
        typeof actual === 'number' &&
        typeof expected === 'number' &&
        Math.abs(actual - expected) <= Math.abs(expected) * 1e-12;
      ok(
        actual === expected || isNear,
        `${call.name} after ${i}: ${String(actual)} instead of ${String(expected)}`,
      );
      if (call.name === 'SUM' || call.name === 'AVG') equal(actual, expected);
    }
  }
});
