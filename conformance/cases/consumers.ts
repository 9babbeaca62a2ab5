/** Consumers with enhanced fan-out: registering them, and what is pushed to them. */
import * as assert from 'node:assert/strict';
import { expectFailure, type Bench, type Case } from '../case.ts';
import type { Input, Output, UnexpectedFailure } from '../client.ts';
import type { EventMessage } from '../event-stream.ts';
import { pause } from '../streams.ts';

const SHARD = 'shardId-000000000000';
const HALF = String(2n ** 127n);

function eventOf(message: EventMessage): Output {
  assert.equal(
    message.headers[':message-type'],
    'event',
    `got ${JSON.stringify(message.headers)} ${message.payload.toString()}`,
  );
  return JSON.parse(message.payload.toString()) as Output;
}

async function subscribe(
  { client }: Bench,
  ConsumerARN: string,
  changes: Input = {},
): Promise<Awaited<ReturnType<typeof client.subscribe>>> {
  return client.subscribe({
    ConsumerARN,
    ShardId: SHARD,
    StartingPosition: { Type: 'TRIM_HORIZON' },
    ...changes,
  });
}

/** Reads events until one satisfies `wanted`. */
async function until(
  messages: AsyncGenerator<EventMessage>,
  wanted: (event: Output) => boolean,
): Promise<Output> {
  for (;;) {
    const { value, done } = await messages.next();
    if (done) throw new Error('the subscription ended');
    const event = eventOf(value);
    if (wanted(event)) return event;
  }
}

