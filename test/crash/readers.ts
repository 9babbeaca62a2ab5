/** Clients that read while others write: what they have seen must be there after every kill. */
import type { Client, Output } from '../../conformance/client.ts';
import type { Dice } from '../../src/host/host.ts';
import { arnOf, idOf, isRefusal } from './answers.ts';
import { Fault } from './fault.ts';
import type { StreamModel } from './ledger.ts';
import { anyStream, type LoadParts } from './load-parts.ts';

const ITERATORS_HELD_MAX = 12;

/** Reads here and there, so that records are seen before they are acknowledged, and keeps the iterators it was given. */
export async function tail(parts: LoadParts): Promise<void> {
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
export async function subscribe(parts: LoadParts): Promise<void> {
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
