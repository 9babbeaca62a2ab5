/** Regular expressions: Java's meaning, the same by both matchers, and never longer than they may take. */
import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { suite, test } from 'node:test';
import { RowError } from '../value.ts';
import { costOf } from './cost.ts';
import { javascriptSource } from './javascript.ts';
import { type Node, type Pattern, PatternError } from './node.ts';
import { parseJavaPattern } from './parse-java.ts';
import { compileJavaRegex, makeMachineRegex } from './regex.ts';

const groupsOf = (pattern: string, text: string): readonly (string | undefined)[] | null => {
  const found = compileJavaRegex(pattern).find(text, 0);
  const byMachine = makeMachineRegex(parseJavaPattern(pattern)).find(text, 0);
  deepEqual(
    found === null ? null : [found.index, ...found.groups],
    byMachine === null ? null : [byMachine.index, ...byMachine.groups],
  );
  return found === null ? null : [...found.groups];
};

test("Java's syntax", () => {
  const table: readonly (readonly [
    pattern: string,
    text: string,
    groups: readonly (string | undefined)[] | null,
  ])[] = [
    ['a(b|c)*d', 'xabcbd', ['abcbd', 'b']],
    ['\\Qa.b\\E+', 'a.bbb', ['a.bbb']],
    ['(?i)straße', 'STRAßE', ['STRAßE']],
    ['[a-z&&[^aeiou]]+', 'aeixyz', ['xyz']],
    ['[^\\d\\s]+', '12 ab', ['ab']],
    ['\\p{Upper}\\p{Alnum}*', 'aB9', ['B9']],
    ['\\P{L}+', 'äb12', ['12']],
    ['(?x) a b # no more\n c', 'abc', ['abc']],
    ['x{2,3}?', 'xxxx', ['xx']],
    ['a++b', 'aaab', ['aaab']],
    ['a++ab', 'aaab', null],
    ['(?>a|ab)c', 'abc', null],
    ['(\\w)\\1', 'abccd', ['cc', 'c']],
    ['(?<year>\\d{4})-\\k<year>', '2026-2026', ['2026-2026', '2026']],
    ['(?<=\\$)\\d+', 'a5 $42', ['42']],
    ['(?<!\\$)\\b\\d+', '$42 43', ['43']],
    ['foo(?!bar)', 'foobar foobaz', ['foo']],
    ['(?=.*\\d)[a-z0-9]{4}', 'abcd abc1', ['abcd']],
    ['^b$', 'a\nb\nc', null],
    ['(?m)^b$', 'a\nb\nc', ['b']],
    ['(?s)a.c', 'a\nc', ['a\nc']],
    ['a.c', 'a\nc', null],
    ['end$', 'the end\n', ['end']],
    ['end\\z', 'the end\n', null],
    ['\\u0041\\x42\\t', 'AB\t', ['AB\t']],
    ['(a)|b', 'b', ['b', undefined]],
    ['', 'abc', ['']],
    ['\\R', '\r\n', ['\r\n']],
    ['[]a]+', 'x]a', [']a']],
    ['[a-]+', '-a', ['-a']],
    ['(a*)*b', 'aab', ['aab', 'aa']],
    ['(?:(a)|b)*', 'ab', ['ab', 'a']],
  ];
  for (const [pattern, text, groups] of table)
    deepEqual([pattern, groupsOf(pattern, text)], [pattern, groups]);
  for (const bad of [
    '(',
    ')',
    'a{',
    '*',
    '[a',
    '\\',
    '[z-a]',
    '(?<a',
    '\\1',
    '\\p{Nonsense}',
    'x{3,2}',
    '(?q)',
  ])
    throws(() => parseJavaPattern(bad), PatternError, bad);
});

suite('the time it takes', () => {
  test('is proved only where it is so', () => {
    const degree = (pattern: string) => costOf(parseJavaPattern(pattern))?.degree;
    deepEqual(
      [
        '^[a-z]+$',
        '(?:&|^)channel_id=([^&]*)',
        '[a-z]+@',
        '(.*)-(.*)',
        '^(\\S+) (\\S+)$',
        'abc|abd',
        '\\d{1,3}(?:\\.\\d{1,3}){3}',
        '(a+,)*',
      ].map(degree),
      [1, 2, 2, 3, 1, 1, 1, 2],
    );
    for (const pattern of [
      '(a+)+b',
      '(a|a)*b',
      '(a|ab)*c',
      '(.*a){12}',
      '(x+x+)+y',
      'a?'.repeat(30) + 'a'.repeat(30),
      '(\\w)\\1',
      '(?=a)a',
      '(a*)*',
    ])
      equal(degree(pattern), undefined, pattern);
  });

  test('is linear in the text', () => {
    const long = 'a'.repeat(200_000);
    for (const pattern of ['(a+)+b', '(a|a)*b', '(x*a*)*c', '[a-z]+\\d', 'a*a*a*b', '(.*)-(.*)'])
      equal(compileJavaRegex(pattern).test(long), false, pattern);
  });

  test('is cut off where nothing bounds it', () => {
    throws(() => compileJavaRegex('(a*)*\\1b').test('a'.repeat(5_000)), RowError);
    const regex = compileJavaRegex('(a|b)*c|a');
    const text = 'a'.repeat(65_000);
    const meter = { steps: 29_500_000 };
    throws(() => {
      for (let at = 0; at < text.length; at++) regex.find(text, at, meter);
    }, RowError);
    throws(() => compileJavaRegex('(a|ab)*' + 'x?y?z?'.repeat(300)).test('a'.repeat(500_000)), RowError);
  });
});

suite('both matchers agree', () => {
  let seed = 11;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  let groups = 0;
  const node = (depth: number): Node => {
    const set = (): Node => ({ kind: 'set', set: [[97 + random(3), 99 + random(2)]] });
    if (depth === 0) return set();
    switch (random(6)) {
      case 0:
        return { kind: 'sequence', parts: Array.from({ length: 1 + random(3) }, () => node(depth - 1)) };
      case 1:
        return { kind: 'choice', parts: [node(depth - 1), node(depth - 1)] };
      case 2:
        return { kind: 'group', number: ++groups, body: node(depth - 1) };
      case 3: {
        const min = random(2);
        return {
          kind: 'repeat',
          body: node(depth - 1),
          min,
          max: random(2) === 0 ? Infinity : min + random(3),
          isLazy: random(2) === 0,
        };
      }
      case 4:
        return {
          kind: 'assert',
          what: (['begin', 'end', 'word edge', 'line begin', 'end or last line end'] as const)[random(5)]!,
        };
      default:
        return set();
    }
  };

  test('in a thousand random patterns', () => {
    let native = 0;
    for (let i = 0; i < 1_500; i++) {
      groups = 0;
      const pattern: Pattern = { node: { kind: 'sequence', parts: [node(3), node(2)] }, groups: 0 };
      const whole = { ...pattern, groups };
      const cost = costOf(whole);
      if (cost === undefined) continue;
      native++;
      const javascript = new RegExp(javascriptSource(whole.node));
      const machine = makeMachineRegex(whole);
      for (let j = 0; j < 8; j++) {
        const text = Array.from({ length: random(9) }, () => 'abcd e\n'[random(7)]).join('');
        const expected = javascript.exec(text);
        const actual = machine.find(text, 0);
        deepEqual(
          actual === null ? null : [actual.index, ...actual.groups],
          expected === null ? null : [expected.index, ...expected],
          `${javascript} on ${JSON.stringify(text)}`,
        );
      }
    }
    ok(native > 300, `${native} of the patterns were compared`);
  });
});
