import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsonObjectsOf, piecesOf } from './de-aggregation.ts';
import { processingOf, processor, texts } from './processing.testing.ts';

const objects = (text: string): readonly string[] | undefined =>
  jsonObjectsOf(Buffer.from(text))?.map((part) => Buffer.from(part).toString());
const pieces = (text: string, delimiter: string): readonly string[] | undefined =>
  piecesOf(Buffer.from(text), Buffer.from(delimiter))?.map((part) => Buffer.from(part).toString());

describe('objects of JSON, one after another', () => {
  for (const [text, expected] of [
    ['{"a":1}{"a":2}', ['{"a":1}', '{"a":2}']],
    ['{"a":1}\n{"a":2}\r\n', ['{"a":1}', '{"a":2}']],
    [' {"a":{"b":{}}} \t {}', ['{"a":{"b":{}}}', '{}']],
    ['{"a":"}{\\"}{"}{"b":"\\\\"}', ['{"a":"}{\\"}{"}', '{"b":"\\\\"}']],
    ['{"a":"é😀"}{}', ['{"a":"é😀"}', '{}']],
    ['[{"a":1},{"a":2}]', undefined],
    ['{"a":1},{"a":2}', undefined],
    ['{"a":1}{"a":2', undefined],
    ['{"a":"x', undefined],
    ['plain text', undefined],
    ['', undefined],
    ['\n', undefined],
  ] as const) {
    it(JSON.stringify(text), () => assert.deepEqual(objects(text), expected));
  }

  it('are 500 at most', () => {
    assert.equal(objects('{}'.repeat(500))?.length, 500);
    assert.equal(objects('{}'.repeat(501)), undefined);
  });
});

describe('pieces between delimiters', () => {
  for (const [text, delimiter, expected] of [
    ['a####b####', '####', ['a', 'b']],
    ['a', '####', ['a']],
    ['||a||||b', '||', ['a', 'b']],
    ['', '|', []],
    ['a###b', '##', ['a', '#b']],
  ] as const) {
    it(JSON.stringify(text), () => assert.deepEqual(pieces(text, delimiter), expected));
  }

  it('are 500 at most', () => {
    assert.equal(pieces('a|'.repeat(500), '|')?.length, 500);
    assert.equal(pieces('a|'.repeat(501), '|'), undefined);
  });
});

describe('RecordDeAggregation', () => {
  const json = [processor('RecordDeAggregation', { SubRecordType: 'JSON' })];

  it('numbers the parts, and shows each as it came', async () => {
    const { records } = await processingOf(json).run(['{"a":1}\n{"a":2}', '{"a":3}']);
    assert.deepEqual(texts(records), ['{"a":1}', '{"a":2}', '{"a":3}']);
    assert.equal(new Set(records.map(({ identity }) => `${identity.position}/${identity.sub}`)).size, 3);
    assert.deepEqual(
      records.map(({ identity }) => identity.position),
      [1, 1, 2],
    );
    assert.deepEqual(texts(records.map(({ rawData }) => ({ data: rawData }))), texts(records));
  });

  it('lets what is no aggregate go on whole', async () => {
    const { records } = await processingOf(json).run(['[{"a":1}]', '{}'.repeat(501)]);
    assert.deepEqual(texts(records), ['[{"a":1}]', '{}'.repeat(501)]);
  });

  it('leaves out parts that were delivered before, and gives the others the numbers that they had', async () => {
    const { run } = processingOf(json);
    const first = await run(['{"a":1}{"a":2}{"a":3}']);
    const done = first.records[1]!.identity;
    const again = await run(
      ['{"a":1}{"a":2}{"a":3}'],
      ({ position, sub }) => position === done.position && sub === done.sub,
    );
    assert.deepEqual(texts(again.records), ['{"a":1}', '{"a":3}']);
    assert.deepEqual(again.records[1]!.identity, first.records[2]!.identity);
  });

  it('does not take a whole record for its first part', async () => {
    const { records } = await processingOf(json).run(['{"a":1}{"a":2}']);
    assert.ok(records.every(({ identity }) => identity.sub > 0));
  });

  it('splits by a delimiter in base64', async () => {
    const delimited = processor('RecordDeAggregation', { SubRecordType: 'DELIMITED', Delimiter: 'IyMjIw==' });
    const { records } = await processingOf([delimited]).run(['a####b']);
    assert.deepEqual(texts(records), ['a', 'b']);
  });

  it('backs the record up as it came', async () => {
    const { sources } = await processingOf(json).run(['{"a":1}\n{"a":2}']);
    assert.deepEqual(texts(sources), ['{"a":1}\n{"a":2}']);
  });
});
