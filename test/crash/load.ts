/**
 * The clients of one life: writers that put single records and batches, a reader at the shards' ends, and one that
 * changes streams. Each has one request under way at a time, and all run until the server is gone or they are told to stop.
 */
import { createHash } from 'node:crypto';
import { UnexpectedFailure, type Client, type Output } from '../../conformance/client.ts';
import type { Dice } from '../../src/host/host.ts';
import {
  anyLayout,
  Fault,
  HASH_KEYS,
  layoutOf,
  rangesOf,
  Uncertain,
  type Ledger,
  type StreamModel,
  type Written,
} from './ledger.ts';
import type { ServerClock } from './server-clock.ts';

/** An iterator that was given, and after which record of its shard it stands: '' stands before all. */
export type HeldIterator = {
  readonly model: StreamModel;
  readonly shardId: string;
  readonly iterator: string;
  readonly after: string;
  readonly issuedMs: number;
};

export type LoadParts = {
  readonly client: Client;
  readonly ledger: Ledger;
  readonly clock: ServerClock;
  readonly dice: Dice;
  readonly iterators: HeldIterator[];
  /** Names writers, so that no two of a run are the same. */
  readonly life: number;
  readonly stopped: () => boolean;
};

export const LASTING_STREAMS = ['alpha', 'beta', 'gamma'];
const PASSING_STREAMS = ['passing-0', 'passing-1', 'passing-2'];
const PARTITION_KEYS = 40;
/** The partition key of records that go where their explicit hash key says. */
export const EXPLICIT = 'explicit';
const SHARDS_MAX = 6;
const ITERATORS_HELD_MAX = 12;

/** Resolves when all clients have ended. Rejects with a `Fault`; a server that is gone is none. */
export async function runLoad(parts: LoadParts): Promise<void> {
  const clients = [
    write(parts, 'single', () => 1, 120),
    write(parts, 'batch', () => 2 + parts.dice.integer(40), 200),
    write(parts, 'large', () => 1 + parts.dice.integer(3), 20_000),
    write(parts, 'cbor', () => 1 + parts.dice.integer(5), 60, 'cbor'),
    tail(parts),
    subscribe(parts),
    change(parts),
  ];
  await Promise.all(clients.map((client) => untilGone(client)));
}

export function isRefusal(error: unknown): boolean {
  return error instanceof UnexpectedFailure && error.failure.status < 500;
}

/** No answer, and no knowing what became of the request. */
export function isGone(error: unknown): boolean {
  return (
    !(error instanceof UnexpectedFailure) &&
    !(error instanceof Fault) &&
    (error as { code?: string }).code !== undefined
  );
}

