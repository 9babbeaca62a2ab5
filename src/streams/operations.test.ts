/**
 * The declared operations against the installed AWS SDK: every operation, every member with its kind and whether it is required.
 * The SDK drops bounds and patterns, so those are not compared here. A newer SDK with a newer API fails this test.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-kinesis';
import type { Operation } from '../wire/shape/operation.ts';
import { type StructureShape, optional, string, structure } from '../wire/shape/shape.ts';
import { linesOfSchema, linesOfShape, type Schema } from '../wire/shape/testing/sdk-lines.ts';
import { operations } from './operations.ts';

type Operations = Readonly<Record<string, Operation>>;

const exported = sdk as unknown as Readonly<Record<string, unknown>>;

function sdkLines(): string[] {
  const lines = new Set<string>();
  for (const schema of Object.values(exported)) {
    if (!Array.isArray(schema) || schema[0] !== 9) continue;
    const [, , name, , input, output] = schema as readonly unknown[];
    const answered = linesOfSchema(output as Schema, lines);
    lines.add(`${String(name)}: ${linesOfSchema(input as Schema, lines)} -> ${answered}`);
  }
  return [...lines].toSorted();
}

function declaredLines(declared: Operations): string[] {
  const lines = new Set<string>();
  for (const { name, input, output } of Object.values(declared)) {
    const answered = linesOfShape(output, lines);
    const nothing = Object.keys(output.members).length === 0;
    lines.add(`${name}: ${linesOfShape(input, lines)} -> ${nothing ? 'nothing' : answered}`);
  }
  return [...lines].toSorted();
}

/** Where the declarations leave the model on purpose: the SDK's line to ours. */
const INTENDED: ReadonlyMap<string, string> = new Map([
  [
    // AWS leaves it out of the last event of a closed shard, which is how the KCL knows the end.
    'SubscribeToShardEvent.ContinuationSequenceNumber: string',
    'SubscribeToShardEvent.ContinuationSequenceNumber?: string',
  ],
]);

/** What the declarations have and the SDK has not, and the other way about. */
function drift(declared: Operations): { readonly surplus: string[]; readonly missing: string[] } {
  const ours = new Set(declaredLines(declared));
  const theirs = new Set(sdkLines().map((line) => INTENDED.get(line) ?? line));
  return { surplus: [...ours.difference(theirs)], missing: [...theirs.difference(ours)] };
}

test('every operation and member is declared as the SDK knows it', () => {
  assert.ok(sdkLines().length > 200, 'the schemas of the SDK were read');
  assert.deepEqual(drift(operations), { surplus: [], missing: [] });
});

test('a planted drift is found', () => {
  const renamed = (change: (input: StructureShape) => StructureShape): Operations => {
    const declared: Operations = operations;
    const put = declared['PutRecord']!;
    return { ...declared, PutRecord: { ...put, input: change(put.input) } };
  };
  const { PartitionKey: _, ...fewer } = operations.PutRecord.input.members;
  assert.deepEqual(drift(renamed(() => structure('PutRecordInput', fewer))), {
    surplus: [],
    missing: ['PutRecordInput.PartitionKey?: string'],
  });
  assert.deepEqual(
    drift(renamed((input) => structure('PutRecordInput', { ...input.members, Data: optional(string()) }))),
    { surplus: ['PutRecordInput.Data?: string'], missing: ['PutRecordInput.Data: blob'] },
  );
  const { ListShards: __, ...others } = operations;
  assert.ok(drift(others).missing.includes('ListShards: ListShardsInput -> ListShardsOutput'));
});

test('every declared error is an exception of the SDK, and every exception is declared somewhere', () => {
  const exceptions = Object.entries(exported)
    .filter(([, schema]) => Array.isArray(schema) && schema[0] === -3)
    .map(([name]) => name.slice(0, -1))
    .filter((name) => name !== 'KinesisServiceException');
  const declared = new Set(Object.values<Operation>(operations).flatMap(({ errors }) => errors));
  assert.ok(exceptions.length > 10, 'the exceptions of the SDK were read');
  assert.deepEqual([...declared].toSorted(), exceptions.toSorted());
});
