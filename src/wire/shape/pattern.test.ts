import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { compilePattern } from './pattern.ts';

const PATTERNS = [
  '[a-zA-Z0-9_.-]+',
  '0|([1-9]\\d{0,38})',
  '0|([1-9]\\d{0,128})',
  '[a-z0-9]{20}-[a-z0-9]{3}',
  'arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+',
  'arn:aws.*:kinesis:.*:\\d{12}:.*stream/\\S+',
  '^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+',
  '(a|ab)(bc|c)?|[^x-z]{2,3}x{2}',
  '(?:a{2,}|b+?)*c',
  '',
  '[\\w\\-]*\\.[^\\s]',
];
const PIECES = [
  'arn',
  ':aws',
  ':kinesis:',
  'us-east-1',
  ':000000000000:',
  'stream/',
  '/consumer/',
  's',
  '0',
  '12',
  'a',
  'bc',
  'x',
  'xx',
];
PIECES.push(' ', '\n', 'é', '-', '.', 'abcdefghij0123456789-abc', ':1', 'stream/s/consumer/c:1', '\r');

test('agrees with the regular expressions of the runtime on whole texts', () => {
  const dice = createSimulatedDice(6);
  let matched = 0;
  for (const pattern of PATTERNS) {
    const matches = compilePattern(pattern);
    const expected = new RegExp(`^(?:${pattern})$`);
    for (let round = 0; round < 2000; round += 1) {
      let text = dice.integer(2) === 0 ? 'arn:aws:kinesis:' : '';
      for (let count = dice.integer(6); count > 0; count -= 1) text += PIECES[dice.integer(PIECES.length)]!;
      assert.equal(matches(text), expected.test(text), `${pattern} on ${JSON.stringify(text)}`);
      if (matches(text)) matched += 1;
    }
  }
  assert.ok(matched > 300, `${matched} matched`);
});

const LOOKING_PATTERNS = [
  '^(?!\\s*$).+',
  '^\\S+$',
  '^(?!aws:)[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@%]*$',
  '[\\u0001-\\uFFFF]*',
  'jdbc:(redshift|postgresql)://((?!-)[A-Za-z0-9-]{1,63}(?<!-)\\.)+(redshift(-serverless)?)\\.([a-zA-Z0-9\\.\\-]+):\\d{1,5}/[a-zA-Z0-9_$-]+',
  '((?!b)[abc]{1,3}(?<!c)-)+(?!-)(a|(?!b)[ab]|-)*',
  'a(?!b)',
];
const LOOKING_PIECES = [
  'aws:',
  'a',
  'b',
  'c',
  '-',
  'é',
  '٣',
  ' ',
  '\u00a0',
  '\t',
  '\n',
  '\0',
  '€',
  '1',
  'x.',
];
LOOKING_PIECES.push('jdbc:redshift://', 'redshift.', 'redshift-serverless.', 'com:5439/', 'dev', '-x.', '😀');

test('looks ahead and behind, and knows the properties of characters, as the runtime does', () => {
  const dice = createSimulatedDice(8);
  for (const pattern of LOOKING_PATTERNS) {
    const matches = compilePattern(pattern);
    // Java's white space is ASCII, and with `u` an escape must be needed.
    const ascii = pattern
      .replaceAll('\\/', '/')
      .replaceAll('\\s', '[ \\t-\\r]')
      .replaceAll('\\S', '[^ \\t-\\r]');
    const expected = new RegExp(`^(?:${ascii})$`, 'u');
    let matched = 0;
    for (let round = 0; round < 3000; round += 1) {
      let text = pattern.startsWith('jdbc') && dice.integer(9) > 0 ? 'jdbc:redshift://x.' : '';
      if (pattern.startsWith('((?!b)')) {
        for (let count = 1 + dice.integer(5); count > 0; count -= 1) text += 'abc--'[dice.integer(5)]!;
      }
      for (let count = dice.integer(6); count > 0; count -= 1) {
        text += LOOKING_PIECES[dice.integer(LOOKING_PIECES.length)]!;
      }
      if (pattern.startsWith('jdbc') && dice.integer(4) > 0) text += 'redshift.com:5439/dev';
      // Beyond U+FFFF the class of all units means something else to Java than what is declared.
      if (text.includes('😀') && pattern.includes('uFFFF')) continue;
      assert.equal(matches(text), expected.test(text), `${pattern} on ${JSON.stringify(text)}`);
      if (matches(text)) matched += 1;
    }
    assert.ok(matched > 10, `${pattern} matched ${matched}`);
  }
});

test('ranges of code points are those of Java', () => {
  const matches = compilePattern('[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\t]*');
  for (const text of ['', 'a table\t', 'é😀\ufffd\u2028']) assert.equal(matches(text), true, text);
  for (const text of ['\n', '\u001f', 'x\ud83d', '\ude00', '\uffff']) assert.equal(matches(text), false);
  assert.equal(compilePattern('[\\u0001-\\uFFFF]*')('\ud83d\uffff'), true);
});

test('line ends and white space are those of Java', () => {
  assert.equal(compilePattern('.')('\u2028'), false);
  assert.equal(compilePattern('.')('\u0085'), false);
  assert.equal(compilePattern('\\S')('\u2028'), true);
  assert.equal(compilePattern('\\S')('\u00a0'), true);
  assert.equal(compilePattern('\\d')('\u0663'), false);
});

test('reads the patterns of Analytics: demands at the beginning, possessive counts', () => {
  const path = compilePattern('^(?=^\\$)(?=^\\S+$).*$');
  for (const text of ['$', '$.a[0:]']) assert.equal(path(text), true, text);
  for (const text of ['', 'a', '$.a b', '$\n']) assert.equal(path(text), false, text);
  const arn = compilePattern('[a-z]{2}-[a-z]+-\\d{1}+:\\d{12}+:x');
  assert.equal(arn('us-east-1:123456789012:x'), true);
  assert.equal(arn('us-east-12:123456789012:x'), false);
});

test('takes time that grows with the text alone', () => {
  // The runtime's own regular expressions need seconds for a fiftieth of this.
  const text = `arn:aws${':kinesis:'.repeat(30_000)}${':000000000000:stream/'.repeat(20_000)} `;
  for (const pattern of [...PATTERNS, ...LOOKING_PATTERNS]) compilePattern(pattern)(text);
  compilePattern(LOOKING_PATTERNS[4]!)(`jdbc:redshift://${'redshift.'.repeat(100_000)}`);
  assert.equal(compilePattern('(a|aa)*(a|aa)*b')('a'.repeat(100_000)), false);
});

test('forgets states when a text makes too many', () => {
  const matches = compilePattern('.*a.{12}');
  const dice = createSimulatedDice(7);
  let text = '';
  for (let index = 0; index < 20_000; index += 1) text += dice.integer(2) === 0 ? 'a' : 'b';
  assert.equal(matches(`${text}a${'b'.repeat(12)}`), true);
  assert.equal(matches(`${text}${'b'.repeat(13)}`), false);
});

test('a pattern that it cannot read is refused when it is declared', () => {
  for (const pattern of ['(a', '[a', 'a)', '\\p{Lu}', '(?!ab)c(?!ab)', '*a', 'a{x}']) {
    assert.throws(() => compilePattern(pattern), pattern);
  }
});
