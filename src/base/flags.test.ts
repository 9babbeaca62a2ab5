import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFlags, parseFlags, type Flag } from './flags.ts';

const FLAGS: readonly Flag[] = [
  { name: 'port', value: 'N', short: 'p', help: 'Where to listen.', default: '4567' },
  { name: 'json', help: 'For programs.' },
];

const parse = (...args: string[]) => {
  const { values, positionals } = parseFlags(args, FLAGS);
  return [Object.fromEntries(values), positionals];
};

test('values, switches and positionals, in any order', () => {
  assert.deepEqual(parse('a', '--port', '1', '--json', 'b'), [{ port: '1', json: 'true' }, ['a', 'b']]);
  assert.deepEqual(parse('--port=1', '--port', '2', '--no-json'), [{ port: '2', json: 'false' }, []]);
  assert.deepEqual(parse('-p', '-1', '--', '--json', '-'), [{ port: '-1' }, ['--json', '-']]);
  assert.deepEqual(parse('-h'), [{ help: 'true' }, []]);
});

test('every value of a flag that comes again is kept', () => {
  const { values, all } = parseFlags(['--port', '1', '-p', '2', '--port=3'], FLAGS);
  assert.equal(values.get('port'), '3');
  assert.deepEqual(all.get('port'), ['1', '2', '3']);
  assert.equal(all.get('json'), undefined);
});

test('a mistake is named, with what was probably meant', () => {
  const usage = (message: string) => ({ name: 'UsageError', message });
  assert.throws(() => parse('--prot', '1'), usage('Unknown flag --prot. Did you mean --port?'));
  assert.throws(() => parse('--shards'), usage('Unknown flag --shards.'));
  assert.throws(() => parse('--port'), usage('--port needs a value: --port N'));
  assert.throws(() => parse('--port', '--json'), usage('--port needs a value: --port N'));
  assert.throws(() => parse('--json=yes'), usage('--json takes no value.'));
});

test('the help text names every flag with its default', () => {
  assert.equal(
    describeFlags(FLAGS),
    [
      '  -p, --port N  Where to listen. Default: 4567.',
      '  --json        For programs.',
      '  -h, --help    Show this help.',
    ].join('\n'),
  );
});
