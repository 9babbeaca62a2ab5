/**
 * Holds a restarted server to what its clients know. It is asked as any reader asks, through the API, before it gets new load: what
 * streams there are, what is in each, and every record from the horizon on, shard by shard in the order of their lineage.
 */
import type { Client, Output } from '../../conformance/client.ts';
import { arnOf, EXPLICIT, hashKeyOf, idOf, isClosed, isRefusal } from './answers.ts';
import { Fault } from './fault.ts';
import { anyLayout, HASH_KEYS, layoutOf, NO_TAG, type Ledger, type StreamModel } from './ledger.ts';
import type { HeldIterator } from './load-parts.ts';
import type { ServerClock } from './server-clock.ts';
import { ON_DEMAND, SETTINGS, tellCommitment } from './settings.ts';

/** Iterators live five minutes by the server's clock; nearer to the end nothing is asked of them. */
const ITERATOR_MS = 240_000;
const SETTLE_MS_MAX = 20_000;

type Read = { readonly id: string; readonly sequenceNumber: string; readonly partitionKey: string };
export type Checked = { readonly streams: number; readonly records: number; readonly iterators: number };

export async function checkServer(parts: {
  readonly client: Client;
  readonly ledger: Ledger;
  readonly clock: ServerClock;
  readonly iterators: readonly HeldIterator[];
}): Promise<Checked> {
  const { client, ledger, clock, iterators } = parts;
  const names = await settle(client);
  for (const name of names) {
    if (!ledger.names().includes(name)) throw new Fault(`stream ${name} is there, and nobody created it`);
  }
  ledger.commitment.observe(await tellCommitment(client), "the account's commitment");
  let records = 0;
  const read = new Map<StreamModel, ReadonlyMap<string, readonly Read[]>>();
  for (const name of ledger.names()) {
    const model = ledger.observe(name, names.includes(name));
    if (model === undefined) continue;
    model.noteHorizon(clock.nowMs());
    await checkSettings(client, model);
    const shards = await checkShards(client, model, clock);
    const found = await readAll(client, ledger, model, shards);
    model.scalesItself = model.settings.get('mode')!.certain === ON_DEMAND;
    model.noteHorizon(clock.nowMs());
    checkRecords(model, found);
    read.set(model, found);
    for (const list of found.values()) records += list.length;
  }
  let used = 0;
  for (const held of iterators) {
    const found = read.get(held.model)?.get(held.shardId);
    if (found !== undefined && (await checkIterator(client, clock, held, found))) used++;
  }
  return { streams: read.size, records, iterators: used };
}

