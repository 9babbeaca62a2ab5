/** The declared operations of Kinesis on the road, to the byte: what clients were seen to send, and what they are answered. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventStreamCodec } from '@smithy/core/event-streams';
import { decode as decodeCbor, encode as encodeCbor } from 'cborg';
import { ByteBudget } from '../base/byte-budget.ts';
import { createSimulatedClock } from '../host/simulated/clock.ts';
import { createSimulatedDice } from '../host/simulated/dice.ts';
import { operations } from '../streams/operations.ts';
import { createHandleRequest } from './handle-request.ts';
import type { WireResponse } from './message.ts';
import { compileCborEncoder } from './shape/cbor-encoder.ts';
import { compileJsonEncoder } from './shape/json-encoder.ts';
import type { Operation } from './shape/operation.ts';
import { mutate, randomValue } from './shape/testing/random-shapes.ts';
import { type Packed, unpack } from './shape/packed.ts';

const JSON_TYPE = 'application/x-amz-json-1.1';
const CBOR_TYPE = 'application/x-amz-cbor-1.1';

/** Sends one request down a road with one operation, whose handler answers `output`. */
async function send(
  operation: keyof typeof operations,
  body: string | Uint8Array,
  output: object = {},
  type: string = JSON_TYPE,
): Promise<WireResponse & { readonly bytes: Buffer; readonly input: unknown }> {
  let seen: unknown;
  const clock = createSimulatedClock();
  const handle = createHandleRequest({
    services: [
      {
        targetPrefix: 'Kinesis_20131202',
        signingName: 'kinesis',
        operations: { [operation]: operations[operation] },
        handlers: {
          [operation]: (input) => {
            seen = input;
            return output;
          },
        },
      },
    ],
    authenticate: () => ({
      caller: { account: '000000000000', arn: 'arn:aws:iam::000000000000:root', accessKeyId: 'AKID' },
      region: 'us-east-1',
      service: 'kinesis',
    }),
    authorize: () => {},
    dice: createSimulatedDice(1),
    clock,
    budget: new ByteBudget({
      bytesMax: 2 ** 28,
      timer: (delayMs, callback) => clock.timer(delayMs, callback),
    }),
    onFailure: (error) => {
      throw error;
    },
  });
  const response = await handle({
    method: 'POST',
    target: '/',
    headers: new Map([
      ['content-type', type],
      ['x-amz-target', `Kinesis_20131202.${operation}`],
    ]),
    body: Buffer.from(body as string),
    loopback: true,
    httpVersion: '1.1',
    secure: false,
    signal: new AbortController().signal,
  });
  const bytes = response.body instanceof Uint8Array ? Buffer.from(response.body) : Buffer.alloc(0);
  return { ...response, bytes, input: seen };
}

test('PutRecords in JSON', async () => {
  const { status, bytes, input } = await send(
    'PutRecords',
    '{"Records":[{"Data":"aGVsbG8=","PartitionKey":"k1"},{"Data":"","PartitionKey":"k2","ExplicitHashKey":"0"}],"StreamName":"orders"}',
    {
      FailedRecordCount: 1,
      Records: [
        { SequenceNumber: '49', ShardId: 'shardId-000000000000' },
        { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded' },
      ],
    },
  );
  assert.equal(status, 200);
  const given = input as { readonly Records: Packed<unknown> };
  assert.deepEqual(
    { ...given, Records: unpack(given.Records) },
    {
      Records: [
        { Data: Buffer.from('hello'), PartitionKey: 'k1' },
        { Data: Buffer.alloc(0), PartitionKey: 'k2', ExplicitHashKey: '0' },
      ],
      StreamName: 'orders',
    },
  );
  assert.equal(
    bytes.toString(),
    '{"FailedRecordCount":1,"Records":[{"SequenceNumber":"49","ShardId":"shardId-000000000000"},' +
      '{"ErrorCode":"ProvisionedThroughputExceededException","ErrorMessage":"Rate exceeded"}]}',
  );
});

test('GetRecords in JSON and in CBOR', async () => {
  const page = {
    Records: [
      {
        SequenceNumber: '49',
        ApproximateArrivalTimestamp: 1441215410867,
        Data: Buffer.from('hello'),
        PartitionKey: 'ключ "1"',
        EncryptionType: undefined,
      },
    ],
    NextShardIterator: 'AAAA',
    MillisBehindLatest: 0,
  };
  const json = await send('GetRecords', '{"ShardIterator":"AAAA","Limit":10}', page);
  assert.equal(
    json.bytes.toString(),
    '{"Records":[{"SequenceNumber":"49","ApproximateArrivalTimestamp":1.441215410867E9,"Data":"aGVsbG8=","PartitionKey":"ключ \\"1\\""}],' +
      '"NextShardIterator":"AAAA","MillisBehindLatest":0}',
  );
  const cbor = await send('GetRecords', encodeCbor({ ShardIterator: 'AAAA', Limit: 10 }), page, CBOR_TYPE);
  assert.equal(cbor.headers['content-type'], CBOR_TYPE);
  assert.deepEqual(cbor.input, { ShardIterator: 'AAAA', Limit: 10 });
  const [record] = page.Records;
  assert.deepEqual(decodeCbor(cbor.bytes, { tags: { 1: (decode) => decode() } }), {
    Records: [
      {
        SequenceNumber: '49',
        ApproximateArrivalTimestamp: 1441215410867,
        Data: new Uint8Array(Buffer.from('hello')),
        PartitionKey: record!.PartitionKey,
      },
    ],
    NextShardIterator: 'AAAA',
    MillisBehindLatest: 0,
  });
});

test('GetShardIterator at a timestamp as the Java SDK sends it in CBOR', async () => {
  const name = (text: string): Buffer =>
    Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)]);
  const body = Buffer.concat([
    Buffer.from('bf', 'hex'),
    ...[
      'StreamName',
      'orders',
      'ShardId',
      'shardId-000000000000',
      'ShardIteratorType',
      'AT_TIMESTAMP',
      'Timestamp',
    ].map(name),
    // Tag 1 and whole milliseconds: aws-sdk-java-v2 issue 4661.
    Buffer.from('c11b000001a013accc38ff', 'hex'),
  ]);
  const { input, bytes } = await send('GetShardIterator', body, { ShardIterator: 'AAAA' }, CBOR_TYPE);
  assert.deepEqual(input, {
    StreamName: 'orders',
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'AT_TIMESTAMP',
    Timestamp: 1787036486712,
  });
  assert.equal(
    bytes.toString('hex'),
    `bf${name('ShardIterator').toString('hex')}${name('AAAA').toString('hex')}ff`,
  );
});

