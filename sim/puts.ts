import type { Dice } from '../src/host/host.ts';
import { type Beginning, beginning, checkRefused, checkUnknown, textOf } from './calls.ts';
import type { Answer, Client } from './client.ts';
import { label } from './history.ts';
import type { StreamModel } from './model.ts';
import type { World } from './world.ts';

const HASH_DIGITS = '340282366920938463463374607431768211455';

/** A client that puts, one record or several, and tries again what may not have come in. */
export class Puts {
  readonly #world: World;
  readonly #client: Client;
  readonly #dice: Dice;
  readonly #name: string;
  #made = 0;

  constructor(world: World, name: string) {
    this.#world = world;
    this.#name = name;
    ({ client: this.#client, dice: this.#dice } = world.newClient());
  }

  async step(stream: StreamModel): Promise<void> {
    const count = this.#dice.integer(2) === 0 ? 1 : 1 + this.#dice.integer(8);
    const entries = Array.from({ length: count }, () => this.#newRecord());
    // As an SDK does: what may not have come in is sent again.
    for (let tries = 0; tries < 3; tries++) {
      const done =
        count === 1 ? await this.putOne(stream, entries[0]!) : await this.#putMany(stream, entries);
      if (done) return;
      await this.#world.clock.sleep(20 << tries);
    }
  }

  #newRecord() {
    const data = `${this.#name}-${this.#made++}${'.'.repeat(this.#dice.integer(this.#dice.integer(300) + 1))}`;
    const explicit = this.#dice.integer(4) === 0 ? this.#hashKey() : undefined;
    return { data, key: `key ${this.#dice.integer(30)}`, explicit };
  }

  #hashKey(): string {
    const digits = Array.from({ length: 38 }, () => this.#dice.integer(10)).join('');
    return this.#dice.integer(8) === 0 ? HASH_DIGITS : digits.replace(/^0+(?=.)/, '');
  }

  /** True when there is nothing to try again. */
  async putOne(stream: StreamModel, entry: ReturnType<Puts['newRecord']>): Promise<boolean> {
    const { history } = this.#world;
    this.#attempt(stream, [entry]);
    history.add(`put ${stream.name} ${label(entry.data)}`);
    const sent = beginning(this.#world, stream);
    const outcome = await this.#client.call('PutRecord', { StreamName: stream.name, ...inputOf(entry) });
    history.add(`put ${stream.name} ${label(entry.data)} -> ${textOf(outcome)}`);
    if (outcome.kind === 'unknown') return checkUnknown(this.#world, outcome, sent);
    if (outcome.kind === 'refused') {
      this.#refused(stream, [entry]);
      return checkRefused(this.#world, stream, outcome, sent);
    }
    this.#acknowledge(stream, entry.data, outcome.output, sent);
    return true;
  }

  async #putMany(stream: StreamModel, entries: readonly ReturnType<Puts['newRecord']>[]): Promise<boolean> {
    const { history } = this.#world;
    this.#attempt(stream, entries);
    history.add(`put ${stream.name} ${entries.map(({ data }) => label(data)).join(' ')}`);
    const sent = beginning(this.#world, stream);
    const outcome = await this.#client.call('PutRecords', {
      StreamName: stream.name,
      Records: entries.map(inputOf),
    });
    history.add(`put ${stream.name} ${label(entries[0]!.data)} … -> ${textOf(outcome)}`);
    if (outcome.kind === 'unknown') return checkUnknown(this.#world, outcome, sent);
    if (outcome.kind === 'refused') {
      this.#refused(stream, entries);
      return checkRefused(this.#world, stream, outcome, sent);
    }
    const results = outcome.output['Records'] as readonly Answer[];
    const failed = results.filter((result) => result['ErrorCode'] !== undefined);
    if (failed.length > 0)
      checkUnknown(this.#world, { kind: 'unknown', code: String(failed[0]!['ErrorCode']) }, sent);
    entries.forEach(({ data }, index) => {
      const result = results[index]!;
      if (result['ErrorCode'] === undefined) this.#acknowledge(stream, data, result, sent);
    });
    return failed.length === 0;
  }

  #attempt(stream: StreamModel, entries: readonly ReturnType<Puts['newRecord']>[]): void {
    const { history, sentTo, wall } = this.#world;
    entries.forEach(({ data, key, explicit }, order) => {
      stream.attempt(data, key, explicit, history.length);
      sentTo(stream.name).attempt(data, order, history.length, wall.now());
    });
  }

  #refused(stream: StreamModel, entries: readonly ReturnType<Puts['newRecord']>[]): void {
    for (const { data } of entries) {
      stream.refused(data);
      this.#world.sentTo(stream.name).refused(data);
    }
  }

  #acknowledge(stream: StreamModel, data: string, answer: Answer, sent: Beginning): void {
    const number = String(answer['SequenceNumber']);
    this.#world.history.add(
      `acknowledged ${stream.name} ${String(answer['ShardId'])} ${number} ${label(data)}`,
    );
    const shard = stream.shard(String(answer['ShardId']));
    this.#world.sentTo(stream.name).acknowledged(data, this.#world.history.length, shard);
    shard.acknowledge(number, data, sent.at, this.#world.history.length);
  }

  newRecord() {
    return this.#newRecord();
  }
}

function inputOf({ data, key, explicit }: ReturnType<Puts['newRecord']>) {
  return {
    Data: Buffer.from(data).toString('base64'),
    PartitionKey: key,
    ...(explicit === undefined ? {} : { ExplicitHashKey: explicit }),
  };
}
