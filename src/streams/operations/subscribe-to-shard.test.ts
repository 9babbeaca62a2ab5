import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { test } from 'node:test';
import { LogFailedError } from '../../log/log.ts';
import {
  ACCOUNT,
  bytesOf,
  callOf,
  openDataPlane,
  refused,
  textOf,
  type TestPlane,
} from '../data-plane.testing.ts';
import { unpack } from '../../wire/shape/packed.ts';
import type { Consumer } from '../directory/stream.ts';

const SHARD = 'shardId-000000000000';
const WHOLE = { startingHashKey: '0', endingHashKey: String(2n ** 128n - 1n) };

type Input = Parameters<TestPlane['subscribeToShard']>[0];
type Answer = Awaited<ReturnType<TestPlane['subscribeToShard']>>;
type Event = NonNullable<
  Answer['EventStream'] extends AsyncIterable<infer E> ? E : never
>['SubscribeToShardEvent'];

function consumerOf(name: string): Consumer {
  const arn = `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/s/consumer/${name}:1795521600`;
  return { arn, name, status: 'ACTIVE', createdMs: 1_795_521_600_000 };
}

const READER = consumerOf('reader');

async function prepared(options: Parameters<typeof openDataPlane>[0] = {}, consumers = [READER]) {
  const plane = openDataPlane({
    ...options,
    limits: { shardReadBytesPerSecond: Infinity, ...options.limits },
  });
  const stream = await plane.createStream('s', 1, { consumers });
  const put = async (...texts: string[]) => {
    const Records = texts.map((text) => ({ Data: bytesOf(text), PartitionKey: 'k' }));
    return (await plane.putRecords({ StreamName: 's', Records }, callOf())).Records;
  };
  const subscribe = async (
    start: Partial<Input['StartingPosition']> = {},
    more: { readonly consumer?: Consumer; readonly signal?: AbortSignal; readonly shard?: string } = {},
  ) => {
    const { EventStream } = await plane.subscribeToShard(
      {
        ConsumerARN: (more.consumer ?? READER).arn,
        ShardId: more.shard ?? SHARD,
        StartingPosition: { Type: 'TRIM_HORIZON', ...start },
      },
      { ...callOf(), ...(more.signal === undefined ? {} : { signal: more.signal }) },
    );
    return new Reader(EventStream);
  };
  return { plane, stream, put, subscribe };
}

/** A client that pulls as fast as it can, and notes what it got. */
class Reader {
  readonly events: Event[] = [];
  ended = false;
  error: unknown;
  readonly done: Promise<void>;

  constructor(stream: Answer['EventStream']) {
    this.done = this.#pull(stream);
  }

  async #pull(stream: Answer['EventStream']): Promise<void> {
    try {
      for await (const { SubscribeToShardEvent } of stream) this.events.push(SubscribeToShardEvent);
      this.ended = true;
    } catch (error) {
      this.error = error;
    }
  }

  get text(): string {
    return this.events
      .flatMap((event) => unpack(event.Records).map((record) => textOf(record.Data)))
      .join('');
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTurn();
}

test('records are pushed as soon as they are durable, without time passing', async () => {
  const { put, subscribe, plane } = await prepared();
  await put('a');
  const reader = await subscribe();
  await settle();
  assert.equal(reader.text, 'a');
  const [b] = await put('b', 'c');
  await settle();
  assert.equal(reader.text, 'abc');
  const event = reader.events.at(-1)!;
  const [record] = unpack(event.Records);
  assert.equal(record!.SequenceNumber, b!.SequenceNumber);
  assert.equal(record!.ApproximateArrivalTimestamp, plane.clock.now());
  assert.equal(event.MillisBehindLatest, 0);
  assert.equal(event.ChildShards, undefined);
});

test('LATEST begins at the time of the call', async () => {
  const { put, subscribe } = await prepared();
  await put('a');
  const reader = await subscribe({ Type: 'LATEST' });
  await put('b');
  await settle();
  assert.equal(reader.text, 'b');
});

