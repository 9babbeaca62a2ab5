/** The facts of AWS's pages on parsing logs. */
import { deepEqual, equal, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { SqlError } from '../sql-error.ts';
import { RowError } from '../value.ts';
import { parseTimestamp } from '../values/datetime.ts';
import { typeText } from '../values/type-text.ts';
import { f, lit, run } from './expressions.testing.ts';

const parse = (name: string, ...args: readonly (string | number)[]) => run(f(name, ...args.map(lit)));

test('REGEX_LOG_PARSE', () => {
  deepEqual(parse('REGEX_LOG_PARSE', 'HEALTHCARE', '.*([E].).*([R].*)'), ['EA', 'RE']);
  deepEqual(parse('REGEX_LOG_PARSE', 'ENERGY', '.*([E].).*([R].*)'), ['EN', 'RGY']);
  equal(parse('REGEX_LOG_PARSE', 'TECHNOLOGY', '.*([E].).*([R].*)'), null);
  deepEqual(
    parse(
      'REGEX_LOG_PARSE',
      '203.0.113.24 - - [25/Mar/2018:15:25:37 -0700] "GET /index.php HTTP/1.1" 200 125',
      '(\\w.+) (\\d.+) (\\w.+) (\\w.+)',
    ),
    null,
  );
  deepEqual(parse('REGEX_LOG_PARSE', 'a=1;b=2', '(\\w)=(\\d+);.*', 'NAME VARCHAR(8), "Size" INTEGER'), [
    'a',
    1,
  ]);
  equal(
    typeText(f('REGEX_LOG_PARSE', lit('x'), lit('(a)(b)')).type),
    'RECORD(COLUMN1 VARCHAR(1024), COLUMN2 VARCHAR(1024))',
  );
  throws(() => parse('REGEX_LOG_PARSE', 'x', '(a', 'A'), SqlError);
  throws(() => parse('REGEX_LOG_PARSE', 'x', '(a)', 'A, B'), SqlError);
});

test('FAST_REGEX_LOG_PARSE', () => {
  const fast = (text: string, pattern: string) => parse('FAST_REGEX_LOG_PARSE', text, pattern);
  const lamb = 'Mary_had_a_little_lamb';
  deepEqual(fast(lamb, '(.*)_(._.*)_.*'), ['Mary_had', 'a_little']);
  equal(fast(lamb, '(.*)_(._.*)_.'), null);
  equal(fast(lamb, '(.*)_+(._.*)'), null);
  deepEqual(fast('Mary____had_a_little_lamb', '(.*)_+(.*)'), ['Mary', 'had_a_little_lamb']);
  deepEqual(fast('Mary____had_a_little_lamb', '(.*)_+(<Alpha>.*)'), ['Mary', 'had_a_little_lamb']);
  deepEqual(fast('7: x [12] "q"', '([0-9]+)": "(@)" ["(<10-20>)"] "\\"(.)\\"'), ['7', 'x', '12', 'q']);
});

test('FIXED_COLUMN_LOG_PARSE', () => {
  deepEqual(
    parse(
      'FIXED_COLUMN_LOG_PARSE',
      '0042 24/Nov/2026 rest',
      `ID TYPE INTEGER START 0 FOR 4, "day" TYPE DATE 'dd/MMM/yyyy' START 5 FOR 11, TAIL TYPE VARCHAR(10) START 17, NONE TYPE VARCHAR(4) START 90`,
    ),
    [42, parseTimestamp('2026-11-24 00:00:00', false), 'rest', null],
  );
  throws(() => parse('FIXED_COLUMN_LOG_PARSE', 'x', 'ID TYPE INTEGER'), SqlError);
  throws(() => parse('FIXED_COLUMN_LOG_PARSE', 'x', 'ID TYPE INTEGER START 0'), RowError);
  throws(() => parse('FIXED_COLUMN_LOG_PARSE', 'x', 'ID TYPE INTEGER NOT NULL START 4'), RowError);
});

test('VARIABLE_COLUMN_LOG_PARSE', () => {
  const variable = (...args: readonly (string | number)[]) => parse('VARIABLE_COLUMN_LOG_PARSE', ...args);
  deepEqual(
    variable('x,y,z', 'COL_1 TYPE VARCHAR(16), COL_2 TYPE VARCHAR(16), COL_3 TYPE VARCHAR(16)', ','),
    ['x', 'y', 'z'],
  );
  deepEqual(variable('a\tb', 3, '\t'), ['a', 'b', null]);
  deepEqual(variable('a,b,c,d', 2, ','), ['a', 'b']);
  deepEqual(variable('a\\,b', 2, ',', '\\'), ['a,b', null]);
  deepEqual(variable('"a,b",c', 2, ',', '', '"'), ['a,b', 'c']);
  deepEqual(variable('<a,b>,"c"', 2, ',', '', '<>'), ['a,b', '"c"']);
  deepEqual(variable('"say ""hi""", 2.5', 'A TYPE VARCHAR(16), B TYPE DOUBLE', ',', '', '"'), [
    'say "hi"',
    2.5,
  ]);
  deepEqual(variable('1||2', 'A TYPE INTEGER, B TYPE DECIMAL(4,1)', '||'), [1, 20]);
  throws(() => variable('a', 0, ','), SqlError);
});

test('SYS_LOG_PARSE', () => {
  deepEqual(parse('SYS_LOG_PARSE', 'Oct 11 22:14:15 mymachine su: failed'), [
    parseTimestamp('1970-10-11 22:14:15', false),
    'mymachine su: failed',
  ]);
  deepEqual(parse('SYS_LOG_PARSE', '<34>Oct  1 22:14:15 mymachine x'), [
    parseTimestamp('1970-10-01 22:14:15', false),
    'mymachine x',
  ]);
  equal(parse('SYS_LOG_PARSE', 'something else'), null);
});

test('W3C_LOG_PARSE', () => {
  const common =
    '192.168.254.30 - John [24/May/2004:22:01:02 -0700] "GET /icons/apache_pb.gif HTTP/1.1" 304 0';
  const fields = [
    '192.168.254.30',
    '-',
    'John',
    '[24/May/2004:22:01:02 -0700]',
    'GET /icons/apache_pb.gif HTTP/1.1',
    '304',
    '0',
  ];
  deepEqual(parse('W3C_LOG_PARSE', common, 'COMMON'), fields);
  deepEqual(parse('W3C_LOG_PARSE', `example.com ${common}`, 'COMMON WITH VHOST'), ['example.com', ...fields]);
  deepEqual(parse('W3C_LOG_PARSE', `${common} "http://x/" "Mozilla \\"5\\" (X)"`, 'NCSA EXTENDED'), [
    ...fields,
    'http://x/',
    'Mozilla \\"5\\" (X)',
  ]);
  deepEqual(parse('W3C_LOG_PARSE', 'http://x/ ---> /a', 'REFERER'), ['http://x/', '/a']);
  deepEqual(parse('W3C_LOG_PARSE', 'Mozilla 5', 'AGENT'), ['Mozilla 5']);
  deepEqual(
    parse(
      'W3C_LOG_PARSE',
      '192.168.114.201, -, 03/20/01, 7:55:20, W3SVC2, SERVER, 172.21.13.45, 4502, 163, 3223, 200, 0, GET, /Image.gif, -,',
      'IIS',
    ),
    [
      '192.168.114.201',
      '-',
      '03/20/01',
      '7:55:20',
      'W3SVC2',
      'SERVER',
      '172.21.13.45',
      '4502',
      '163',
      '3223',
      '200',
      '0',
      'GET',
      '/Image.gif',
      '-',
    ],
  );
  deepEqual(parse('W3C_LOG_PARSE', '5% of 12', '%T%% of %>s'), ['5', '12']);
  equal(parse('W3C_LOG_PARSE', 'nonsense', 'COMMON'), null);
  throws(() => parse('W3C_LOG_PARSE', 'x', 'NONSENSE'), SqlError);
});
