/**
 * The declared operations against the installed AWS SDK: every operation, every member with its kind and whether it is required.
 * The SDK drops bounds and patterns, so those are not compared here. A newer SDK with a newer API fails this test.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-kinesis';
import type { Operation } from '../wire/shape/operation.ts';
import { type Shape, type StructureShape, optional, string, structure } from '../wire/shape/shape.ts';
import { operations } from './operations.ts';

type Operations = Readonly<Record<string, Operation>>;

/** The SDK's schemas: a number for a simple kind, or a tuple that begins with 1 list, 2 map, 3 structure, 4 union, 9 operation, -3 error. */
type Schema = number | string | readonly unknown[] | (() => Schema);

const exported = sdk as unknown as Readonly<Record<string, unknown>>;

const SIMPLE: Readonly<Record<number, string>> = {
  0: 'string',
  1: 'number',
  2: 'boolean',
  4: 'timestamp',
  21: 'blob',
};
const LIST_OF = 64;
const MAP_OF = 128;

/** One line for each member: `CreateStreamInput.Tags?: map of string`. A structure's own lines follow where it is first met. */
function linesOfSchema(schema: Schema, lines: Set<string>): string {
  if (typeof schema === 'function') return linesOfSchema(schema(), lines);
  if (schema === 'unit') return 'nothing';
  if (typeof schema === 'number') {
    if (schema >= MAP_OF) return `map of ${SIMPLE[schema - MAP_OF]}`;
    if (schema >= LIST_OF) return `list of ${SIMPLE[schema - LIST_OF]}`;
    return SIMPLE[schema] ?? `unknown kind ${schema}`;
  }
  const [kind, , name, , names, schemas, requiredCount] = schema as readonly unknown[];
  // A schema with traits of its own comes as a pair.
  if (typeof kind !== 'number') return linesOfSchema(kind as Schema, lines);
  switch (kind) {
    case 1:
      return `list of ${linesOfSchema(names as Schema, lines)}`;
    case 2:
      return `map of ${linesOfSchema(schemas as Schema, lines)}`;
    case 3:
    case 4:
      (names as readonly string[]).forEach((member, index) => {
        const memberSchema = (schemas as readonly Schema[])[index]!;
        if (kind === 4 && isError(memberSchema)) return;
        const mark = index < ((requiredCount as number | undefined) ?? 0) ? '' : '?';
        lines.add(`${name}.${member}${mark}: ${linesOfSchema(memberSchema, lines)}`);
      });
      return String(name);
    default:
      return `unknown schema ${kind}`;
  }
}

/** Errors that end an event stream are members of it in the SDK; here the road makes messages of them. */
function isError(schema: Schema): boolean {
  const whole = typeof schema === 'function' ? schema() : schema;
  if (!Array.isArray(whole)) return false;
  return typeof whole[0] === 'number' ? whole[0] === -3 : isError(whole[0] as Schema);
}

function linesOfShape(shape: Shape, lines: Set<string>): string {
  switch (shape.kind) {
    case 'integer':
    case 'long':
    case 'double':
      return 'number';
    case 'list':
      return `list of ${linesOfShape(shape.member, lines)}`;
    case 'map':
      return `map of ${linesOfShape(shape.value, lines)}`;
    case 'structure':
      for (const [name, member] of Object.entries(shape.members)) {
        const mark = member.required ? '' : '?';
        lines.add(`${shape.name}.${name}${mark}: ${linesOfShape(member.shape, lines)}`);
      }
      return shape.name;
    case 'eventStream':
      for (const [name, event] of Object.entries(shape.events)) {
        lines.add(`${shape.name}.${name}?: ${linesOfShape(event.shape, lines)}`);
      }
      return shape.name;
    default:
      return shape.kind;
  }
}

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
