/** The facts of AWS's pages "Streaming SQL Operators", "Logical Operators" and "Date, Timestamp, and Interval Operators". */
import { deepEqual, equal, throws } from 'node:assert/strict';
import { suite, test } from 'node:test';
import { SqlError } from '../sql-error.ts';
import { RowError } from '../value.ts';
import { parseTime, parseTimestamp } from '../values/datetime.ts';
import { typeText } from '../values/type-text.ts';
import { castTo, differenceOf } from './convert.ts';
import {
  dec,
  decimalType,
  f,
  interval,
  lit,
  run,
  show,
  type,
  value,
  varchar,
} from './expressions.testing.ts';

const span = { start: 0, end: 0 };
const big = (given: number | bigint) => value(given, type('BIGINT'));
const double = (given: number) => value(given, type('DOUBLE'));

suite('arithmetic', () => {
  test('whole numbers divide towards zero, decimals keep the digits of the rule', () => {
    equal(run(f('/', lit(5), lit(2))), 2);
    equal(run(f('/', lit(-5), lit(2))), -2);
    equal(show(f('/', dec('5.0'), lit(2))), '2.500000000000');
    equal(show(f('+', dec('2.0'), dec('2.0'))), '4.0');
    equal(show(f('+', dec('3.0'), lit(2))), '5.0');
    equal(show(f('+', f('*', lit(5), lit(2)), lit(2))), '12');
    equal(show(f('*', dec('1.25'), dec('-0.5'))), '-0.625');
    equal(show(f('/', lit(1), dec('3.000'))), '0.33333');
  });

  test('the types of decimals follow the page of numeric types', () => {
    const [a, b] = [value(1, decimalType(10, 1)), value(1, decimalType(10, 3))];
    equal(typeText(f('*', a, b).type), 'DECIMAL(18, 4)');
    equal(typeText(f('+', a, b).type), 'DECIMAL(13, 3)');
    equal(typeText(f('/', a, b).type), 'DECIMAL(18, 6)');
    equal(typeText(f('+', lit(1), big(1)).type), 'BIGINT');
    equal(typeText(f('+', value(1, type('REAL')), lit(1)).type), 'DOUBLE');
    equal(typeText(f('+', dec('1.5'), double(1)).type), 'DOUBLE');
  });

  test('BIGINT is exact to its last bit, and beyond it is a row error', () => {
    equal(run(f('+', big(9_007_199_254_740_991), big(2))), 9_007_199_254_740_993n);
    equal(run(f('-', big(9_007_199_254_740_993n), big(2))), 9_007_199_254_740_991);
    equal(run(f('*', big(3_037_000_499), big(3_037_000_499))), 9_223_372_030_926_249_001n);
    equal(run(f('-', big(-(2n ** 63n) + 1n), big(1))), -(2n ** 63n));
    throws(() => run(f('+', big(2n ** 63n - 1n), big(1))), RowError);
    throws(() => run(f('+', lit(2_147_483_647), lit(1))), /NUMERIC|out of range/);
    throws(() => run(f('-', big(-(2n ** 63n)))), RowError);
    throws(
      () => run(f('*', value(10 ** 10, decimalType(18, 0)), value(10 ** 8, decimalType(18, 0)))),
      RowError,
    );
  });

  test('division by zero and results without end are row errors', () => {
    for (const zero of [lit(0), double(0), dec('0.0')]) throws(() => run(f('/', lit(1), zero)), RowError);
    throws(() => run(f('*', double(1e308), double(10))), RowError);
    equal(run(f('/', lit(null), lit(0))), null);
  });

  test('what has no arithmetic says so in the words of AWS', () => {
    throws(
      () => f('+', lit('a'), lit(1)),
      (error: SqlError) =>
        error.message.startsWith(
          "Cannot apply '+' to arguments of type '<VARCHAR(1)> + <INTEGER>'. Supported form(s): '<NUMERIC> + <NUMERIC>'",
        ),
    );
    throws(
      () => f('-', value(0, type('DATE')), value(0, type('DATE'))),
      /Cannot apply '-' to arguments of type '<DATE> - <DATE>'/,
    );
  });
});

suite('times and intervals', () => {
  const HOUR = 3_600_000;
  const time = (text: string) => value(parseTime(text, true)!, type('TIME'));
  const stamp = (text: string) => value(parseTimestamp(text, true)!, type('TIMESTAMP'));
  const between = (a: Parameters<typeof differenceOf>[0], b: typeof a, from: string, to = from) =>
    show(
      differenceOf(
        a,
        b,
        (interval(from, to) as { qualifier: Parameters<typeof differenceOf>[2] }).qualifier,
        span,
      ),
    );

  test('the six examples of interval arithmetic', () => {
    const day = value(24 * HOUR, interval('DAY'));
    const long = value(76 * HOUR, interval('DAY', 'HOUR'));
    equal(show(f('+', day, value(72 * HOUR, interval('DAY')))), '+4');
    equal(show(f('+', day, long)), '+4 04');
    equal(show(f('-', day, long)), '-2 04');
    equal(show(f('+', value(12, interval('YEAR')), value(40, interval('YEAR', 'MONTH')))), '+4-04');
    equal(show(f('*', lit(2), long)), '+6 08');
    equal(show(f('/', long, lit(2))), '+1 14');
  });

  test('differences of times are cut to their qualifier', () => {
    equal(between(time('12:03:34'), time('11:57:23'), 'MINUTE', 'SECOND'), '+6:11');
    equal(between(time('12:03:34'), time('11:57:23'), 'SECOND'), '+371');
    equal(between(time('12:03:34'), time('11:57:23'), 'MINUTE'), '+6');
    equal(
      between(stamp('2004-05-01 12:03:34'), stamp('2004-04-29 11:57:23'), 'DAY', 'SECOND'),
      '+2 00:06:11',
    );
    equal(between(stamp('2004-05-01 1:03:34'), stamp('2004-04-29 11:57:23'), 'DAY', 'SECOND'), '+1 13:06:11');
    equal(between(stamp('2004-05-01 12:03:34'), stamp('2004-04-29 11:57:23'), 'DAY'), '+2');
    throws(
      () => between(time('12:03:34'), stamp('2004-04-29 11:57:23'), 'DAY', 'SECOND'),
      /Parameters must be of the same type/,
    );
  });

  test('times move by intervals', () => {
    equal(show(f('+', stamp('2004-02-28 23:30:00'), value(HOUR, interval('HOUR')))), '2004-02-29 00:30:00');
    equal(show(f('-', stamp('2004-03-31 00:00:00'), value(1, interval('MONTH')))), '2004-02-29 00:00:00');
    equal(show(f('+', time('23:30:00'), value(HOUR, interval('HOUR')))), '00:30:00');
    equal(show(f('+', value(HOUR, interval('HOUR')), value(0, type('DATE')))), '1970-01-01');
  });
});

