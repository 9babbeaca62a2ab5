import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ARRIVAL_MS, LAMBDA_ARN, answer, processingOf, processor, texts } from './processing.testing.ts';

const extraction = (MetadataExtractionQuery: string) =>
  processor('MetadataExtraction', { MetadataExtractionQuery, JsonParsingEngine: 'JQ-1.6' });
const PREFIX = 'customer=!{partitionKeyFromQuery:customer}/year=!{partitionKeyFromQuery:year}/';
const QUERY = '{customer: .customer_id, year: .at|strftime("%Y")}';

describe('MetadataExtraction', () => {
  it('gives the values that the prefix names, the same object for the same partition', async () => {
    const { run } = processingOf([extraction(QUERY)], { prefix: PREFIX });
    const { records, failed } = await run([
      '{"customer_id":"7","at":1565382027}',
      '{"customer_id":"7","at":1565382028}',
      '{"customer_id":"8","at":1595382027}',
    ]);
    assert.deepEqual(failed, []);
    assert.deepEqual(
      records.map(({ keys }) => [...keys!.fromQuery]),
      [
        [
          ['customer', '7'],
          ['year', '2019'],
        ],
        [
          ['customer', '7'],
          ['year', '2019'],
        ],
        [
          ['customer', '8'],
          ['year', '2020'],
        ],
      ],
    );
    assert.equal(records[0]!.keys, records[1]!.keys);
    assert.notEqual(records[0]!.keys, records[2]!.keys);
  });

  for (const [query, record, value] of [
    ['{k: .a}', '{"a":12}', '12'],
    ['{k: .a}', '{"a":1.50}', '1.5'],
    ['{k: .a}', '{"a":1e20}', '1e+20'],
    ['{k: .a}', '{"a":false}', 'false'],
    ['{k: .a}', '{"a":" é/ "}', ' é/ '],
    ['{k: (.a|tostring)}', '{"a":[1]}', '[1]'],
    ['{k: .a, other: .b}', '{"a":"x"}', 'x'],
  ] as const) {
    it(`writes ${record} by ${query} as ${value}`, async () => {
      const { run } = processingOf([extraction(query)], { prefix: '!{partitionKeyFromQuery:k}/' });
      const { records } = await run([record]);
      assert.equal(records[0]!.keys!.fromQuery.get('k'), value);
    });
  }

  for (const [query, record, message] of [
    ['{k: .a}', 'plain text', 'Non JSON record provided'],
    ['{k: .a}', '{"a":"1"}{"a":"2"}', 'Non JSON record provided'],
    ['{k: .a}', '', 'Non JSON record provided'],
    ['{k: .a}', '{"b":1}', 'partitionKeys values must not be null or empty'],
    ['{k: .a}', '{"a":""}', 'partitionKeys values must not be null or empty'],
    ['{k: .a}', '{"a":null}', 'partitionKeys values must not be null or empty'],
    ['{j: .a}', '{"a":1}', 'partitionKeys values must not be null or empty'],
    ['{k: .a}', '{"a":{}}', 'The partition key k must be a string, a number or a boolean.'],
    ['{k: .a[]}', '{"a":[1,2]}', 'The query gave 2 results, and must give one.'],
    ['{k: .a[]}', '{"a":[]}', 'The query gave 0 results, and must give one.'],
    ['.a', '{"a":1}', 'The query must give an object.'],
    ['{k: .a}', '[]', 'Cannot index array with string "a"'],
    ['{k: [range(1e9)]|length}', '{}', 'The program took more steps than it may for one value.'],
  ] as const) {
    it(`refuses ${record} by ${query}`, async () => {
      const { run } = processingOf([extraction(query)], { prefix: '!{partitionKeyFromQuery:k}/' });
      const { records, failed } = await run([record]);
      assert.equal(records.length, 0);
      assert.equal(failed[0]!.message, message);
      assert.equal(failed[0]!.type, 'metadata-extraction-failed');
      assert.equal(
        JSON.stringify(failed[0]!.members),
        `{"rawData":"${Buffer.from(record).toString('base64')}","errorCode":"DynamicPartitioning.MetadataExtractionFailed","errorMessage":${JSON.stringify(message)},"attemptsMade":1,"arrivalTimestamp":${ARRIVAL_MS},"attemptEndingTimestamp":${ARRIVAL_MS + 1000}}`,
      );
    });
  }

  it('keeps the order of the records, over many slices', async () => {
    const { run } = processingOf([extraction('{k: .a}')], { prefix: '!{partitionKeyFromQuery:k}/' });
    const input = Array.from({ length: 2000 }, (_, index) =>
      index % 7 === 0 ? 'bad' : `{"a":"${index % 3}","i":${index}}`,
    );
    const { records, failed } = await run(input);
    assert.deepEqual(
      texts(records),
      input.filter((text) => text !== 'bad'),
    );
    assert.equal(failed.length, input.filter((text) => text === 'bad').length);
    assert.ok(
      records.every(({ keys, data }) => Buffer.from(data).includes(`"a":"${keys!.fromQuery.get('k')}"`)),
    );
  });

  it('gives what the function says, beside what the query finds in what the function made', async () => {
    const { run } = processingOf([processor('Lambda', { LambdaArn: LAMBDA_ARN }), extraction('{k: .made}')], {
      prefix: '!{partitionKeyFromLambda:team}/!{partitionKeyFromQuery:k}/',
      invoke: (event) =>
        answer({
          records: event.records.map(({ recordId }, index) => ({
            recordId,
            result: 'Ok',
            data: Buffer.from('{"made":"here"}').toString('base64'),
            metadata: [{ partitionKeys: { team: 'red', more: 1 } }, { partitionKeys: { team: '' } }, {}][
              index
            ],
          })),
        }),
    });
    const { records, failed } = await run(['a', 'b', 'c']);
    assert.deepEqual(
      records.map(({ keys }) => [[...keys!.fromLambda], [...keys!.fromQuery]]),
      [[[['team', 'red']], [['k', 'here']]]],
    );
    assert.deepEqual(
      failed.map(({ message }) => message),
      ['partitionKeys values must not be null or empty', 'partitionKeys values must not be null or empty'],
    );
  });
});

describe('AppendDelimiterToRecord', () => {
  it('ends each record with a line feed, after its keys were found', async () => {
    const { run } = processingOf([processor('AppendDelimiterToRecord'), extraction('{k: .a}')], {
      prefix: '!{partitionKeyFromQuery:k}/',
    });
    const { records } = await run(['{"a":1}', '{"a":2}\n']);
    assert.deepEqual(texts(records), ['{"a":1}\n', '{"a":2}\n\n']);
    assert.deepEqual(texts(records.map(({ rawData }) => ({ data: rawData }))), ['{"a":1}', '{"a":2}\n']);
  });

  it('takes the delimiter as it is written', async () => {
    const written = [processor('AppendDelimiterToRecord', { Delimiter: '\\n' })];
    assert.deepEqual(texts((await processingOf(written).run(['a'])).records), ['a\n']);
    const other = [processor('AppendDelimiterToRecord', { Delimiter: '|\\t' })];
    assert.deepEqual(texts((await processingOf(other).run(['a'])).records), ['a|\t']);
  });
});
