/** The facts of AWS's pages on numeric and date functions and temporal predicates. */
import { deepEqual, equal, throws } from 'node:assert/strict';
import { suite, test } from 'node:test';
import { SqlError } from '../sql-error.ts';
import { RowError } from '../value.ts';
import { parseTimestamp } from '../values/datetime.ts';
import { parseInterval } from '../values/interval.ts';
import { castTo, differenceOf } from './convert.ts';
import { dec, decimalType, f, form, interval, lit, run, show, type, value } from './expressions.testing.ts';

const span = { start: 0, end: 0 };
const stamp = (text: string) => value(parseTimestamp(text, true)!, type('TIMESTAMP'));
const intervalOf = (text: string, from: string, to = from) => {
  const of = interval(from, to) as { qualifier: Parameters<typeof parseInterval>[1] };
  return value(parseInterval(text, of.qualifier)!, of as ReturnType<typeof interval>);
};

suite('numeric functions', () => {
  test('FLOOR, CEIL and ABS', () => {
    deepEqual(
      [dec('2.0'), dec('-1.0'), dec('5.2'), dec('-3.3'), f('*', lit(-3), dec('3.1'))].map((arg) =>
        show(f('FLOOR', arg)),
      ),
      ['2', '-1', '5', '-4', '-10'],
    );
    deepEqual(
      [dec('2.0'), dec('-1.0'), dec('5.2'), dec('-3.3'), f('*', lit(-3), dec('3.1'))].map((arg) =>
        show(f('CEILING', arg)),
      ),
      ['2', '-1', '6', '-3', '-9'],
    );
    deepEqual(
      [dec('2.0'), dec('-1.0'), lit(0), f('*', lit(-3), lit(3))].map((arg) => show(f('ABS', arg))),
      ['2.0', '1.0', '0', '9'],
    );
    equal(show(f('ABS', intervalOf('-3 4:20', 'DAY', 'MINUTE'))), '+3 04:20');
  });

  test('MOD, POWER, EXP, LN, LOG10 and SQRT', () => {
    deepEqual(
      [
        [4, 2],
        [5, 3],
        [-4, 3],
        [5, 12],
      ].map(([a, b]) => run(f('MOD', lit(a!), lit(b!)))),
      [0, 2, -1, 5],
    );
    throws(() => run(f('MOD', lit(1), lit(0))), RowError);
    throws(() => f('MOD', dec('1.5'), lit(2)), SqlError);
    deepEqual(
      [
        f('POWER', lit(3), lit(2)),
        f('POWER', lit(-2), lit(3)),
        f('POWER', lit(4), lit(-2)),
        f('POWER', dec('10.1'), dec('2.5')),
      ].map((arg) => run(arg)),
      [9, -8, 0.0625, 324.19285157140644],
    );
    throws(() => run(f('POWER', lit(0), lit(-1))), RowError);
    throws(() => run(f('POWER', lit(-2), dec('0.5'))), RowError);
    deepEqual(
      [1, 0, -1].map((n) => run(f('EXP', lit(n)))),
      [Math.E, 1, 0.36787944117144233],
    );
    deepEqual([run(f('LN', lit(10))), run(f('LN', dec('2.5')))], [Math.LN10, 0.9162907318741551]);
    deepEqual(
      [run(f('LOG10', lit(100))), run(f('LOG10', castTo(lit('23'), decimalType(18, 0), span)))],
      [2, 1.3617278360175928],
    );
    for (const name of ['LN', 'LOG10']) throws(() => run(f(name, lit(0))), RowError);
    equal(run(f('SQRT', lit(2))), Math.SQRT2);
    throws(() => run(f('SQRT', lit(-1))), RowError);
  });
});