async function untilGone(client: Promise<void>): Promise<void> {
  try {
    await client;
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

async function write(
  parts: LoadParts,
  writer: string,
  count: () => number,
  bytesMax: number,
  protocol: 'json' | 'cbor' = 'json',
): Promise<void> {
  const { client, ledger, clock, dice, life, stopped } = parts;
  for (let written = 0; !stopped();) {
    const models = ledger.streams();
    const model = models[dice.integer(models.length)];
    if (model === undefined) return;
    const entries = Array.from({ length: count() }, () => {
      const id = `${model.incarnation}/${writer}-${life}/${written++}`;
      const record = {
        Data: Buffer.from(`${id}:${'x'.repeat(dice.integer(bytesMax))}`),
        ...(dice.integer(8) === 0
          ? { PartitionKey: EXPLICIT, ExplicitHashKey: randomHashKey(dice) }
          : { PartitionKey: `key-${dice.integer(PARTITION_KEYS)}` }),
      };
      return { written: ledger.sent(model, id, clock.nowMs()), record };
    });
    try {
      if (entries.length === 1 && dice.integer(4) > 0) {
        const { written: only, record } = entries[0]!;
        const answer = await client.call('PutRecord', { StreamName: model.name, ...record }, protocol);
        acknowledge(ledger, model, only, answer);
      } else {
        const records = entries.map(({ record }) => record);
        const input = { StreamName: model.name, Records: records };
        const answer = await client.call('PutRecords', input, protocol);
        entries.forEach((entry, i) => acknowledge(ledger, model, entry.written, answer['Records'][i]));
      }
    } catch (error) {
      const refused = isRefusal(error);
      for (const entry of entries) entry.written.refused = refused;
      ledger.counts[refused ? 'refused' : 'unanswered'] += entries.length;
      if (!refused) throw error;
    }
  }
}

function acknowledge(ledger: Ledger, model: StreamModel, written: Written, result: Output): void {
  if (result['ErrorCode'] !== undefined) throw new Fault(`${written.id} was answered ${result['ErrorCode']}`);
  ledger.place(model, written, result['SequenceNumber'], result['ShardId']);
  ledger.counts.acknowledged++;
}

/** Reads here and there, so that records are seen before they are acknowledged, and keeps the iterators it was given. */
async function tail(parts: LoadParts): Promise<void> {
  const { client, ledger, dice, clock, stopped, iterators } = parts;
  while (!stopped()) {
    const models = ledger.streams();
    const model = models[dice.integer(models.length)];
    const shards = [...(model?.shards.keys() ?? [])];
    const shardId = shards[dice.integer(Math.max(1, shards.length))];
    if (model === undefined || shardId === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      continue;
    }
    try {
      const known = [...model.records.values()].filter(({ place }) => place?.shardId === shardId);
      const from = known[dice.integer(known.length + 1)]?.place?.sequenceNumber;
      let after = from ?? '';
      let issuedMs = clock.nowMs();
      const start = await client.call('GetShardIterator', {
        StreamName: model.name,
        ShardId: shardId,
        ShardIteratorType: from === undefined ? 'TRIM_HORIZON' : 'AFTER_SEQUENCE_NUMBER',
        StartingSequenceNumber: from,
      });
      let iterator: string | undefined = start['ShardIterator'];
      for (let page = 0; page < 4 && iterator !== undefined; page++) {
        if (iterators.length >= ITERATORS_HELD_MAX) iterators.splice(dice.integer(iterators.length), 1);
        iterators.push({ model, shardId, iterator, after, issuedMs });
        issuedMs = clock.nowMs();
        const answer: Output = await client.call('GetRecords', {
          ShardIterator: iterator,
          Limit: 1 + dice.integer(200),
        });
        for (const record of answer['Records']) {
          if (record.SequenceNumber <= after)
            throw new Fault(`${shardId} of ${model.name} goes back after ${after}`);
          after = record.SequenceNumber;
          ledger.saw(model, shardId, idOf(record), after);
        }
        iterator = answer['NextShardIterator'];
      }
    } catch (error) {
      // The stream was deleted meanwhile, or the record trimmed.
      if (!isRefusal(error)) throw error;
    }
  }
}

/** Is pushed records, which must be as durable as those that are read. */
async function subscribe(parts: LoadParts): Promise<void> {
  const { client, ledger, dice, stopped } = parts;
  while (!stopped()) {
    try {
      const model = anyStream(parts);
      const shards = [...(model?.shards.keys() ?? [])];
      const shardId = shards[dice.integer(Math.max(1, shards.length))];
      const consumer = model === undefined ? undefined : await anyConsumer(client, model, dice);
      if (model === undefined || shardId === undefined || consumer === undefined) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        continue;
      }
      const { messages, close } = await client.subscribe({
        ConsumerARN: consumer,
        ShardId: shardId,
        StartingPosition: { Type: dice.integer(2) === 0 ? 'TRIM_HORIZON' : 'LATEST' },
      });
      const leave = setTimeout(close, 50 + dice.integer(300));
      try {
        for await (const { headers, payload } of messages) {
          if (headers[':event-type'] !== 'SubscribeToShardEvent') continue;
          const { Records: records } = JSON.parse(payload.toString()) as Output;
          for (const record of records) ledger.saw(model, shardId, idOf(record), record.SequenceNumber);
        }
      } finally {
        clearTimeout(leave);
        close();
      }
    } catch (error) {
      if (error instanceof Fault) throw error;
      // Cut off in the middle of an event: by us, because we were to leave, or by the server's end.
    }
  }
}

async function anyConsumer(client: Client, model: StreamModel, dice: Dice): Promise<string | undefined> {
  const { Consumers } = await client.call('ListStreamConsumers', { StreamARN: arnOf(model.name) });
  const consumers = (Consumers as Output[]).filter(({ ConsumerStatus: status }) => status === 'ACTIVE');
  return consumers[dice.integer(Math.max(1, consumers.length))]?.['ConsumerARN'];
}

/** Changes streams, one request after another; what the server refuses leaves everything as it was. */
async function change(parts: LoadParts): Promise<void> {
  const { dice, stopped } = parts;
  while (!stopped()) {
    try {
      await CHANGES[dice.integer(CHANGES.length)]!(parts);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
}

const CHANGES: readonly ((parts: LoadParts) => Promise<void>)[] = [
  createOrDelete,
  createOrDelete,
  reshard,
  reshard,
  scale,
  changeRetention,
  changeTags,
  changeConsumers,
  changeEncryption,
];

async function createOrDelete({ client, ledger, dice }: LoadParts): Promise<void> {
  const name = PASSING_STREAMS[dice.integer(PASSING_STREAMS.length)]!;
  const possible = ledger.possible(name);
  if (possible.length > 1) return;
  if (possible[0] === undefined) {
    const shards = 1 + dice.integer(3);
    await ledger.create(
      name,
      shards,
      () => client.call('CreateStream', { StreamName: name, ShardCount: shards }),
      isRefusal,
    );
  } else {
    await ledger.delete(
      name,
      () => client.call('DeleteStream', { StreamName: name, EnforceConsumerDeletion: true }),
      isRefusal,
    );
  }
}

function anyStream({ ledger, dice }: LoadParts): StreamModel | undefined {
  const models = ledger.streams();
  return models[dice.integer(Math.max(1, models.length))];
}

async function reshard(parts: LoadParts): Promise<void> {
  const { client, dice } = parts;
  const model = anyStream(parts);
  const ranges = rangesOf(model?.layout.certain ?? anyLayout(0));
  if (model === undefined || ranges === undefined) return;
  const { Shards: shards } = await client.call('ListShards', { StreamName: model.name });
  const idOfStart = (start: bigint): string =>
    (shards as Output[]).findLast(
      (shard) => BigInt(shard['HashKeyRange'].StartingHashKey) === start && !isClosed(shard),
    )?.['ShardId'];
  const at = dice.integer(ranges.length);
  const [start, end] = ranges[at]!;
  const next = ranges[at + 1];
  const StreamName = model.name;
  if (ranges.length < SHARDS_MAX && dice.integer(ranges.length) < 2) {
    const middle = start + (end - start) / 2n + 1n;
    const split = ranges.toSpliced(at, 1, [start, middle - 1n], [middle, end]);
    await model.layout.change(
      layoutOf(split),
      () =>
        client.call('SplitShard', {
          StreamName,
          ShardToSplit: idOfStart(start),
          NewStartingHashKey: String(middle),
        }),
      isRefusal,
    );
  } else if (next !== undefined) {
    await model.layout.change(
      layoutOf(ranges.toSpliced(at, 2, [start, next[1]])),
      () =>
        client.call('MergeShards', {
          StreamName,
          ShardToMerge: idOfStart(start),
          AdjacentShardToMerge: idOfStart(next[0]),
        }),
      isRefusal,
    );
  }
}

/** To another number of shards, whose borders the next check finds out. */
async function scale(parts: LoadParts): Promise<void> {
  const { client, dice } = parts;
  const model = anyStream(parts);
  const shards = rangesOf(model?.layout.certain ?? anyLayout(0))?.length;
  if (model === undefined || shards === undefined) return;
  const target = Math.max(1, Math.ceil(shards / 2)) + dice.integer(shards);
  if (target === shards || target > SHARDS_MAX) return;
  await model.layout.change(
    anyLayout(target),
    () =>
      client.call('UpdateShardCount', {
        StreamName: model.name,
        TargetShardCount: target,
        ScalingType: 'UNIFORM_SCALING',
      }),
    isRefusal,
  );
}

async function changeRetention(parts: LoadParts): Promise<void> {
  const { client, clock } = parts;
  const model = anyStream(parts);
  const hours = model?.retentionHours.certain;
  if (model === undefined || hours === undefined) return;
  const wanted = hours === 24 ? 48 : 24;
  model.noteHorizon(clock.nowMs());
  await model.retentionHours.change(
    wanted,
    () =>
      client.call(`${wanted > hours ? 'Increase' : 'Decrease'}StreamRetentionPeriod`, {
        StreamName: model.name,
        RetentionPeriodHours: wanted,
      }),
    isRefusal,
  );
  model.noteHorizon(clock.nowMs());
}

/** No value at all, in a model of tags. */
export const NO_TAG = '(none)';

async function changeTags(parts: LoadParts): Promise<void> {
  const { client, dice } = parts;
  const model = anyStream(parts);
  if (model === undefined) return;
  const key = `tag-${dice.integer(3)}`;
  const tag = model.tags.get(key) ?? new Uncertain(NO_TAG);
  model.tags.set(key, tag);
  if (tag.certain === NO_TAG || dice.integer(2) === 0) {
    const value = `value-${dice.integer(1000)}`;
    await tag.change(
      value,
      () => client.call('AddTagsToStream', { StreamName: model.name, Tags: { [key]: value } }),
      isRefusal,
    );
  } else {
    await tag.change(
      NO_TAG,
      () => client.call('RemoveTagsFromStream', { StreamName: model.name, TagKeys: [key] }),
      isRefusal,
    );
  }
}

async function changeConsumers(parts: LoadParts): Promise<void> {
  const { client, dice } = parts;
  const model = anyStream(parts);
  if (model === undefined) return;
  const name = `consumer-${dice.integer(3)}`;
  const consumer = model.consumers.get(name) ?? new Uncertain<'there' | 'gone'>('gone');
  model.consumers.set(name, consumer);
  const input = { StreamARN: arnOf(model.name), ConsumerName: name };
  if (consumer.certain === 'gone') {
    await consumer.change('there', () => client.call('RegisterStreamConsumer', input), isRefusal);
  } else if (consumer.certain === 'there') {
    await consumer.change('gone', () => client.call('DeregisterStreamConsumer', input), isRefusal);
  }
}

async function changeEncryption(parts: LoadParts): Promise<void> {
  const { client } = parts;
  const model = anyStream(parts);
  const now = model?.encryption.certain;
  if (model === undefined || now === undefined) return;
  const wanted = now === 'NONE' ? 'KMS' : 'NONE';
  const input = { StreamName: model.name, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' };
  await model.encryption.change(
    wanted,
    () => client.call(wanted === 'KMS' ? 'StartStreamEncryption' : 'StopStreamEncryption', input),
    isRefusal,
  );
}

export function arnOf(stream: string): string {
  return `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`;
}

export function isClosed(shard: Output): boolean {
  return shard['SequenceNumberRange'].EndingSequenceNumber !== undefined;
}

export function idOf(record: Output): string {
  const text = Buffer.from(record['Data'], 'base64').toString('latin1');
  return text.slice(0, text.indexOf(':'));
}

export function hashKeyOf(partitionKey: string): bigint {
  return BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`);
}

function randomHashKey(dice: Dice): string {
  return String(BigInt(`0x${Buffer.from(dice.bytes(16)).toString('hex')}`) % HASH_KEYS);
}
