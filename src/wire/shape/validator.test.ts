import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceError } from './service-error.ts';
import {
  type StructureShape,
  blob,
  enumeration,
  integer,
  list,
  map,
  optional,
  required,
  string,
  structure,
} from './shape.ts';
import { compileValidator } from './validator.ts';

const JAVA_PACKAGE = 'com.amazonaws.kinesis.v20131202';

function messageOf(shape: StructureShape, value: unknown): string | undefined {
  try {
    compileValidator(shape, JAVA_PACKAGE)(value);
  } catch (error) {
    assert.ok(error instanceof ServiceError);
    assert.equal(error.code, 'ValidationException');
    return error.message;
  }
  return undefined;
}

const Entry = structure('PutRecordsRequestEntry', {
  Data: required(blob({ max: 3 })),
  ExplicitHashKey: optional(string({ pattern: '0|([1-9]\\d{0,38})' })),
  PartitionKey: optional(string({ min: 1, max: 4 })),
});
const Input = structure('Input', {
  Records: required(list(Entry, { min: 1, max: 2 })),
  StreamName: optional(string({ min: 1, max: 5, pattern: '[a-z]+' })),
  Limit: optional(integer({ min: 1, max: 10 })),
  Type: optional(enumeration('LATEST', 'TRIM_HORIZON')),
});
const good = { Records: [{ Data: Buffer.from('abc'), ExplicitHashKey: '0', PartitionKey: 'k' }] };

test('what keeps all constraints passes', () => {
  assert.equal(messageOf(Input, good), undefined);
  assert.equal(messageOf(Input, { ...good, StreamName: 'abcde', Limit: 10, Type: 'LATEST' }), undefined);
});

test('one constraint broken, and several', () => {
  assert.equal(
    messageOf(Input, {}),
    "1 validation error detected: Value null at 'records' failed to satisfy constraint: Member must not be null",
  );
  assert.equal(
    messageOf(Input, { ...good, StreamName: '', Limit: 0, Type: 'EARLIEST' }),
    "4 validation errors detected: Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+; " +
      "Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
      "Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1; " +
      "Value 'EARLIEST' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [LATEST, TRIM_HORIZON]",
  );
  assert.equal(
    messageOf(Input, { ...good, StreamName: 'abcdef', Limit: 11 }),
    "2 validation errors detected: Value 'abcdef' at 'streamName' failed to satisfy constraint: Member must have length less than or equal to 5; " +
      "Value '11' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10",
  );
});

test('elements of a list are counted from one; bytes and structures are printed as by Java', () => {
  assert.equal(
    messageOf(Input, {
      Records: [{ Data: Buffer.from('abcd') }, { ExplicitHashKey: '01', PartitionKey: '' }],
    }),
    "4 validation errors detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=4 cap=4]' at 'records.1.member.data' failed to satisfy constraint: Member must have length less than or equal to 3; " +
      "Value null at 'records.2.member.data' failed to satisfy constraint: Member must not be null; " +
      "Value '01' at 'records.2.member.explicitHashKey' failed to satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38}); " +
      "Value '' at 'records.2.member.partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );
  assert.equal(
    messageOf(Input, { Records: [] }),
    "1 validation error detected: Value '[]' at 'records' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );
  const entry = 'com.amazonaws.kinesis.v20131202.PutRecordsRequestEntry@c965e310';
  assert.equal(
    messageOf(Input, { Records: [...good.Records, ...good.Records, ...good.Records] }),
    `1 validation error detected: Value '[${entry}, ${entry}, ${entry}]' at 'records' failed to satisfy constraint: Member must have length less than or equal to 2`,
  );
  assert.equal(
    messageOf(Input, { Records: [null] }),
    "1 validation error detected: Value null at 'records.1.member' failed to satisfy constraint: Member must not be null",
  );
});

test('a service that hides values tells of lengths first', () => {
  const check = compileValidator(
    structure('S', {
      Name: required(string({ min: 1, max: 3, pattern: '[a-z]+' })),
      Count: required(integer({ min: 1 })),
    }),
    'com.amazonaws.x',
    true,
  );
  assert.throws(() => check({ Name: '' }), {
    message:
      "3 validation errors detected: Value at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
      "Value at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+; " +
      "Value at 'count' failed to satisfy constraint: Member must not be null",
  });
});

test('strings in a list, keys and values of a map are told of the whole', () => {
  const Tagged = structure('Tagged', {
    TagKeys: optional(list(string({ min: 1, max: 3 }), { max: 2 })),
    Metrics: optional(list(enumeration('A', 'ALL'))),
    Tags: optional(map(string({ min: 1, max: 3 }), string({ max: 2 }), { min: 1 })),
  });
  const lengths =
    '[Member must have length less than or equal to 3, Member must have length greater than or equal to 1]';
  assert.equal(
    messageOf(Tagged, { TagKeys: ['a', ''] }),
    `1 validation error detected: Value '[a, ]' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: ${lengths}`,
  );
  assert.equal(
    messageOf(Tagged, { Metrics: ['A', 'B'] }),
    "1 validation error detected: Value '[A, B]' at 'metrics' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [A, ALL]]",
  );
  assert.equal(
    messageOf(Tagged, {
      Tags: new Map([
        ['', 'x'],
        ['b', 'long'],
      ]),
    }),
    `2 validation errors detected: Value '{=x, b=long}' at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: ${lengths}; ` +
      "Value '{=x, b=long}' at 'tags' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 2]",
  );
  assert.equal(
    messageOf(Tagged, { Tags: new Map(), TagKeys: ['a', null] }),
    "2 validation errors detected: Value '[a, null]' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: [Member must not be null]; " +
      "Value '{}' at 'tags' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );
});

test('structures in structures, in maps and in lists of lists are told by their whole path', () => {
  const Leaf = structure('Leaf', { Size: required(integer({ max: 1 })) });
  const Tree = structure('Tree', {
    Inner: optional(Leaf),
    ByName: optional(map(string(), Leaf)),
    Grid: optional(list(list(Leaf))),
  });
  const message = messageOf(Tree, {
    Inner: { Size: 2 },
    ByName: new Map<string, unknown>([
      ['a', {}],
      ['b', null],
      ['c', { Size: 1 }],
    ]),
    Grid: [[], [{ Size: 1 }, { Size: 3 }]],
  })!;
  assert.deepEqual(
    message.split(/: |; /).filter((part) => part.startsWith('Value')),
    [
      "Value '2' at 'inner.size' failed to satisfy constraint",
      "Value null at 'byName.a.member.size' failed to satisfy constraint",
      "Value null at 'byName.b.member' failed to satisfy constraint",
      "Value '3' at 'grid.2.member.2.member.size' failed to satisfy constraint",
    ],
  );
});

test('ten errors are told at most', () => {
  const Many = structure('Many', { List: required(list(structure('One', { A: required(string()) }))) });
  const message = messageOf(Many, { List: Array.from({ length: 30 }, () => ({})) })!;
  assert.ok(message.startsWith('10 validation errors detected: '));
  assert.equal(message.split('; ').length, 10);
});

test('lengths of strings are counted in UTF-16 units', () => {
  const shape = structure('S', { A: required(string({ max: 2 })) });
  assert.equal(messageOf(shape, { A: '😀' }), undefined);
  assert.ok(messageOf(shape, { A: '😀a' }));
});

test('a value of megabytes is not repeated whole', () => {
  const shape = structure('S', { A: required(string({ max: 2 })) });
  assert.ok(messageOf(shape, { A: 'x'.repeat(5_000_000) })!.length < 70_000);
});