test('a silent shard is heard of at once and then every five seconds', async () => {
  const { plane, subscribe, put } = await prepared();
  const reader = await subscribe();
  await settle();
  assert.equal(reader.events.length, 1);
  assert.deepEqual(reader.events[0]!.Records, []);
  assert.ok(reader.events[0]!.ContinuationSequenceNumber);
  await plane.clock.advance(4999);
  assert.equal(reader.events.length, 1);
  await plane.clock.advance(1);
  assert.equal(reader.events.length, 2);
  await plane.clock.advance(2000);
  await put('a');
  await settle();
  assert.equal(reader.events.length, 3);
  await plane.clock.advance(4999);
  assert.equal(reader.events.length, 3);
  await plane.clock.advance(1);
  assert.equal(reader.events.length, 4);
});

test('a subscription ends after five minutes', async () => {
  const { plane, subscribe } = await prepared();
  const reader = await subscribe();
  for (let second = 0; second < 299; second++) {
    await plane.clock.advance(1000);
    await settle();
  }
  await plane.clock.advance(999);
  assert.equal(reader.ended, false);
  await plane.clock.advance(1);
  await settle();
  assert.equal(reader.ended, true);
  assert.equal(reader.events.length, 60);
  assert.equal(plane.fanOut.live, 0);
  assert.equal(plane.clock.nextTimerMs(), undefined);
});

test('a continuation goes on where the subscription was, AT and AFTER alike', async () => {
  const { plane, put, subscribe } = await prepared();
  await put('a', 'b');
  const first = await subscribe();
  await settle();
  const number = first.events.at(-1)!.ContinuationSequenceNumber!;
  await put('c');
  for (const Type of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] as const) {
    await plane.clock.advance(5000);
    const next = await subscribe({ Type, SequenceNumber: number });
    await settle();
    assert.equal(next.text, 'c');
  }
});

test('a continuation of a shard that was never written begins at its beginning', async () => {
  const { plane, put, subscribe } = await prepared();
  const first = await subscribe();
  await settle();
  await plane.clock.advance(5000);
  const SequenceNumber = first.events[0]!.ContinuationSequenceNumber!;
  await put('a');
  const next = await subscribe({ Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber });
  await settle();
  assert.equal(next.text, 'a');
});

test('within five seconds another call is refused; later it takes over', async () => {
  const { plane, put, subscribe } = await prepared();
  const text = `Another active subscription exists for this consumer: ${ACCOUNT}:s:${SHARD}:reader`;
  const first = await subscribe();
  await plane.clock.advance(4999);
  await refused(subscribe(), 'ResourceInUseException', text);
  await plane.clock.advance(1);
  const second = await subscribe();
  await settle();
  await refused(Promise.reject(first.error), 'ResourceInUseException', text);
  await put('a');
  await settle();
  assert.deepEqual([first.text, second.text], ['', 'a']);
  assert.equal(plane.fanOut.live, 1);
});

test('a call is remembered for five seconds, also when the client left', async () => {
  const { plane, subscribe } = await prepared();
  const leaving = new AbortController();
  const first = await subscribe({}, { signal: leaving.signal });
  leaving.abort();
  await settle();
  assert.equal(first.ended, true);
  assert.equal(plane.fanOut.live, 0);
  await refused(subscribe(), 'ResourceInUseException');
  await plane.clock.advance(5000);
  await subscribe();
});

test('a client that left without reading is forgotten', async () => {
  const { plane } = await prepared();
  const leaving = new AbortController();
  const call = { ...callOf(), signal: leaving.signal };
  const input = { ConsumerARN: READER.arn, ShardId: SHARD, StartingPosition: { Type: 'LATEST' } } as const;
  const { EventStream } = await plane.subscribeToShard(input, call);
  assert.equal(plane.fanOut.live, 1);
  leaving.abort();
  assert.equal(plane.fanOut.live, 0);
  for await (const event of EventStream) assert.fail(`nothing is pushed any more, but ${event}`);
  await plane.clock.advance(5000);
  leaving.abort();
  const { EventStream: late } = await plane.subscribeToShard(input, call);
  for await (const event of late) assert.fail(`nothing is pushed any more, but ${event}`);
  assert.equal(plane.fanOut.live, 0);
});

