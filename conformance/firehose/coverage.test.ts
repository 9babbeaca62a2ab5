import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../../src/firehose/operations.ts';
import { firehoseCases } from './cases.ts';
import { FIREHOSE_ERRORS, FIREHOSE_UNPROVOKABLE } from './model.ts';

const wanted = Object.entries(FIREHOSE_ERRORS).flatMap(([operation, errors]) => [
  `op:${operation}`,
  ...errors.map((error) => `error:${operation}/${error}`),
]);
const covered = new Set<string>(firehoseCases().flatMap((one) => one.covers));
const unprovokable = new Set(Object.keys(FIREHOSE_UNPROVOKABLE).map((name) => `error:${name}`));

test('cases of Firehose cover every operation and every error that can be provoked', () => {
  assert.deepEqual(
    wanted.filter((name) => !covered.has(name) && !unprovokable.has(name)),
    [],
  );
  assert.deepEqual(Object.keys(operations).sort(), Object.keys(FIREHOSE_ERRORS).sort());
});

test('they cover nothing else, and what is called unprovokable has no case', () => {
  assert.deepEqual(
    [...covered].filter((name) => !wanted.includes(name)),
    [],
  );
  assert.deepEqual(
    [...unprovokable].filter((name) => covered.has(name) || !wanted.includes(name)),
    [],
  );
  const names = firehoseCases().map((one) => one.name);
  assert.equal(new Set(names).size, names.length);
});
