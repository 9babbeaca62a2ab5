/** The declared operations of both APIs against the installed AWS SDKs: every operation, its errors, every member with its kind and whether it is required. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as sdkV1 from '@aws-sdk/client-kinesis-analytics';
import * as sdkV2 from '@aws-sdk/client-kinesis-analytics-v2';
import type { Operation } from '../wire/shape/operation.ts';
import { linesOfSchema, linesOfShape, type Schema } from '../wire/shape/testing/sdk-lines.ts';
import { compileValidator } from '../wire/shape/validator.ts';
import { operationsV1, operationsV2 } from './operations.ts';

type Exported = readonly (readonly [string, unknown])[];
const exportedV1: Exported = Object.entries(sdkV1 as unknown as Readonly<Record<string, unknown>>);
const exportedV2: Exported = Object.entries(sdkV2 as unknown as Readonly<Record<string, unknown>>);

describe('the second API', () => {
  test('has every operation and member as the SDK knows it', () => {
    const known = new Set<string>();
    for (const [, schema] of exportedV2) {
      if (!Array.isArray(schema) || schema[0] !== 9) continue;
      const [, , name, , input, output] = schema as readonly unknown[];
      const answered = linesOfSchema(output as Schema, known);
      known.add(`${String(name)}: ${linesOfSchema(input as Schema, known)} -> ${answered}`);
    }
    const declared = new Set<string>();
    for (const { name, input, output } of Object.values<Operation>(operationsV2)) {
      const answered = linesOfShape(output, declared);
      declared.add(`${name}: ${linesOfShape(input, declared)} -> ${answered}`);
    }
    assert.ok(known.size > 400, `${known.size} members of the SDK were read`);
    assert.deepEqual([...declared.difference(known)], []);
    assert.deepEqual([...known.difference(declared)], []);
  });

  test('declares every exception of the SDK somewhere', () => {
    const exceptions = exportedV2
      .filter(([, schema]) => Array.isArray(schema) && schema[0] === -3)
      .map(([name]) => name.slice(0, -1))
      .filter((name) => !name.endsWith('ServiceException'));
    const declared = new Set(Object.values<Operation>(operationsV2).flatMap(({ errors }) => errors));
    assert.ok(exceptions.length > 5, 'the exceptions of the SDK were read');
    assert.deepEqual([...declared].toSorted(), exceptions.toSorted());
  });
});

test('the first API has every operation of its SDK, which has no schemas', () => {
  const known = exportedV1
    .filter(([name, value]) => name.endsWith('Command') && name !== '$Command' && typeof value === 'function')
    .map(([name]) => name.slice(0, -'Command'.length));
  assert.equal(known.length, 20);
  assert.deepEqual(Object.keys(operationsV1).toSorted(), known.toSorted());
});

test('the constraints of every input and output can be checked', () => {
  for (const { input, output } of [
    ...Object.values<Operation>(operationsV1),
    ...Object.values<Operation>(operationsV2),
  ]) {
    assert.ok(compileValidator(input, 'com.amazonaws.kinesisanalytics'));
    assert.ok(compileValidator(output, 'com.amazonaws.kinesisanalytics'));
  }
});
