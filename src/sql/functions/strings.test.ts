/** The facts of AWS's pages on string functions and string operators. */
import { deepEqual, equal, throws } from 'node:assert/strict';
import { suite, test } from 'node:test';
import { SqlError } from '../sql-error.ts';
import { RowError } from '../value.ts';
import { castTo } from './convert.ts';
import { f, form, lit, run, value, varchar } from './expressions.testing.ts';

const span = { start: 0, end: 0 };
const DIGITS = lit('123456789');

suite('SUBSTRING', () => {
  const from = (...args: Parameters<typeof lit>[0][]) =>
    run(form('FROM', 'SUBSTRING', DIGITS, ...args.map(lit)));
  const comma = (...args: Parameters<typeof lit>[0][]) =>
    run(form(undefined, 'SUBSTRING', DIGITS, ...args.map(lit)));

  test('FROM and FOR give the empty text behind the end', () => {
    deepEqual(
      [from(3, 4), from(17, 4), from(-1, 4), from(6, 0), from(8, 4), from(5)],
      ['3456', '', '12', '', '89', '56789'],
    );
    throws(() => from(2, -1), RowError);
  });

  test('commas give NULL behind the end', () => {
    deepEqual([comma(3, 4), comma(7, 4), comma(10, 4), comma(9, 4)], ['3456', '789', null, '9']);
    equal(run(f('SUBSTRING', value(null, varchar(4)), lit(1), lit(2))), null);
  });

  test('a regular expression gives its first match, or NULL', () => {
    const regex = (pattern: string) => run(form('FROM', 'SUBSTRING', lit('TECHNOLOGY'), lit(pattern)));
    deepEqual([regex('L[A-Z]*'), regex('FOO'), regex('O[A-Z]')], ['LOGY', null, 'OL']);
    throws(() => regex('('), SqlError);
  });

  test('SIMILAR gives the middle of three parts', () => {
    const similar = (text: string, pattern: string, escape: string) =>
      run(form('SIMILAR', 'SUBSTRING', lit(text), lit(pattern), lit(escape)));
    equal(similar('123456789', '23#"456#"78', '#'), '456');
    equal(similar('123456789', '23#"457#"78', '#'), null);
    equal(similar('123456789', '%23#"456#"78%', '#'), '456');
    equal(similar('TECHNOLOGY', 'TECH%"NOLO%"GY', '%'), 'NOLO');
  });
});

test('OVERLAY', () => {
  const overlay = (...numbers: number[]) =>
    run(form('PLACING', 'OVERLAY', lit('12345'), lit('foo'), ...numbers.map(lit)));
  deepEqual(
    [
      overlay(1),
      overlay(0),
      overlay(-2),
      overlay(4),
      overlay(17),
      overlay(2, 0),
      overlay(2, 2),
      overlay(2, 9),
    ],
    ['foo45', 'foo345', 'foo12345', '123foo', '12345foo', '1foo2345', '1foo45', '1foo'],
  );
  throws(() => overlay(2, -1), RowError);
});

test('POSITION, TRIM, INITCAP, CHAR_LENGTH, case and ||', () => {
  const position = (wanted: string, text: string) => run(form('IN', 'POSITION', lit(wanted), lit(text)));
  deepEqual(
    [
      position('findme', '1234findmeXXX'),
      position('findme', '1234not-hereXXX'),
      position('1', '1234567'),
      position('7', '1234567'),
      position('', '1234567'),
    ],
    [5, 0, 1, 7, 1],
  );
  const trim = (given: string | undefined, ...texts: string[]) => run(form(given, 'TRIM', ...texts.map(lit)));
  equal(trim(undefined, ' Trim front and back '), 'Trim front and back');
  equal(trim('BOTH', ' Trim front and back '), 'Trim front and back');
  equal(trim('LEADING', 'x', 'xxxTrim frontxxx'), 'Trim frontxxx');
  equal(trim('TRAILING', 'x', 'xxxTrimxBackxxx'), 'xxxTrimxBack');
  equal(trim('BOTH', 'y', 'xxxNo y to trimxxx'), 'xxxNo y to trimxxx');
  for (const bad of ['', 'ab']) throws(() => trim('BOTH', bad, 'abc'), RowError);
  equal(run(f('INITCAP', lit('Each FIRST lEtTeR is cAPITALIZED'))), 'Each First Letter Is Capitalized');
  equal(run(f('CHARACTER_LENGTH', castTo(lit('fred'), { name: 'CHAR', length: 16 }, span))), 16);
  equal(run(f('CHAR_LENGTH', lit(''))), 0);
  equal(run(f('UPPER', lit('aé1'))), 'AÉ1');
  equal(run(f('||', f('||', lit('SQL'), lit('')), lit('stream'))), 'SQLstream');
  throws(() => f('||', lit('a'), lit(1)), SqlError);
});