test('consumers and shards do not disturb each other', async () => {
  const other = consumerOf('other');
  const { put, subscribe } = await prepared({}, [READER, other]);
  const readers = [await subscribe(), await subscribe({}, { consumer: other })];
  await put('a');
  await settle();
  assert.deepEqual(
    readers.map((reader) => reader.text),
    ['a', 'a'],
  );
});

test('at the end of a closed shard an event has the children and no continuation', async () => {
  const { plane, stream, put, subscribe } = await prepared();
  const reader = await subscribe();
  await put('a');
  await plane.reshard(stream.id, [0], [WHOLE], async () => {
    await settle();
  });
  await settle();
  assert.equal(reader.ended, true);
  assert.equal(reader.text, 'a');
  assert.deepEqual(reader.events.at(-1), {
    Records: [],
    MillisBehindLatest: 0,
    ChildShards: [
      {
        ShardId: 'shardId-000000000001',
        ParentShards: [SHARD],
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: WHOLE.endingHashKey },
      },
    ],
  });
  await plane.clock.advance(5000);
  const late = await subscribe();
  await settle();
  assert.deepEqual([late.text, late.ended], ['a', true]);
});

test('what is written just before a shard closes is pushed before its end', async () => {
  const { plane, stream, put, subscribe } = await prepared();
  const reader = await subscribe();
  await settle();
  const read = plane.log.readColumns.bind(plane.log);
  let slow = Promise.resolve();
  plane.log.readColumns = async (...from) => {
    const page = await read(...from);
    await slow;
    return page;
  };
  const { promise, resolve } = Promise.withResolvers<void>();
  slow = promise;
  await plane.clock.advance(5000);
  // The subscriber reads an empty page of the open shard; before it has it, the shard gets its last record and closes.
  await put('z');
  await plane.reshard(stream.id, [0], [WHOLE]);
  resolve();
  await settle();
  assert.equal(reader.text, 'z');
  assert.equal(reader.ended, true);
});

test('a deregistered consumer and a deleted stream end with ResourceNotFoundException', async () => {
  for (const change of [
    (plane: TestPlane, id: string) => plane.change(id, { consumers: [] }),
    (plane: TestPlane, id: string) => plane.change(id, { consumers: [{ ...READER, status: 'DELETING' }] }),
    (plane: TestPlane, id: string) => plane.change(id, { status: 'DELETING' }),
    (plane: TestPlane, id: string) => plane.directory.set(id, undefined),
    (plane: TestPlane, id: string) => plane.change(id, { shards: [] }),
    (plane: TestPlane, id: string) => plane.log.dropLog(id),
  ]) {
    const { plane, stream, subscribe } = await prepared();
    const reader = await subscribe();
    await settle();
    void change(plane, stream.id);
    await settle();
    await refused(Promise.reject(reader.error), 'ResourceNotFoundException');
    assert.equal(plane.fanOut.live, 0);
  }
});

test('a failing disk ends it with an error that the client may retry', async () => {
  const { plane, subscribe } = await prepared();
  plane.log.readColumns = () => Promise.reject(new LogFailedError('EIO'));
  const reader = await subscribe();
  await settle();
  await refused(Promise.reject(reader.error), 'InternalFailureException');
});

test('2 MiB a second are pushed to a consumer, in events of a MiB', async () => {
  const { plane, subscribe } = await prepared({
    limits: { shardWriteBytesPerSecond: Infinity, shardWriteRecordsPerSecond: Infinity },
  });
  for (let record = 0; record < 40; record++) {
    await plane.putRecord(
      { StreamName: 's', Data: new Uint8Array(2 ** 18 - 64), PartitionKey: 'k' },
      callOf(),
    );
  }
  const reader = await subscribe();
  await settle();
  const seen: number[] = [];
  for (let second = 0; second < 6; second++) {
    seen.push(reader.events.reduce((sum, event) => sum + event.Records.length, 0) / 4);
    await plane.clock.advance(1000);
    await settle();
  }
  assert.ok(reader.events.every((event) => event.Records.length <= 4));
  const perSecond = seen.slice(1).map((count, index) => count - seen[index]!);
  assert.ok(
    perSecond.every((mib) => mib <= 2),
    `${perSecond}`,
  );
  assert.equal(seen.at(-1), 10);
  assert.equal(plane.meter.stream([...plane.directory.all()][0]!.id).fanOutBytes, 10 * 2 ** 20);
});