export function consumerCases(): Case[] {
  return [
    {
      name: 'RegisterStreamConsumer: CREATING, then ACTIVE; listed, described, deregistered',
      covers: [
        'op:RegisterStreamConsumer',
        'op:DescribeStreamConsumer',
        'op:ListStreamConsumers',
        'op:DeregisterStreamConsumer',
        'behaviour:15',
      ],
      run: async ({ client, streams }) => {
        const stream = await streams.make();
        const StreamARN = await streams.arn(stream);
        const { Consumer } = await client.call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'one' });
        assert.deepEqual(Object.keys(Consumer).toSorted(), [
          'ConsumerARN',
          'ConsumerCreationTimestamp',
          'ConsumerName',
          'ConsumerStatus',
        ]);
        assert.equal(Consumer.ConsumerStatus, 'CREATING');
        assert.equal(
          Consumer.ConsumerARN,
          `${StreamARN}/consumer/one:${Math.floor(Consumer.ConsumerCreationTimestamp)}`,
        );
        const arn = await streams.consumer(stream, 'two');
        const { ConsumerDescription } = await client.call('DescribeStreamConsumer', {
          StreamARN,
          ConsumerName: 'two',
        });
        assert.equal(ConsumerDescription.ConsumerARN, arn);
        assert.equal(ConsumerDescription.StreamARN, StreamARN);
        const { Consumers } = await client.call('ListStreamConsumers', { StreamARN });
        assert.deepEqual(Consumers.map((consumer: Output) => consumer['ConsumerName']).toSorted(), [
          'one',
          'two',
        ]);
        assert.equal((await streams.active(stream))['ConsumerCount'], 2);
        const page = await client.call('ListStreamConsumers', { StreamARN, MaxResults: 1 });
        assert.equal(page['Consumers'].length, 1);
        const rest = await client.call('ListStreamConsumers', { StreamARN, NextToken: page['NextToken'] });
        assert.equal(rest['Consumers'].length, 1);
        assert.deepEqual(await client.call('DeregisterStreamConsumer', { ConsumerARN: arn }), {});
      },
    },
    {
      name: 'RegisterStreamConsumer: a name that is taken',
      covers: ['op:RegisterStreamConsumer', 'error:RegisterStreamConsumer/ResourceInUseException'],
      run: async ({ client, streams }) => {
        const stream = await streams.make();
        await streams.consumer(stream, 'one');
        const StreamARN = await streams.arn(stream);
        expectFailure(
          await client.failure('RegisterStreamConsumer', { StreamARN, ConsumerName: 'one' }),
          'ResourceInUseException',
        );
      },
    },
    {
      name: 'RegisterStreamConsumer: more than 20',
      covers: [
        'op:RegisterStreamConsumer',
        'error:RegisterStreamConsumer/LimitExceededException',
        'behaviour:15',
      ],
      run: async ({ client, streams, skip }) => {
        const stream = await streams.make();
        for (let n = 0; n < 20; n++) await streams.consumer(stream, `c${n}`);
        const StreamARN = await streams.arn(stream);
        const failure = await client.outcome('RegisterStreamConsumer', {
          StreamARN,
          ConsumerName: 'one-too-many',
        });
        if (failure === undefined) skip('the number of consumers is not limited here');
        else expectFailure(failure, 'LimitExceededException');
      },
    },
    ...['DescribeStreamConsumer', 'DeregisterStreamConsumer'].map((operation): Case => ({
      name: `${operation}: neither ConsumerARN nor StreamARN with ConsumerName`,
      covers: [`op:${operation}`, `error:${operation}/InvalidArgumentException`],
      run: async ({ client, streams }) => {
        expectFailure(await client.failure(operation, {}), 'InvalidArgumentException');
        const StreamARN = await streams.arn(await streams.shared());
        expectFailure(await client.failure(operation, { StreamARN }), 'InvalidArgumentException');
      },
    })),
    {
      name: 'ListStreamConsumers: a token that is none',
      covers: ['op:ListStreamConsumers', 'error:ListStreamConsumers/InvalidArgumentException'],
      run: async ({ client, streams }) => {
        const StreamARN = await streams.arn(await streams.shared());
        expectFailure(
          await client.failure('ListStreamConsumers', { StreamARN, NextToken: 'none' }),
          'InvalidArgumentException',
        );
      },
    },
    {
      name: 'SubscribeToShard: initial-response, then events as records come',
      covers: ['op:SubscribeToShard', 'behaviour:16'],
      run: async (bench) => {
        const { client, streams } = bench;
        const StreamName = await streams.make();
        const arn = await streams.consumer(StreamName);
        await client.patient('PutRecord', { StreamName, PartitionKey: 'a', Data: Buffer.from('first') });
        const { messages, close, headers } = await subscribe(bench, arn);
        try {
          assert.equal(headers['content-type'], 'application/vnd.amazon.eventstream');
          const initial = (await messages.next()).value as EventMessage;
          assert.equal(initial.headers[':message-type'], 'event');
          assert.equal(initial.headers[':event-type'], 'initial-response');
          assert.equal(initial.payload.toString(), '{}');
          const first = await until(messages, (event) => event['Records'].length > 0);
          assert.equal(Buffer.from(first['Records'][0].Data, 'base64').toString(), 'first');
          assert.match(first['ContinuationSequenceNumber'], /^\d+$/);
          assert.ok(Number.isInteger(first['MillisBehindLatest']));
          const put = await client.patient('PutRecord', {
            StreamName,
            PartitionKey: 'b',
            Data: Buffer.from('second'),
          });
          const second = await until(messages, (event) => event['Records'].length > 0);
          assert.equal(second['Records'][0].SequenceNumber, put['SequenceNumber']);
          assert.equal(second['MillisBehindLatest'], 0);
        } finally {
          close();
        }
      },
    },
    {
      name: 'SubscribeToShard: an idle shard still sends events that tell where to go on',
      covers: ['op:SubscribeToShard', 'behaviour:16'],
      run: async (bench) => {
        const StreamName = await bench.streams.make();
        const arn = await bench.streams.consumer(StreamName);
        const { messages, close } = await subscribe(bench, arn, { StartingPosition: { Type: 'LATEST' } });
        try {
          await messages.next();
          const event = await until(messages, () => true);
          assert.deepEqual(event['Records'], []);
          assert.match(String(event['ContinuationSequenceNumber']), /^\d+$/);
        } finally {
          close();
        }
      },
    },
    {
      name: 'SubscribeToShard: from a sequence number and from a time',
      covers: ['op:SubscribeToShard', 'behaviour:16'],
      run: async (bench) => {
        const { client, streams } = bench;
        const StreamName = await streams.make({ ShardCount: 2 });
        const arn = await streams.consumer(StreamName);
        const put = (PartitionKey: string): Promise<Output> =>
          client.patient('PutRecord', {
            StreamName,
            PartitionKey,
            Data: Buffer.from(PartitionKey),
            ExplicitHashKey: '0',
          });
        const one = await put('one');
        await put('two');
        const { messages, close } = await subscribe(bench, arn, {
          StartingPosition: { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: one['SequenceNumber'] },
        });
        await messages.next();
        const event = await until(messages, (candidate) => candidate['Records'].length > 0);
        close();
        assert.equal(event['Records'][0].PartitionKey, 'two');
        const failure = await subscribe(bench, arn, {
          ShardId: 'shardId-000000000001',
          StartingPosition: { Type: 'AT_TIMESTAMP' },
        }).then(
          () => undefined,
          (error: UnexpectedFailure) => error.failure,
        );
        assert.equal(failure?.code, 'InvalidArgumentException');
      },
    },
    {
      name: 'SubscribeToShard: AT_SEQUENCE_NUMBER without a number',
      covers: ['op:SubscribeToShard', 'error:SubscribeToShard/InvalidArgumentException'],
      run: async ({ client, streams }) => {
        const ConsumerARN = await streams.consumer(await streams.make());
        const failure = await client.failure('SubscribeToShard', {
          ConsumerARN,
          ShardId: SHARD,
          StartingPosition: { Type: 'AT_SEQUENCE_NUMBER' },
        });
        expectFailure(failure, 'InvalidArgumentException');
      },
    },
    {
      name: 'SubscribeToShard: a shard or consumer that does not exist',
      covers: ['op:SubscribeToShard', 'error:SubscribeToShard/ResourceNotFoundException', 'behaviour:9'],
      run: async ({ client, streams }) => {
        const ConsumerARN = await streams.consumer(await streams.make());
        const StartingPosition = { Type: 'LATEST' };
        expectFailure(
          await client.failure('SubscribeToShard', {
            ConsumerARN,
            ShardId: 'shardId-000000000009',
            StartingPosition,
          }),
          'ResourceNotFoundException',
        );
        const other = ConsumerARN.replace(/consumer:\d+$/, 'nobody:1700000000');
        expectFailure(
          await client.failure('SubscribeToShard', { ConsumerARN: other, ShardId: SHARD, StartingPosition }),
          'ResourceNotFoundException',
        );
      },
    },
    {
      name: 'SubscribeToShard: a second subscription within five seconds',
      covers: ['op:SubscribeToShard', 'error:SubscribeToShard/ResourceInUseException', 'behaviour:16'],
      run: async (bench) => {
        const arn = await bench.streams.consumer(await bench.streams.make());
        const { messages, close } = await subscribe(bench, arn);
        try {
          await messages.next();
          const failure = await subscribe(bench, arn).then(
            () => undefined,
            (error: UnexpectedFailure) => error.failure,
          );
          assert.equal(failure?.code, 'ResourceInUseException');
        } finally {
          close();
        }
      },
    },
    {
      name: 'SubscribeToShard: after five seconds a second subscription takes over',
      covers: ['op:SubscribeToShard', 'behaviour:16'],
      run: async (bench) => {
        const arn = await bench.streams.consumer(await bench.streams.make());
        const first = await subscribe(bench, arn);
        await first.messages.next();
        await pause(5200);
        const second = await subscribe(bench, arn);
        try {
          await second.messages.next();
          for (;;) {
            const { value, done } = await first.messages.next();
            if (done) throw new Error('the first subscription ended without a word');
            if (value.headers[':message-type'] === 'exception') {
              assert.equal(value.headers[':exception-type'], 'ResourceInUseException');
              break;
            }
          }
        } finally {
          first.close();
          second.close();
        }
      },
    },
    {
      name: 'SubscribeToShard: the end of a shard names its children and ends the stream',
      covers: ['op:SubscribeToShard', 'behaviour:16'],
      run: async (bench) => {
        const { client, streams } = bench;
        const StreamName = await streams.make();
        const arn = await streams.consumer(StreamName);
        const { messages, close } = await subscribe(bench, arn);
        try {
          await messages.next();
          await client.call('SplitShard', { StreamName, ShardToSplit: SHARD, NewStartingHashKey: HALF });
          const last = await until(messages, (event) => event['ChildShards'] !== undefined);
          assert.deepEqual(
            last['ChildShards'].map((child: Output) => child['ShardId']),
            ['shardId-000000000001', 'shardId-000000000002'],
          );
          assert.ok(
            !('ContinuationSequenceNumber' in last),
            'the last event has a ContinuationSequenceNumber',
          );
          assert.equal((await messages.next()).done, true);
        } finally {
          close();
        }
      },
    },
    {
      name: 'SubscribeToShard: DryRun does nothing and says so',
      covers: ['op:SubscribeToShard', 'error:SubscribeToShard/DryRunOperationException'],
      run: async ({ client, streams }) => {
        const ConsumerARN = await streams.consumer(await streams.make());
        const failure = await client.failure('SubscribeToShard', {
          ConsumerARN,
          ShardId: SHARD,
          StartingPosition: { Type: 'LATEST' },
          DryRun: true,
        });
        expectFailure(failure, 'DryRunOperationException');
      },
    },
  ];
}