test('REGEX_REPLACE', () => {
  const replace = (...args: Parameters<typeof lit>[0][]) => run(f('REGEX_REPLACE', ...args.map(lit)));
  equal(replace('TECHNOLOGY', 'TECHNOLOGY', 'INFORMATION TECHNOLOGY', 1, 0), 'INFORMATION TECHNOLOGY');
  equal(replace('a1b22c333', '[0-9]+', '#', 1, 0), 'a#b#c#');
  equal(replace('a1b22c333', '[0-9]+', '#', 1, 2), 'a1b#c333');
  equal(replace('a1b22c333', '[0-9]+', '#', 3, 1), 'a1b#c333');
  equal(replace('a1b22', '([a-z])([0-9])', '$2\\$$1', 1, 0), '1$a2$b2');
  equal(replace('abc', 'x*', '-', 1, 0), '-a-b-c-');
  equal(replace('abc', 'b', 'x', 9, 0), 'abc');
  equal(replace(null, 'b', 'x', 1, 0), null);
  throws(() => replace('abc', 'b', 'x', 0, 0), RowError);
  throws(() => replace('abc', 'b', 'x', 1, -1), RowError);
  throws(() => replace('abc', 'b', '$1', 1, 0), RowError);
});

suite('patterns', () => {
  const matches = (name: string) => (row: string) => {
    const [text, pattern, expected, escape] = row.split('~');
    const args = [text!, pattern!, ...(escape === undefined ? [] : [escape])].map(lit);
    equal(run(f(name, ...args)), expected === 'T', row);
  };

  test('LIKE', () => {
    [
      'a~a~T',
      'a~A~F',
      'a~b~F',
      'ab~a_~T',
      'ab~a%~T',
      'ab~a\\_~F~\\',
      'ab~a\\%~F~\\',
      'a_~a\\_~T~\\',
      'a%~a\\%~T~\\',
      'a~a_~F',
      'a~a%~T',
      'abcd~a_~F',
      'abcd~a%~T',
      '~~T',
      '1a~_a~T',
      '123aXYZ~%a%~T',
      '123aXYZ~_%_a%_~T',
      'abcabc~%bc~T',
      'abc~a%b%c~T',
      'ac~a%b%c~F',
      'aa~a%a~T',
      'a~a%a~F',
      'xayb~_a_b~T',
      'abab~%ab%ab~T',
      'aba~%ab%ab~F',
    ].forEach(matches('LIKE'));
    equal(run(f('LIKE', lit('a'), value(null, varchar(1)))), null);
  });

  test('SIMILAR TO', () => {
    [
      'a~a~T',
      'a~A~F',
      'a~b~F',
      'ab~a_~T',
      'ab~a%~T',
      'a~a_~F',
      'abcd~a%~T',
      '~~T',
      '1a~_a~T',
      '123aXYZ~_%_a%_~T',
      'xy~(xy)~T',
      'abd~[ab][bcde]d~T',
      'bdd~[ab][bcde]d~T',
      'abd~[ab]d~F',
      'cd~[a-e]d~T',
      'cd~[a-e^c]d~F',
      'bd~[a-e^c]d~T',
      'amy~amy|fred~T',
      'fred~amy|fred~T',
      'mike~amy|fred~F',
      'acd~ab*c+d~T',
      'accccd~ab*c+d~T',
      'abd~ab*c+d~F',
      'aabc~ab*c+d~F',
      'abb~a(b{3})~F',
      'abbb~a(b{3})~T',
      'abbbbb~a(b{3})~F',
      'abbbbb~ab{3,6}~T',
      'abbbbbbbb~ab{3,6}~F',
      '~ab?~F',
      '~(ab)?~T',
      'a~ab?~T',
      'a~(ab)?~F',
      'a~a(b?)~T',
      'ab~ab?~T',
      'abb~ab?~F',
      'ab~a\\_~F~\\',
      'ab~a\\%~F~\\',
      'a_~a\\_~T~\\',
      'a%~a\\%~T~\\',
      'a(b{3})~a(b{3})~F',
      'a(b{3})~a\\(b\\{3\\}\\)~T~\\',
      'x7~[[:ALPHA:]][0-9]~T',
      '13aq!24br!x~13aq\\!24br\\!%~T~\\',
    ].forEach(matches('SIMILAR TO'));
    for (const invalid of ['[^(a-e)]d', 'a{', '(a', '*a', '[z-a]'])
      throws(() => f('SIMILAR TO', lit('cd'), lit(invalid)), SqlError);
  });
});
