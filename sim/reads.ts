/** Iterators and pages: how a shard is read, and what the model is told of it. */
import type { Dice } from '../src/host/host.ts';
import { beginning, checkRefused, checkUnknown, textOf } from './calls.ts';
import type { ReadRecord } from './answers.ts';
import type { Client } from './client.ts';
import { label, Violation } from './history.ts';
import type { Cursor, ShardModel, StreamModel } from './model.ts';
import { Stopped, type World } from './world.ts';

const ITERATOR_TYPES = [
  'TRIM_HORIZON',
  'LATEST',
  'AT_SEQUENCE_NUMBER',
  'AFTER_SEQUENCE_NUMBER',
  'AT_TIMESTAMP',
] as const;
const ITERATOR_MS = 300_000;
const FOLLOWED_PAGES_MAX = 60;

export type Reader = {
  readonly stream: StreamModel;
  readonly cursor: Cursor;
  readonly iterator: string;
  /** Not before this wall time was it issued. */
  readonly issuedMs: number;
};

/** Where to start, at random; what it means is the model's. */
export function startOf(world: World, dice: Dice, shard: ShardModel) {
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
    if (!shard.mayHaveExpired()) checkRefused(world, stream, outcome, sent);
    return undefined;
  }
  const cursor = shard.cursor(start.type, start, sent.at, history.length);
  return {
    cursor,
    iterator: String(outcome.output['ShardIterator']),
    issuedMs: Math.min(askedMs, clock.now()),
  };
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
    if (!old && !shard.mayHaveExpired()) checkRefused(world, stream, outcome, sent);
    return undefined;
  }
  const { output } = outcome;
  const records = output['Records'] as readonly ReadRecord[];
  const next = output['NextShardIterator'] as string | undefined;
  history.add(
    `got ${stream.name} ${shard.id} ${records.map(nameOf).join(' ')} behind ${String(output['MillisBehindLatest'])}`,
  );
  const atEnd = next === undefined || (output['MillisBehindLatest'] === 0 && shard.isOpen);
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
        throw new Violation(`${stream.name} ${shard.id} cannot be read`);
      await world.clock.sleep(200);
      continue;
    }
    if (page === undefined || page.iterator === undefined || page.atEnd) return;
    reader = { ...page, iterator: page.iterator };
  }
}

/** Reads a shard that is about to be closed, page after page: the moment at which it ends is short, and writes are under way in it. */
export async function followToEnd(
  world: World,
  client: Client,
  stream: StreamModel,
  shard: ShardModel,
): Promise<void> {
  const start = { type: 'LATEST', number: '', timestampMs: 0 } as const;
  let reader = await openIterator(world, client, stream, shard, start);
  for (let pages = 0; reader !== undefined && pages < FOLLOWED_PAGES_MAX; pages++) {
    const page = await readPage(world, client, { stream, ...reader }, 10_000);
    if (page === undefined || page === 'again' || page.iterator === undefined) return;
    reader = { ...page, iterator: page.iterator };
  }
}

export function nameOf({ SequenceNumber, Data }: ReadRecord): string {
  return `${SequenceNumber}=${label(Buffer.from(Data, 'base64').toString())}`;
}