suite('times', () => {
  const at = stamp('2004-09-30 13:48:23');
  const to = (name: string, unit: string) => show(f(name, at, lit(unit)));

  test('FLOOR TO and CEIL TO', () => {
    deepEqual(
      ['HOUR', 'MINUTE', 'DAY', 'YEAR', 'MONTH'].map((unit) => to('FLOOR TO', unit)),
      [
        '2004-09-30 13:00:00',
        '2004-09-30 13:48:00',
        '2004-09-30 00:00:00',
        '2004-01-01 00:00:00',
        '2004-09-01 00:00:00',
      ],
    );
    deepEqual(
      ['HOUR', 'MINUTE', 'DAY', 'YEAR', 'MONTH'].map((unit) => to('CEIL TO', unit)),
      [
        '2004-09-30 14:00:00',
        '2004-09-30 13:49:00',
        '2004-10-01 00:00:00',
        '2005-01-01 00:00:00',
        '2004-10-01 00:00:00',
      ],
    );
    equal(show(f('CEIL TO', stamp('2004-10-01 00:00:00'), lit('MONTH'))), '2004-10-01 00:00:00');
  });

  test('STEP', () => {
    const step = (text: string, size: string, unit: string) =>
      show(form('BY', 'STEP', stamp(text), intervalOf(size, unit)));
    equal(step('2004-09-30 13:48:23', '10', 'SECOND'), '2004-09-30 13:48:20');
    equal(step('2004-09-30 13:48:23', '2', 'HOUR'), '2004-09-30 12:00:00');
    equal(step('2004-09-30 13:48:23', '5', 'MINUTE'), '2004-09-30 13:45:00');
    equal(step('2004-09-27 13:48:23', '5', 'DAY'), '2004-09-24 00:00:00');
    equal(step('2004-09-30 13:48:23', '1', 'YEAR'), '2004-01-01 00:00:00');
    equal(step('2004-09-30 13:48:23', '3', 'MONTH'), '2004-07-01 00:00:00');
    equal(step('1969-12-31 23:59:59.5', '10', 'SECOND'), '1969-12-31 23:59:50');
    deepEqual(
      [run(f('STEP', lit(23), lit(5))), run(f('STEP', lit(30), lit(10))), run(f('STEP', lit(-1), lit(5)))],
      [20, 30, -5],
    );
    equal(run(f('STEP', lit(null), lit(5))), null);
    throws(() => f('STEP', lit(1), lit(0)), SqlError);
  });

  test('the idiom that came before STEP: an interval, divided and rounded', () => {
    const since = (text: string) =>
      differenceOf(
        stamp(text),
        stamp('1970-01-01 00:00:00'),
        (interval('SECOND') as { qualifier: Parameters<typeof differenceOf>[2] }).qualifier,
        span,
      );
    const tens = (text: string) => show(f('FLOOR TO', f('/', since(text), lit(10)), lit('SECOND')));
    deepEqual(
      [tens('1970-01-01 00:00:39.9'), tens('1970-01-01 00:00:40'), tens('1969-12-31 23:59:59')],
      ['+3', '+4', '-1'],
    );
    equal(show(f('CEIL TO', intervalOf('2 03:00', 'DAY', 'MINUTE'), lit('DAY'))), '+3 00:00');
    throws(() => f('FLOOR TO', intervalOf('2', 'DAY'), lit('MONTH')), SqlError);
  });

  test('EXTRACT', () => {
    const long = intervalOf('2 3:4:5.678', 'DAY', 'SECOND');
    deepEqual(
      ['DAY', 'HOUR', 'MINUTE', 'SECOND'].map((unit) => show(f('EXTRACT', lit(unit), long))),
      ['2', '3', '4', '5.678'],
    );
    const when = stamp('2016-09-23 04:29:26.234');
    deepEqual(
      ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'].map((unit) => show(f('EXTRACT', lit(unit), when))),
      ['2016', '9', '23', '4', '29', '26.234'],
    );
  });

  test('the current times', () => {
    equal(show(f('CURRENT_ROW_TIMESTAMP')), '2001-09-09 01:46:52.345');
    equal(show(f('CURRENT_TIMESTAMP')), '2001-09-09 01:46:40');
    equal(show(f('LOCALTIME')), '01:46:40');
    equal(show(f('CURRENT_DATE')), '2001-09-09');
  });

  test('temporal predicates', () => {
    const names = [
      'EQUALS',
      'CONTAINS',
      'STRICTLY CONTAINS',
      'OVERLAPS',
      'STRICTLY OVERLAPS',
      'PRECEDES',
      'STRICTLY PRECEDES',
      'IMMEDIATELY PRECEDES',
      'SUCCEEDS',
      'STRICTLY SUCCEEDS',
      'IMMEDIATELY SUCCEEDS',
      'LEADS',
      'STRICTLY LEADS',
      'IMMEDIATELY LEADS',
      'LAGS',
      'STRICTLY LAGS',
      'IMMEDIATELY LAGS',
    ];
    const holding = (...ends: readonly number[]) =>
      names.filter((name) => run(f(name, ...ends.map((end) => value(end, type('TIMESTAMP'))))) === true);
    deepEqual(holding(1, 2, 3, 4), ['PRECEDES', 'STRICTLY PRECEDES']);
    deepEqual(holding(1, 3, 3, 4), ['PRECEDES', 'IMMEDIATELY PRECEDES']);
    deepEqual(holding(3, 4, 1, 3), ['SUCCEEDS', 'IMMEDIATELY SUCCEEDS']);
    deepEqual(holding(1, 3, 2, 4), ['OVERLAPS', 'STRICTLY OVERLAPS', 'LEADS', 'STRICTLY LEADS']);
    deepEqual(holding(1, 4, 2, 4), ['CONTAINS', 'OVERLAPS', 'LEADS', 'IMMEDIATELY LEADS']);
    deepEqual(holding(1, 4, 2, 3), ['CONTAINS', 'STRICTLY CONTAINS', 'OVERLAPS', 'STRICTLY OVERLAPS']);
    deepEqual(holding(2, 5, 2, 3), ['CONTAINS', 'OVERLAPS', 'LAGS', 'IMMEDIATELY LAGS']);
    deepEqual(holding(2, 5, 1, 3), ['OVERLAPS', 'STRICTLY OVERLAPS', 'LAGS', 'STRICTLY LAGS']);
    deepEqual(holding(2, 5, 2, 5), ['EQUALS', 'CONTAINS', 'OVERLAPS']);
    const point = (time: number) =>
      run(f('CONTAINS', ...[1, 3, time].map((end) => value(end, type('TIMESTAMP')))));
    deepEqual([0, 1, 2, 3].map(point), [false, true, true, false]);
  });
});