suite('logic', () => {
  const [T, F, U] = [true, false, null];
  const boolean = (given: boolean | null) => value(given, type('BOOLEAN'));

  test('three values', () => {
    const table = (name: string) =>
      [T, F, U].map((a) => [T, F, U].map((b) => run(f(name, boolean(a), boolean(b)))));
    deepEqual(table('AND'), [
      [T, F, U],
      [F, F, F],
      [U, F, U],
    ]);
    deepEqual(table('OR'), [
      [T, T, T],
      [T, F, U],
      [T, U, U],
    ]);
    deepEqual(
      [T, F, U].map((a) => run(f('NOT', boolean(a)))),
      [F, T, U],
    );
    deepEqual(table('IS DISTINCT FROM'), [
      [F, T, T],
      [T, F, T],
      [T, T, F],
    ]);
    for (const [name, expected] of [
      ['IS TRUE', [T, F, F]],
      ['IS FALSE', [F, T, F]],
      ['IS UNKNOWN', [F, F, T]],
      ['IS NOT UNKNOWN', [T, T, F]],
      ['IS NULL', [F, F, T]],
    ] as const)
      deepEqual(
        [T, F, U].map((a) => run(f(name, boolean(a)))),
        expected,
      );
  });

  test('the examples of comparison', () => {
    equal(run(f('AND', boolean(F), castTo(lit(null), type('BOOLEAN'), span))), false);
    equal(run(f('=', lit('foo'), lit('bar'))), false);
    equal(run(f('<=', lit('foo'), lit('bar'))), false);
    equal(run(f('IS DISTINCT FROM', lit(1), dec('1.0'))), false);
    equal(run(f('=', big(9_007_199_254_740_993n), dec('9007199254740993.0'))), false);
    equal(run(f('IN', lit(2), lit(1), lit(null))), null);
    equal(run(f('IN', lit(1), lit(1), lit(null))), true);
    equal(run(f('=', value('ab  ', { name: 'CHAR', length: 4 }), lit('ab'))), true);
    throws(() => f('=', lit('1'), lit(1)), SqlError);
  });

  test('CASE evaluates the branch that it takes, and no other', () => {
    const guarded = f('CASE', f('=', lit(0), lit(0)), lit(7), f('/', lit(1), lit(0)));
    equal(run(guarded), 7);
    equal(run(f('CASE', boolean(U), lit('a'), boolean(T), lit('bcd'))), 'bcd');
    equal(run(f('NULLIF', lit(4), lit(4))), null);
    equal(run(f('COALESCE', lit(null), lit(3), lit(4))), 3);
  });
});

suite('CAST', () => {
  test('rounds, cuts and refuses', () => {
    equal(run(castTo(dec('-1.5'), type('INTEGER'), span)), -2);
    equal(run(castTo(double(2.5), type('INTEGER'), span)), 3);
    equal(show(castTo(double(1.005), decimalType(5, 2), span)), '1.01');
    equal(
      run(castTo(value(14_114 * 86_400_000, type('DATE')), { name: 'CHAR', length: 25 }, span)),
      '2008-08-23'.padEnd(25),
    );
    throws(() => run(castTo(value(14_114 * 86_400_000, type('DATE')), varchar(9), span)), RowError);
    equal(show(castTo(lit('2007-02-19 21:23:45'), type('TIMESTAMP'), span)), '2007-02-19 21:23:45');
    for (const text of [
      '2007-02-19 21:23',
      '2007-02-19T21:23:45',
      '2007-02-19 21:23:45.5',
      '2007-02-30 00:00:00',
    ])
      throws(() => run(castTo(lit(text), type('TIMESTAMP'), span)), RowError);
    equal(run(castTo(value(173_171_000, interval('DAY', 'SECOND')), varchar(8), span)), '+2 00:06');
    equal(run(castTo(value(371_000, interval('SECOND')), type('BIGINT'), span)), 371);
    equal(run(castTo(lit(' 12.50 '), decimalType(6, 1), span)), 125);
    throws(
      () => castTo(boolean(), type('INTEGER'), span),
      /cannot convert value of type BOOLEAN to type INTEGER/,
    );
  });
  const boolean = () => value(true, type('BOOLEAN'));
});