test('tags are a map; an operation without output answers nothing', async () => {
  const { input, bytes, headers } = await send(
    'AddTagsToStream',
    '{"StreamName":"a","Tags":{"team":"mill","empty":""}}',
  );
  assert.deepEqual(input, {
    StreamName: 'a',
    Tags: new Map([
      ['team', 'mill'],
      ['empty', ''],
    ]),
  });
  assert.equal(bytes.length, 0);
  assert.equal(headers['content-type'], JSON_TYPE);
});

test('the constraints of the model are told in AWS words', async () => {
  const { status, bytes } = await send(
    'GetShardIterator',
    '{"StreamName":"a b","ShardId":"","ShardIteratorType":"NOW"}',
  );
  assert.equal(status, 400);
  assert.equal(
    bytes.toString(),
    '{"__type":"ValidationException","message":"4 validation errors detected: ' +
      "Value 'a b' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; " +
      "Value '' at 'shardId' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; " +
      "Value '' at 'shardId' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
      "Value 'NOW' at 'shardIteratorType' failed to satisfy constraint: Member must satisfy enum value set: " +
      '[AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER, TRIM_HORIZON, LATEST, AT_TIMESTAMP]"}',
  );
});

test('SubscribeToShard is messages that the SDK reads, after the initial response', async () => {
  const codec = new EventStreamCodec(
    (bytes) => Buffer.from(bytes as Uint8Array).toString(),
    (text) => Buffer.from(text),
  );
  async function* events(): AsyncGenerator<object> {
    yield {
      SubscribeToShardEvent: {
        Records: [{ SequenceNumber: '49', Data: Buffer.from('hello'), PartitionKey: 'k' }],
        ContinuationSequenceNumber: '49',
        MillisBehindLatest: 0,
      },
    };
  }
  const response = await send(
    'SubscribeToShard',
    '{"ConsumerARN":"arn:aws:kinesis:us-east-1:000000000000:stream/s/consumer/c:1","ShardId":"shardId-000000000000",' +
      '"StartingPosition":{"Type":"LATEST"}}',
    { EventStream: events() },
  );
  assert.equal(response.headers['content-type'], 'application/vnd.amazon.eventstream');
  const messages: string[] = [];
  for await (const bytes of response.body as AsyncIterable<Uint8Array>) {
    const { headers, body } = codec.decode(bytes);
    messages.push(
      `${headers[':message-type']!.value} ${headers[':event-type']!.value} ${Buffer.from(body).toString()}`,
    );
  }
  assert.deepEqual(messages, [
    'event initial-response {}',
    'event SubscribeToShardEvent {"Records":[{"SequenceNumber":"49","Data":"aGVsbG8=","PartitionKey":"k"}],' +
      '"ContinuationSequenceNumber":"49","MillisBehindLatest":0}',
  ]);
});

test('whatever bytes are sent to whichever operation, the answer is 200 or 400', async () => {
  const dice = createSimulatedDice(8);
  const answers = new Map<number, number>();
  for (const [name, { input, output }] of Object.entries<Operation>(operations)) {
    const streams = Object.values(output.members).some(({ shape }) => shape.kind === 'eventStream');
    for (let round = 0; round < 30; round += 1) {
      const value = randomValue(dice, input);
      const isJson = dice.integer(2) === 0;
      const body = (isJson ? compileJsonEncoder(input) : compileCborEncoder(input))(value);
      const { status } = await send(
        name as keyof typeof operations,
        dice.integer(3) === 0 ? body : mutate(dice, body),
        streams ? { EventStream: [] } : {},
        isJson ? JSON_TYPE : CBOR_TYPE,
      );
      answers.set(status, (answers.get(status) ?? 0) + 1);
    }
  }
  assert.deepEqual([...answers.keys()].toSorted(), [200, 400]);
});
