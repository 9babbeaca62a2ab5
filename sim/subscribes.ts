import type { Dice } from '../src/host/host.ts';
import { beginning, checkRefused, checkUnknown, textOf } from './calls.ts';
import type { Client } from './client.ts';
import type { ReadRecord } from './answers.ts';
import type { Cursor, StreamModel } from './model.ts';
import { nameOf, startOf } from './reads.ts';
import type { World } from './world.ts';

/** A consumer of a shard, for some events. */
export class Subscribes {
  readonly #world: World;
  readonly #client: Client;
  readonly #dice: Dice;
  /** Where the last subscription stood: the next may go on there. */
  #left: { readonly start: ReturnType<typeof startOf>; readonly cursor: Cursor } | undefined;

  constructor(world: World) {
    this.#world = world;
    ({ client: this.#client, dice: this.#dice } = world.newClient());
  }

  async step(stream: StreamModel): Promise<void> {
    const consumer = stream.consumers[this.#dice.integer(stream.consumers.length)];
    const shards = [...stream.shards.values()];
    const again = this.#left !== undefined && this.#dice.integer(2) === 0 && this.#left.cursor.shard;
    const shard = again && again.stream === stream ? again : shards[this.#dice.integer(shards.length)];
    if (consumer === undefined || shard === undefined) return;
    const { history } = this.#world;
    const left = this.#left;
    this.#left = undefined;
    const resumed = left?.cursor.shard === shard ? left : undefined;
    const start = resumed?.start ?? startOf(this.#world, this.#dice, shard);
    history.add(`subscribe ${stream.name} ${shard.id} ${start.type}`);
    const sent = beginning(this.#world, stream);
    let cursor: Cursor | undefined;
    let askedAt = sent.at;
    let events = 1 + this.#dice.integer(12);
    const { type, number, timestampMs } = start;
    const position = {
      Type: type,
      ...(type === 'AT_TIMESTAMP' ? { Timestamp: timestampMs / 1000 } : {}),
      ...(type.endsWith('SEQUENCE_NUMBER') ? { SequenceNumber: number } : {}),
    };
    const input = { ConsumerARN: consumer, ShardId: shard.id, StartingPosition: position };
    const outcome = await this.#client.subscribe(input, async (kind, event) => {
      if (kind === 'initial-response') {
        cursor = resumed?.cursor ?? shard.cursor(type, start, sent.at, history.length);
        return true;
      }
      if (kind !== 'SubscribeToShardEvent') {
        history.add(`pushed ${stream.name} ${shard.id} ${kind}`);
        if (kind === 'InternalFailureException')
          checkUnknown(this.#world, { kind: 'unknown', code: kind }, sent);
        return false;
      }
      const records = event['Records'] as readonly ReadRecord[];
      history.add(`pushed ${stream.name} ${shard.id} ${records.map(nameOf).join(' ')}`);
      const continuation = event['ContinuationSequenceNumber'] as string | undefined;
      const ended = continuation === undefined;
      const atEnd = ended || (event['MillisBehindLatest'] === 0 && records.length > 0 && shard.isOpen);
      cursor = shard.read(
        cursor!,
        records,
        ended ? 'closed' : atEnd ? 'latest' : 'more',
        askedAt,
        history.length,
      );
      if (continuation !== undefined) {
        const on = { type: 'AFTER_SEQUENCE_NUMBER', number: continuation, timestampMs: 0 } as const;
        this.#left = { start: on, cursor };
      }
      history.add(`pull ${stream.name} ${shard.id}`);
      askedAt = history.length;
      return --events > 0;
    });
    history.add(`subscribed ${stream.name} ${shard.id} -> ${textOf(outcome)}`);
    if (outcome.kind === 'unknown') checkUnknown(this.#world, outcome, sent);
    const inUse = outcome.kind === 'refused' && outcome.code === 'ResourceInUseException';
    const gone =
      outcome.kind === 'refused' && (shard.mayHaveExpired() || !stream.consumers.includes(consumer));
    if (outcome.kind === 'refused' && !inUse && !gone) checkRefused(this.#world, stream, outcome, sent);
  }
}