test('a slow client holds nothing: what it has not asked for is not read', async () => {
  const { plane, put } = await prepared();
  for (let round = 0; round < 10; round++) await put('a', 'b');
  let reads = 0;
  const read = plane.log.readColumns.bind(plane.log);
  plane.log.readColumns = (...from) => {
    reads++;
    return read(...from);
  };
  const input = {
    ConsumerARN: READER.arn,
    ShardId: SHARD,
    StartingPosition: { Type: 'TRIM_HORIZON' },
  } as const;
  const { EventStream } = await plane.subscribeToShard(input, callOf());
  const events = EventStream[Symbol.asyncIterator]();
  await settle();
  assert.equal(reads, 0);
  await events.next();
  await put('c');
  await settle();
  assert.equal(reads, 1);
  await events.return?.();
  assert.equal(plane.fanOut.live, 0);
});

test('fifty subscribers of a shard share its reads', async () => {
  const consumers = Array.from({ length: 50 }, (_, index) => consumerOf(`c${index}`));
  const { plane, put, subscribe } = await prepared({}, consumers);
  const readers = await Promise.all(consumers.map((consumer) => subscribe({}, { consumer })));
  await settle();
  let reads = 0;
  const read = plane.log.readColumns.bind(plane.log);
  plane.log.readColumns = (...from) => {
    reads++;
    return read(...from);
  };
  for (let round = 0; round < 10; round++) {
    await put('x');
    await settle();
  }
  assert.ok(readers.every((reader) => reader.text === 'xxxxxxxxxx'));
  assert.ok(reads <= 20, `${reads} reads for 10 rounds`);
});

test('bad starts are refused before anything is pushed', async () => {
  const { plane, stream, subscribe } = await prepared();
  const future = plane.clock.now() + 1;
  await refused(subscribe({ Type: 'AT_TIMESTAMP', Timestamp: future }), 'InvalidArgumentException');
  await refused(subscribe({ Type: 'AT_SEQUENCE_NUMBER' }), 'InvalidArgumentException');
  await refused(
    subscribe({ Type: 'AT_SEQUENCE_NUMBER', SequenceNumber: '9'.repeat(60) }),
    'InvalidArgumentException',
    `StartingSequenceNumber ${'9'.repeat(60)} used in SubscribeToShard on shard ${SHARD} in stream s under account ${ACCOUNT} is invalid.`,
  );
  await refused(subscribe({}, { shard: 'shardId-9' }), 'ResourceNotFoundException');
  await refused(subscribe({}, { consumer: consumerOf('unknown') }), 'ResourceNotFoundException');
  plane.change(stream.id, { consumers: [{ ...READER, status: 'CREATING' }] });
  await refused(
    subscribe(),
    'ResourceInUseException',
    `Consumer reader with creation timestamp 1795521600 under stream: s , account ${ACCOUNT} is not in ACTIVE status.`,
  );
  plane.change(stream.id, { consumers: [READER], status: 'DELETING' });
  await refused(subscribe(), 'ResourceNotFoundException');
  plane.change(stream.id, { status: 'ACTIVE' });
  await subscribe();
});

test('DryRun checks everything, also the other subscription, and does not take over', async () => {
  const { plane, put, subscribe } = await prepared();
  const input: Input = {
    ConsumerARN: READER.arn,
    ShardId: SHARD,
    StartingPosition: { Type: 'LATEST' },
    DryRun: true,
  };
  await refused(plane.subscribeToShard(input, callOf()), 'DryRunOperationException');
  const reader = await subscribe();
  await refused(plane.subscribeToShard(input, callOf()), 'ResourceInUseException');
  await plane.clock.advance(5000);
  await refused(plane.subscribeToShard(input, callOf()), 'DryRunOperationException');
  await put('a');
  await settle();
  assert.equal(reader.text, 'a');
});
