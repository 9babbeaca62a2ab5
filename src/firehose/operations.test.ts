/** The declared operations against the installed AWS SDK: every operation, its errors, every member with its kind and whether it is required. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-firehose';
import type { Operation } from '../wire/shape/operation.ts';
import { linesOfSchema, linesOfShape, type Schema } from '../wire/shape/testing/sdk-lines.ts';
import { compileValidator } from '../wire/shape/validator.ts';
import { operations } from './operations.ts';

const exported = Object.entries(sdk as unknown as Readonly<Record<string, unknown>>);

test('every operation and member is declared as the SDK knows it', () => {
  const known = new Set<string>();
  for (const [, schema] of exported) {
    if (!Array.isArray(schema) || schema[0] !== 9) continue;
    const [, , name, , input, output] = schema as readonly unknown[];
    const answered = linesOfSchema(output as Schema, known);
    known.add(`${String(name)}: ${linesOfSchema(input as Schema, known)} -> ${answered}`);
  }
  const declared = new Set<string>();
  for (const { name, input, output } of Object.values<Operation>(operations)) {
    const answered = linesOfShape(output, declared);
    declared.add(`${name}: ${linesOfShape(input, declared)} -> ${answered}`);
  }
  assert.ok(known.size > 400, `${known.size} members of the SDK were read`);
  assert.deepEqual([...declared.difference(known)], []);
  assert.deepEqual([...known.difference(declared)], []);
});

test('every declared error is an exception of the SDK, and every exception is declared somewhere', () => {
  const exceptions = exported
    .filter(([, schema]) => Array.isArray(schema) && schema[0] === -3)
    .map(([name]) => name.slice(0, -1))
    .filter((name) => name !== 'FirehoseServiceException');
  const declared = new Set(Object.values<Operation>(operations).flatMap(({ errors }) => errors));
  assert.ok(exceptions.length > 5, 'the exceptions of the SDK were read');
  assert.deepEqual([...declared].toSorted(), exceptions.toSorted());
});

test('the constraints of every input and output can be checked', () => {
  for (const { input, output } of Object.values<Operation>(operations)) {
    assert.ok(compileValidator(input, 'com.amazonaws.firehose'));
    assert.ok(compileValidator(output, 'com.amazonaws.firehose'));
  }
});
