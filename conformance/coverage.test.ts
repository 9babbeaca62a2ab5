import * as assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../src/streams/operations.ts';
import type { Case } from './case.ts';
import { allCases } from './cases.ts';
import { uncovered, wanted } from './coverage.ts';
import { MODEL } from './model.ts';
import { UNPROVOKABLE } from './unprovokable.ts';

test('cases cover every operation, provokable error, constraint and behaviour', () => {
  assert.deepEqual(uncovered(allCases()), []);
});

test('a missing case is seen', () => {
  const without = allCases().filter(
    (one) => !one.covers.includes('error:PutRecord/ResourceNotFoundException'),
  );
  assert.ok(uncovered(without).includes('error:PutRecord/ResourceNotFoundException'));
});

test('what is called unprovokable is named by the model and has no case', () => {
  const covered = new Set<string>(allCases().flatMap((one: Case) => one.covers));
  for (const name of Object.keys(UNPROVOKABLE)) {
    const matching = wanted().filter(
      (other) =>
        other.startsWith('error:') &&
        (name.startsWith('*') ? other.endsWith(name.slice(1)) : other === `error:${name}`),
    );
    assert.ok(matching.length > 0, `the model does not name ${name}`);
    for (const one of matching) assert.ok(!covered.has(one), `${one} has a case`);
  }
});

test('cases cover nothing that the model does not name, and have names of their own', () => {
  const known = new Set([
    ...wanted(),
    ...Object.keys(MODEL).map((operation) => `error:${operation}/ValidationException`),
  ]);
  const strange = allCases()
    .flatMap((one) => one.covers)
    .filter((name) => !known.has(name) && !/^op:\w+Channels?$/.test(name));
  assert.deepEqual(strange, []);
  const names = allCases().map((one) => one.name);
  assert.equal(new Set(names).size, names.length);
});

test('every operation that is served has a case', () => {
  const covered = new Set<string>(allCases().flatMap((one) => one.covers));
  assert.deepEqual(
    Object.keys(operations).filter((name) => !covered.has(`op:${name}`)),
    [],
  );
});
