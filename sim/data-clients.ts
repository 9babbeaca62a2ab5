/** The clients of the data plane: those who put, those who poll and those who subscribe. */
import type { Dice } from '../src/host/host.ts';
import type { Answer, Client, Outcome } from './client.ts';
import { label, Violation } from './history.ts';
import type { Cursor, ReadRecord, ShardModel, StreamModel } from './model.ts';
import { anyStream, Stopped, type World } from './world.ts';

const ITERATOR_TYPES = [
  'TRIM_HORIZON',
  'LATEST',
  'AT_SEQUENCE_NUMBER',
  'AFTER_SEQUENCE_NUMBER',
  'AT_TIMESTAMP',
] as const;
const ITERATOR_MS = 300_000;
const HASH_DIGITS = '340282366920938463463374607431768211455';

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
    stream.attempt(entry.data, entry.key, entry.explicit);
    history.add(`put ${stream.name} ${label(entry.data)}`);
    const sent = beginning(this.#world, stream);
    const outcome = await this.#client.call('PutRecord', { StreamName: stream.name, ...inputOf(entry) });
    history.add(`put ${stream.name} ${label(entry.data)} -> ${textOf(outcome)}`);
    if (outcome.kind === 'unknown') return checkUnknown(this.#world, outcome, sent);
    if (outcome.kind === 'refused') {
      stream.refused(entry.data);
      return checkRefused(this.#world, stream, outcome, sent);
    }
    this.#acknowledge(stream, entry.data, outcome.output, sent);
    return true;
  }

  async #putMany(stream: StreamModel, entries: readonly ReturnType<Puts['newRecord']>[]): Promise<boolean> {
    const { history } = this.#world;
    for (const { data, key, explicit } of entries) stream.attempt(data, key, explicit);
    history.add(`put ${stream.name} ${entries.map(({ data }) => label(data)).join(' ')}`);
    const sent = beginning(this.#world, stream);
    const outcome = await this.#client.call('PutRecords', {
      StreamName: stream.name,
      Records: entries.map(inputOf),
    });
    history.add(`put ${stream.name} ${label(entries[0]!.data)} … -> ${textOf(outcome)}`);
    if (outcome.kind === 'unknown') return checkUnknown(this.#world, outcome, sent);
    if (outcome.kind === 'refused') {
      for (const { data } of entries) stream.refused(data);
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

  #acknowledge(stream: StreamModel, data: string, answer: Answer, sent: Beginning): void {
    const number = String(answer['SequenceNumber']);
    this.#world.history.add(
      `acknowledged ${stream.name} ${String(answer['ShardId'])} ${number} ${label(data)}`,
    );
    stream.shard(String(answer['ShardId'])).acknowledge(number, data, sent.at, this.#world.history.length);
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

/** A reader that polls shards, and keeps its iterators over restarts. */
export class Polls {
  readonly #world: World;
  readonly #client: Client;
  readonly #dice: Dice;
  readonly #held: Reader[] = [];

  constructor(world: World) {
    this.#world = world;
    ({ client: this.#client, dice: this.#dice } = world.newClient());
  }

  async step(stream: StreamModel): Promise<void> {
    if (this.#held.length < 6 && this.#dice.integer(3) === 0) return this.#begin(stream);
    const at = this.#dice.integer(this.#held.length);
    const held = this.#held[at];
    if (held === undefined) return this.#begin(stream);
    const moved = await this.#poll(held);
    if (moved === undefined) this.#held.splice(at, 1);
    else this.#held[at] = moved;
  }

  async #begin(stream: StreamModel): Promise<void> {
    const shards = [...stream.shards.values()];
    const shard = shards[this.#dice.integer(shards.length)];
    if (shard === undefined) return;
    const start = startOf(this.#world, this.#dice, shard);
    const from = await openIterator(this.#world, this.#client, stream, shard, start);
    if (from !== undefined) this.#held.push({ stream, ...from });
  }

  /** Where the reader stands then; undefined when there is nothing more to read. */
  async #poll(held: Reader): Promise<Reader | undefined> {
    const limit = this.#dice.integer(2) === 0 ? 10_000 : 1 + this.#dice.integer(5);
    const page = await readPage(this.#world, this.#client, held, limit);
    if (page === 'again') return held;
    if (page?.iterator === undefined) return undefined;
    return { ...held, ...page, iterator: page.iterator };
  }
}

type Reader = {
  readonly stream: StreamModel;
  readonly cursor: Cursor;
  readonly iterator: string;
  /** Not before this wall time was it issued. */
  readonly issuedMs: number;
};

/** Where to start, at random; what it means is the model's. */
function startOf(world: World, dice: Dice, shard: ShardModel) {
  let type: (typeof ITERATOR_TYPES)[number] = ITERATOR_TYPES[dice.integer(ITERATOR_TYPES.length)]!;
  const known = shard.known[dice.integer(shard.known.length)];
  if (type.endsWith('SEQUENCE_NUMBER') && known === undefined) type = 'TRIM_HORIZON';
  const timestampMs = world.clock.now() - dice.integer(5000);
  return { type, number: known?.number ?? '', timestampMs };
}

function startInput({ type, number, timestampMs }: ReturnType<typeof startOf>) {
  if (type === 'AT_TIMESTAMP') return { Timestamp: timestampMs / 1000 };
  return type.endsWith('SEQUENCE_NUMBER') ? { StartingSequenceNumber: number } : {};
}

export async function openIterator(
  world: World,
  client: Client,
  stream: StreamModel,
  shard: ShardModel,
  start: ReturnType<typeof startOf>,
): Promise<{ cursor: Cursor; iterator: string; issuedMs: number } | undefined> {
  const { history, clock } = world;
  history.add(`iterator ${stream.name} ${shard.id} ${start.type}`);
  const sent = beginning(world, stream);
  const askedMs = clock.now();
  const outcome = await client.call('GetShardIterator', {
    StreamName: stream.name,
    ShardId: shard.id,
    ShardIteratorType: start.type,
    ...startInput(start),
  });
  history.add(`iterator ${stream.name} ${shard.id} ${start.type} -> ${textOf(outcome)}`);
  if (outcome.kind === 'unknown') {
    checkUnknown(world, outcome, sent);
    return undefined;
  }
  if (outcome.kind === 'refused') {
    if (!shardMayBeGone(shard)) checkRefused(world, stream, outcome, sent);
    return undefined;
  }
  const cursor = shard.cursor(start.type, start, sent.at, history.length);
  return {
    cursor,
    iterator: String(outcome.output['ShardIterator']),
    issuedMs: Math.min(askedMs, clock.now()),
  };
}

function shardMayBeGone(shard: ShardModel): boolean {
  return shard.stream.mayHaveExpired(shard);
}

/** `again`: the answer was lost. Undefined: the iterator is of no more use. */
export async function readPage(
  world: World,
  client: Client,
  { stream, cursor, iterator, issuedMs }: Reader,
  limit: number,
): Promise<
  'again' | { cursor: Cursor; iterator: string | undefined; issuedMs: number; atEnd: boolean } | undefined
> {
  const { history, clock } = world;
  const { shard } = cursor;
  history.add(`get ${stream.name} ${shard.id} ${limit}`);
  const askedMs = clock.now();
  const sent = beginning(world, stream);
  const outcome = await client.call('GetRecords', { ShardIterator: iterator, Limit: limit });
  if (outcome.kind === 'unknown') {
    history.add(`get ${stream.name} ${shard.id} -> ${textOf(outcome)}`);
    checkUnknown(world, outcome, sent);
    return 'again';
  }
  if (outcome.kind === 'refused') {
    history.add(`get ${stream.name} ${shard.id} -> ${textOf(outcome)}`);
    const old = outcome.code === 'ExpiredIteratorException' && world.wall.highest() - issuedMs > ITERATOR_MS;
    if (!old && !shardMayBeGone(shard)) checkRefused(world, stream, outcome, sent);
    return undefined;
  }
  const { output } = outcome;
  const records = output['Records'] as readonly ReadRecord[];
  const next = output['NextShardIterator'] as string | undefined;
  history.add(
    `got ${stream.name} ${shard.id} ${records.map(nameOf).join(' ')} behind ${String(output['MillisBehindLatest'])}`,
  );
  const atEnd =
    next === undefined || (output['MillisBehindLatest'] === 0 && shard.description?.end === undefined);
  const end = next === undefined ? 'closed' : atEnd ? 'latest' : 'more';
  const moved = shard.read(cursor, records, end, sent.at, history.length);
  return { cursor: moved, iterator: next, issuedMs: Math.min(askedMs, clock.now()), atEnd };
}

/** Reads a shard from its beginning to its end. */
export async function readShard(
  world: World,
  client: Client,
  stream: StreamModel,
  shard: ShardModel,
): Promise<void> {
  const start = { type: 'TRIM_HORIZON', number: '', timestampMs: 0 } as const;
  let reader = await openIterator(world, client, stream, shard, start);
  for (let failures = 0; reader !== undefined;) {
    const page = await readPage(world, client, { stream, ...reader }, 10_000);
    if (page === 'again') {
      if (world.stopped()) throw new Stopped();
      if (!world.faults.recent && world.machine.life !== undefined && ++failures === 20)
        throw new Violation(`${stream.name} ${shard.id} cannot be read`, [shard.id]);
      await world.clock.sleep(200);
      continue;
    }
    if (page === undefined || page.iterator === undefined || page.atEnd) return;
    reader = { ...page, iterator: page.iterator };
  }
}

function nameOf({ SequenceNumber, Data }: ReadRecord): string {
  return `${SequenceNumber}=${label(Buffer.from(Data, 'base64').toString())}`;
}

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
      const atEnd =
        ended ||
        (event['MillisBehindLatest'] === 0 && records.length > 0 && shard.description?.end === undefined);
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
      outcome.kind === 'refused' && (shardMayBeGone(shard) || !stream.consumers.includes(consumer));
    if (outcome.kind === 'refused' && !inUse && !gone) checkRefused(this.#world, stream, outcome, sent);
  }
}

/** What was so when a call was sent. */
type Beginning = {
  readonly at: number;
  readonly jumps: number;
  readonly troubled: boolean;
  readonly existed: boolean;
};

export function beginning(world: World, stream: StreamModel): Beginning {
  const { history, faults } = world;
  return { at: history.length, jumps: world.jumps(), troubled: faults.recent, existed: stream.exists };
}

/** The server may say that it failed only when something failed it. False: try again. */
export function checkUnknown(
  world: World,
  { code }: { readonly kind: 'unknown'; readonly code?: string },
  sent: Beginning,
): false {
  const mayFail = sent.troubled || world.faults.recent || world.faults.mayDamage;
  if (code !== undefined && code !== 'ServiceUnavailable' && !mayFail)
    throw new Violation(`an answer is ${code} for no reason`, [code]);
  return false;
}

/** A sound call is refused only when its stream may be gone, or the clock jumped under its signature. True: do not try again. */
function checkRefused(
  world: World,
  stream: StreamModel,
  { code, message }: Extract<Outcome, { kind: 'refused' }>,
  sent: Beginning,
): true {
  const excused = world.jumps() !== sent.jumps || !sent.existed || !stream.exists;
  if (!excused) throw new Violation(`${stream.name}: refused with ${code}: ${message}`, [code, stream.name]);
  return true;
}

export function textOf(outcome: Outcome): string {
  if (outcome.kind === 'refused') return `${outcome.code}: ${outcome.message}`;
  return outcome.kind === 'unknown' ? `unknown ${outcome.code ?? ''}` : 'done';
}

/** Steps of one kind, one after another, as long as there are steps to do. */
export async function runClient(
  world: World,
  dice: Dice,
  pauseMsMax: number,
  client: { step(stream: StreamModel): Promise<void> },
): Promise<void> {
  while (world.stepsLeft > 0) {
    await world.clock.sleep(dice.integer(pauseMsMax));
    const stream = anyStream(world, dice);
    if (stream === undefined) continue;
    world.stepsLeft--;
    world.operations++;
    const { busy } = world;
    busy.set(stream.name, (busy.get(stream.name) ?? 0) + 1);
    await client.step(stream);
    const left = busy.get(stream.name)! - 1;
    if (left > 0) busy.set(stream.name, left);
    else busy.delete(stream.name);
  }
}
