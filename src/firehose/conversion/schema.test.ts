import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseColumns, parseColumnType, SchemaError } from './schema.ts';

test('types are parsed at any depth, in any case, with white space', () => {
  assert.deepEqual(parseColumnType('Struct< a : INT , b:array<map<string, decimal( 10 , 2 )>> >'), {
    kind: 'struct',
    fields: [
      { name: 'a', type: { kind: 'int' } },
      {
        name: 'b',
        type: {
          kind: 'array',
          element: {
            kind: 'map',
            key: { kind: 'string' },
            value: { kind: 'decimal', precision: 10, scale: 2 },
          },
        },
      },
    ],
  });
  assert.deepEqual(parseColumnType('decimal'), { kind: 'decimal', precision: 10, scale: 0 });
  assert.deepEqual(parseColumnType('varchar(20)'), { kind: 'varchar', lengthMax: 20 });
  assert.deepEqual(parseColumnType('integer'), { kind: 'int' });
});

for (const [text, position, reason] of [
  ['', 0, 'a type is missing'],
  ['in', 0, 'the type in is not known'],
  ['array<int', 9, "expected '>'"],
  ['array<>', 6, 'a type is missing'],
  ['int>', 3, "unexpected '>'"],
  ['struct<a:int,a:int>', 13, 'the field a is there twice'],
  ['struct<a int>', 12, "expected ':'"],
  ['map<array<int>,int>', 4, 'the key of a map is a primitive type'],
  ['array<uniontype<int,string>>', 6, 'uniontype cannot be converted'],
  ['decimal(39,2)', 0, 'precision'],
  ['decimal(4,5)', 0, 'scale'],
  ['char(256)', 0, 'length of char'],
  ['char', 4, "expected '('"],
  [`${'array<'.repeat(101)}int${'>'.repeat(101)}`, 600, 'more than 100 levels'],
] as const) {
  test(`refuses ${text.slice(0, 40)}`, () => {
    assert.throws(
      () => parseColumnType(text),
      (error) =>
        error instanceof SchemaError && error.position === position && error.message.includes(reason),
    );
  });
}

test('a table has columns, each once', () => {
  assert.throws(() => parseColumns([]), SchemaError);
  assert.throws(
    () =>
      parseColumns([
        { name: 'a', type: 'int' },
        { name: 'a', type: 'int' },
      ]),
    SchemaError,
  );
});
