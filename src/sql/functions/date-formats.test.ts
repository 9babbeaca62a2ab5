/** The facts of AWS's pages on the datetime conversions: its templates, what they give, and what gives no row. */
import { deepEqual, equal, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { SqlError } from '../sql-error.ts';
import { RowError } from '../value.ts';
import { parseTimestamp } from '../values/datetime.ts';
import { f, lit, run, show, type, value } from './expressions.testing.ts';

const NO_ROW = 'no row';
const parsed = (format: string, text: string, name = 'CHAR_TO_TIMESTAMP'): string | null => {
  try {
    return show(f(name, lit(format), lit(text)));
  } catch (error) {
    if (error instanceof RowError) return NO_ROW;
    throw error;
  }
};

test('CHAR_TO_TIMESTAMP', () => {
  const table = [
    ['yyyy-MM-dd hh:mm:ss', '2009-09-16 03:15:24', '2009-09-16 03:15:24'],
    ['yyyy-mm', '2012-02-08 07:23:19', '2012-01-01 00:02:00'],
    ['yyyy-ss-mm', '2012-02-08 07:23:19', '2012-01-01 00:08:02'],
    ['yyyy-MM-dd', '2009-09-16 03:15:24', '2009-09-16 00:00:00'],
    ['yyyy-hh-mm', '2009-09-16 03:15:24', '2009-01-01 09:16:00'],
    ['yyyy', '2009-09-16 03:15:24', '2009-01-01 00:00:00'],
    ['yyyy hh', '2009-09-16 03:15:24', NO_ROW],
    ['yyyy hh', '2009 09 16 03:15:24', '2009-01-01 09:00:00'],
    ['yyyy/hh', '2009/09/16 03:15:24', '2009-01-01 09:00:00'],
    ['yyyy', '09-16 03:15', '0009-01-01 00:00:00'],
    ['yyyy', '16 03:15', '0016-01-01 00:00:00'],
    ['MMM dd, yyyy', 'March 7, 2010', '2010-03-07 00:00:00'],
    ['MMM dd,', 'March 7, 2010', '1970-03-07 00:00:00'],
    ['MMM dd,y', 'March 7, 2010', '2010-03-07 00:00:00'],
    ['MMM dd,y', 'March 7, 10', '0010-03-07 00:00:00'],
    ['MMM dd yyyy', 'March 7, 2010', NO_ROW],
    ['M-d', '2-8', '1970-02-08 00:00:00'],
    ['M-d', '2-8-2011', '1970-02-08 00:00:00'],
    ['M-d', '2011-2-8', NO_ROW],
    ['MM-dd-yyyy', '06-23-2011 10:11:12', '2011-06-23 00:00:00'],
    ['dd-MM-yy hh:mm:ss', '23-06-11 10:11:12', '2011-06-23 10:11:12'],
    ['MM-dd-yy ss:hh:mm', '06-23-11 12:10:11', '2011-06-23 10:11:12'],
    ['yy-dd-MM ss:hh:mm', '06-23-11 12:10:11', '2006-11-23 10:11:12'],
    ['dd-MM-yy hh:mm', '23-06-11 10:11:12', '2011-06-23 10:11:00'],
    ['dd-MM-yy hh:mm', '23-06-1 10:11:12', '0001-06-23 10:11:00'],
    ['MM/dd/yy hh:mm:ss', '12/19/11 12:11:12', '2011-12-19 00:11:12'],
    ['MM/dd/yy hh:mm:ss', '12/19/11 00:11:12', '2011-12-19 00:11:12'],
    ['MM/dd/yy hh:mm:ss', '2009/09/16 03:15:24', NO_ROW],
    ['MM/dd/yy HH:mm:ss', '12/19/11 12:59:59', '2011-12-19 12:59:59'],
    ['MM/dd/yy HH:mm:ss', '12/19/11 21:08:07', '2011-12-19 21:08:07'],
    ['MM/dd/yy HH:mm:ss', '2011-12-19 00:11:12', NO_ROW],
    ['y/MM/dd HH:mm:ss', '2011/12/19 00:11:12', '2011-12-19 00:11:12'],
    ['y/MM/dd HH:mm:ss', '12/19/11 00:11:12', NO_ROW],
    ['y/MM/dd HH:mm:ss', '12/11/19 00:11:12', '0012-11-19 00:11:12'],
    ['yyyy-MM-dd', '2009-02-30', NO_ROW],
    ["yyyy-MM-dd'T'HH:mm:ss.SSS", '2018-05-09T12:50:41.337510', '2018-05-09 12:50:41.337'],
    ['dd/MMM/yyyy:HH:mm:ss Z', '24/May/2004:22:01:02 -0700', '2004-05-25 05:01:02'],
    ['EEE, d MMM yyyy hh:mm a', 'Tue, 24 Nov 2026 09:30 PM', '2026-11-24 21:30:00'],
    ['yyyyMMddHHmmss', '20261124213000', '2026-11-24 21:30:00'],
    ['hh:mm', '21:30', '1970-01-01 21:30:00'],
  ] as const;
  deepEqual(
    table.map(([format, text]) => [format, text, parsed(format, text)]),
    table,
  );
  equal(run(f('CHAR_TO_TIMESTAMP', lit('yyyy'), lit(null))), null);
  throws(() => f('CHAR_TO_TIMESTAMP', lit('yyyy-MM-ddTHH'), lit('x')), SqlError);
  equal(parsed('dd.MM.yyyy HH:mm', '24.11.2026 10:00', 'CHAR_TO_DATE'), '2026-11-24');
  equal(parsed('dd.MM.yyyy HH:mm', '24.11.2026 10:00', 'CHAR_TO_TIME'), '10:00:00');
});

test('the functions to CHAR', () => {
  const when = value(parseTimestamp('2001-07-04 12:08:56.078', true)!, type('TIMESTAMP'));
  const shown = (format: string) => run(f('TIMESTAMP_TO_CHAR', lit(format), when));
  deepEqual(
    [
      "yyyy.MM.dd G 'at' HH:mm:ss z",
      "EEE, MMM d, ''yy",
      'h:mm a',
      "hh 'o''clock' a",
      'K:mm a',
      'yyyyy.MMMMM.dd',
      'EEEE, d MMM yyyy HH:mm:ss Z',
      'yyMMddHHmmssZ',
      'D w W F u S k',
    ].map(shown),
    [
      '2001.07.04 AD at 12:08:56 UTC',
      "Wed, Jul 4, '01",
      '12:08 PM',
      "12 o'clock PM",
      '0:08 PM',
      '02001.July.04',
      'Wednesday, 4 Jul 2001 12:08:56 +0000',
      '010704120856+0000',
      '185 27 1 1 3 78 12',
    ],
  );
  equal(run(f('TIMESTAMP_TO_CHAR', lit('yyyy'), value(null, type('TIMESTAMP')))), 'null');
  equal(run(f('DATE_TO_CHAR', lit('dd/MM/yy'), value(86_400_000, type('DATE')))), '02/01/70');
  equal(run(f('TIME_TO_CHAR', lit('HH-mm'), value(3_660_000, type('TIME')))), '01-01');
});

test('milliseconds', () => {
  const when = value(1_480_000_000_123, type('TIMESTAMP'));
  equal(show(f('TO_TIMESTAMP', value(1_480_000_000_123, type('BIGINT')))), '2016-11-24 15:06:40.123');
  equal(run(f('UNIX_TIMESTAMP', when)), 1_480_000_000_123);
  equal(run(f('TSDIFF', value(1_480_000_000_000, type('TIMESTAMP')), when)), 123);
  equal(run(f('TSDIFF', when, value(null, type('TIMESTAMP')))), null);
  throws(() => run(f('TO_TIMESTAMP', value(2n ** 62n, type('BIGINT')))), RowError);
});