/** Waits until nothing is CREATING, UPDATING or DELETING; the names of the streams. */
async function settle(client: Client): Promise<readonly string[]> {
  const deadline = Date.now() + SETTLE_MS_MAX;
  for (;;) {
    const { StreamSummaries: summaries } = await client.call('ListStreams', { Limit: 100 });
    const streams = summaries as Output[];
    const moving = streams.filter(({ StreamStatus: status }) => status !== 'ACTIVE').map(String);
    if (moving.length === 0) {
      for (const { StreamName: name } of streams) {
        const { Consumers: consumers } = await client.call('ListStreamConsumers', { StreamARN: arnOf(name) });
        moving.push(
          ...(consumers as Output[]).filter((each) => each['ConsumerStatus'] !== 'ACTIVE').map(String),
        );
      }
    }
    if (moving.length === 0) return streams.map(({ StreamName: name }) => name);
    if (Date.now() > deadline)
      throw new Fault(`streams or consumers stay on their way: ${JSON.stringify(streams)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function checkSettings(client: Client, model: StreamModel): Promise<void> {
  const { name } = model;
  const { StreamDescriptionSummary: summary } = await client.call('DescribeStreamSummary', {
    StreamName: name,
  });
  model.retentionHours.observe(summary.RetentionPeriodHours, `the retention of ${name}`);
  for (const setting of SETTINGS) {
    const value = await setting.tell(client, summary);
    model.settings.get(setting.name)!.observe(value, `the ${setting.name} of ${name}`);
  }

  const { Tags: tags } = await client.call('ListTagsForStream', { StreamName: name });
  const tagged = new Map(
    (tags as Output[]).map(({ Key: key, Value: value }) => [String(key), String(value)]),
  );
  for (const [key, tag] of model.tags) tag.observe(tagged.get(key) ?? NO_TAG, `tag ${key} of ${name}`);
  for (const key of tagged.keys())
    if (!model.tags.has(key)) throw new Fault(`${name} has a tag ${key} that nobody gave it`);

  const { Consumers: consumers } = await client.call('ListStreamConsumers', { StreamARN: arnOf(name) });
  const registered = new Set((consumers as Output[]).map(({ ConsumerName: consumer }) => String(consumer)));
  for (const [consumer, state] of model.consumers) {
    state.observe(registered.has(consumer) ? 'there' : 'gone', `${consumer} of ${name}`);
  }
  for (const consumer of registered) {
    if (!model.consumers.has(consumer))
      throw new Fault(`${name} has a consumer ${consumer} that nobody registered`);
  }
}

/** Shards stay what they were, the open ones cover every hash key once, as acknowledged. Returns them by index. */
async function checkShards(
  client: Client,
  model: StreamModel,
  clock: ServerClock,
): Promise<readonly Output[]> {
  const { name } = model;
  const { Shards } = await client.call('ListShards', { StreamName: name, MaxResults: 1000 });
  const shards = (Shards as Output[]).toSorted((a, b) => (a['ShardId'] < b['ShardId'] ? -1 : 1));
  const listed = new Set(shards.map(({ ShardId: id }) => id));
  for (const [id, { openMs }] of model.shards) {
    if (listed.has(id)) continue;
    if (openMs > model.horizonMs) throw new Fault(`shard ${id} of ${name} is gone before its time`);
    model.shards.delete(id);
  }
  for (const shard of shards) {
    const { ShardId: id, HashKeyRange: range, SequenceNumberRange: numbers } = shard;
    const lineage = JSON.stringify([
      ...[range.StartingHashKey, range.EndingHashKey, numbers.StartingSequenceNumber],
      ...[shard['ParentShardId'], shard['AdjacentParentShardId']],
    ]);
    const known = model.shards.get(id) ?? { lineage, endingSequenceNumber: undefined, openMs: 0 };
    model.shards.set(id, known);
    if (known.lineage !== lineage) throw new Fault(`${id} of ${name} was ${known.lineage} and is ${lineage}`);
    if (
      known.endingSequenceNumber !== undefined &&
      known.endingSequenceNumber !== numbers.EndingSequenceNumber
    ) {
      throw new Fault(
        `${id} of ${name} ended with ${known.endingSequenceNumber}, and now: ${numbers.EndingSequenceNumber}`,
      );
    }
    known.endingSequenceNumber = numbers.EndingSequenceNumber;
    if (!isClosed(shard)) known.openMs = clock.nowMs();
  }
  const open = shards
    .filter((shard) => !isClosed(shard))
    .map(({ HashKeyRange: range }) => [BigInt(range.StartingHashKey), BigInt(range.EndingHashKey)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  let next = 0n;
  for (const [start, end] of open) {
    if (start !== next)
      throw new Fault(`the open shards of ${name} do not meet at ${next}: ${layoutOf(open)}`);
    next = end + 1n;
  }
  if (next !== HASH_KEYS) throw new Fault(`the open shards of ${name} end at ${next}`);
  if (model.scalesItself) model.layout.accept(layoutOf(open));
  else model.layout.observe(layoutOf(open), `the open shards of ${name}`, anyLayout(open.length));
  return shards;
}

async function readAll(
  client: Client,
  ledger: Ledger,
  model: StreamModel,
  shards: readonly Output[],
): Promise<Map<string, readonly Read[]>> {
  const found = new Map<string, readonly Read[]>();
  for (const shard of shards) {
    const shardId = shard['ShardId'] as string;
    const where = `${model.name} ${shardId}`;
    const range = shard['HashKeyRange'];
    const [start, end] = [BigInt(range.StartingHashKey), BigInt(range.EndingHashKey)];
    const list: Read[] = [];
    const input = { StreamName: model.name, ShardId: shardId, ShardIteratorType: 'TRIM_HORIZON' };
    let iterator: string | undefined = (await client.call('GetShardIterator', input))['ShardIterator'];
    for (let behind = true; behind && iterator !== undefined;) {
      const answer: Output = await client.call('GetRecords', { ShardIterator: iterator });
      for (const record of answer['Records'] as Output[]) {
        const sequenceNumber = record['SequenceNumber'] as string;
        const partitionKey = record['PartitionKey'] as string;
        const hashKey = hashKeyOf(partitionKey);
        if (sequenceNumber <= (list.at(-1)?.sequenceNumber ?? ''))
          throw new Fault(`${where} is out of order at ${sequenceNumber}`);
        if (partitionKey !== EXPLICIT && (hashKey < start || hashKey > end)) {
          throw new Fault(`${where} has a record with key ${partitionKey}, which is not of its range`);
        }
        const id = idOf(record);
        ledger.saw(model, shardId, id, sequenceNumber);
        list.push({ id, sequenceNumber, partitionKey });
      }
      iterator = answer['NextShardIterator'];
      behind = isClosed(shard) || answer['MillisBehindLatest'] > 0;
    }
    if (!isClosed(shard) && iterator === undefined && !model.scalesItself)
      throw new Fault(`${where} is open, but its reading ends`);
    found.set(shardId, list);
  }
  return found;
}

/** Nothing twice, nothing missing, and each writer's records of a key in the order in which they were sent. */
function checkRecords(model: StreamModel, found: ReadonlyMap<string, readonly Read[]>): void {
  const seen = new Set<string>();
  const newest = new Map<string, number>();
  for (const [shardId, list] of found) {
    for (const { id, partitionKey } of list) {
      if (seen.has(id)) throw new Fault(`${model.name} has ${id} twice`);
      seen.add(id);
      const [, writer, count] = id.split('/');
      // A key's records move from parent to child; a shard's order holds for all keys.
      const orders = [
        `${writer} ${shardId}`,
        ...(partitionKey === EXPLICIT ? [] : [`${writer} ${partitionKey}`]),
      ];
      for (const order of orders) {
        if (Number(count) <= (newest.get(order) ?? -1))
          throw new Fault(`${id} in ${shardId} of ${model.name} is out of the order of ${order}`);
        newest.set(order, Number(count));
      }
    }
  }
  for (const { id, place, sentMs } of model.records.values()) {
    if (place === undefined || seen.has(id) || sentMs <= model.horizonMs) continue;
    throw new Fault(`${model.name} has lost ${id}, which was ${place.sequenceNumber} in ${place.shardId}`);
  }
}

/** An iterator of an earlier life goes on where it stood. False when it was too old to say. */
async function checkIterator(
  client: Client,
  clock: ServerClock,
  { model, shardId, iterator, after, issuedMs }: HeldIterator,
  found: readonly Read[],
): Promise<boolean> {
  let answer: Output;
  try {
    answer = await client.call('GetRecords', { ShardIterator: iterator });
  } catch (error) {
    if (isRefusal(error) && clock.nowMs() - issuedMs > ITERATOR_MS) return false;
    throw error;
  }
  const where = `an iterator of ${shardId} of ${model.name} after ${after || 'the horizon'}`;
  const expected = found.filter(({ sequenceNumber }) => sequenceNumber > after);
  const first = (answer['Records'] as Output[])[0];
  const skipped = first === undefined ? expected.length : expected.findIndex(({ id }) => id === idOf(first));
  if (skipped === -1) throw new Fault(`${where} gives ${idOf(first!)}, which is not behind it`);
  model.noteHorizon(clock.nowMs());
  for (const { id } of expected.slice(0, skipped)) {
    if ((model.records.get(id)?.sentMs ?? 0) > model.horizonMs) throw new Fault(`${where} leaves out ${id}`);
  }
  return true;
}
