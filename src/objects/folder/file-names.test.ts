import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { CONTROL_KEYS, ODD_KEYS, PATH_LIKE_KEYS } from '../contract.ts';
import { createKeyPaths, readName } from './file-names.ts';

const UUID = '1b4e28ba-2fa1-11d2-883f-0016d3cca427';
const told = createKeyPaths('told');
const escaped = createKeyPaths('escaped');

/** Back from names to the key; fails on a name that is none. */
function keyOf(names: readonly string[]): string {
  const parts: Uint8Array[] = [];
  for (const [i, name] of names.entries()) {
    const read = readName(name);
    assert.ok(read !== undefined, name);
    assert.equal(read.kind === 'file', i === names.length - 1, name);
    parts.push(read.bytes);
    if (read.kind === 'directory') parts.push(Buffer.from('/'));
  }
  return Buffer.concat(parts).toString('utf8');
}

/** A random key of pieces that have meant harm somewhere. */
function randomKey(dice: ReturnType<typeof createSimulatedDice>): string {
  const pieces = [
    '..',
    '.',
    '/',
    '//',
    '\\',
    '\0',
    '%',
    '%2',
    '%41',
    '%_',
    '%+',
    ' ',
    'a',
    'A',
    'con',
    'é',
    '日',
    '😀',
    '\ud800',
  ];
  pieces.push(
    '\n',
    '\u007f',
    ':',
    '*',
    '?',
    '"',
    '<',
    '|',
    UUID,
    '.gz',
    'x'.repeat(90),
    'Ü'.repeat(70),
    '-',
    'aux.txt',
    '~',
  );
  let key = '';
  for (let count = 1 + dice.integer(8); count > 0; count--) key += pieces[dice.integer(pieces.length)];
  return key.toWellFormed();
}

describe('Names of files', () => {
  it('are readable for usual keys', () => {
    const names = (key: string) => told.namesOf(key).join('/');
    const usual = `year=2026/month=11/Clicks-1-2026-11-24-15-00-00-${UUID}`;
    for (const key of [usual, `${usual}.gz`, 'apps/My App-1.0.jar', 'host=10.0.0.1/x.json'])
      assert.equal(names(key), key);
    assert.equal(names('a'), 'a%');
    assert.equal(names('a/b'), 'a/b%');
    assert.equal(names('x.json/y'), 'x.json%/y%');
    assert.equal(names('../é/'), '%2E%2E/%C3%A9/%_%');
    assert.equal(escaped.namesOf('Ab').join('/'), '%41b%');
  });

  it('are safe and go back to their keys, one key each', () => {
    const dice = createSimulatedDice(20261124);
    const keys = new Set([...ODD_KEYS, ...PATH_LIKE_KEYS, ...CONTROL_KEYS]);
    for (let i = 0; i < 5_000; i++) keys.add(randomKey(dice));
    for (const paths of [told, escaped]) {
      const taken = new Map<string, string>();
      const directories = new Set<string>();
      for (const key of keys) {
        const names = paths.namesOf(key);
        assert.equal(keyOf(names), key);
        for (const name of names) {
          // eslint-disable-next-line no-control-regex
          assert.match(name, /^(?![. ])[^/\\\0-\x1f\x7f-\uffff<>:"|?*]{1,210}(?<![. ])$/);
          assert.doesNotMatch(name, /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
        }
        const path = names.join('/');
        const folded = paths === escaped ? path.toLowerCase() : path;
        assert.ok(!taken.has(folded), `${JSON.stringify(key)} and ${JSON.stringify(taken.get(folded))}`);
        taken.set(folded, key);
        names.slice(0, -1).forEach((_, i) => directories.add(names.slice(0, i + 1).join('/')));
      }
      if (paths === told) for (const path of taken.keys()) assert.ok(!directories.has(path), path);
    }
  });
});
