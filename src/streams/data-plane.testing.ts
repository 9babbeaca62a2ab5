/**
 * The data plane put together for tests: the real handlers over the memory log, a simulated clock and dice, and a directory
 * whose streams are made and resharded here by hand, with the same steps as the control plane takes.
 */
import assert from 'node:assert/strict';
import { AWS_LIMITS, type Limits } from '../config/limits.ts';
import { createSimulatedClock } from '../host/simulated/clock.ts';
import { createSimulatedDice } from '../host/simulated/dice.ts';
import type { RecordLog } from '../log/log.ts';
import { openMemoryLog } from '../log/memory/memory-log.ts';
import { STREAM_COUNTERS, type Meter, type StreamMeter } from '../metering/meter.ts';
import type { Call } from '../wire/shape/operation.ts';
import { unpack } from '../wire/shape/packed.ts';
import { ServiceError } from '../wire/shape/service-error.ts';
import { createDataPlane } from './data-plane.ts';
import { uniformRanges } from './resharding/hash-key-ranges.ts';
import { streamArn } from './directory/resources.ts';
import { shardId } from './directory/stream-rows.ts';
import type { Shard, Stream, StreamDirectory } from './directory/stream.ts';
import { createWriteGate } from './writing/write-gate.ts';
import { createTokens } from './reading/tokens.ts';

const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

type OnChange = (before: Stream | undefined, now: Stream | undefined) => void;

export class TinyDirectory implements StreamDirectory {
  readonly #streams = new Map<string, Stream>();
  readonly #watchers = new Set<OnChange>();

  byName(account: string, region: string, name: string): Stream | undefined {
    return this.list(account, region).find((stream) => stream.name === name);
  }

  byId(id: string): Stream | undefined {
    return this.#streams.get(id);
  }

  list(account: string, region: string): readonly Stream[] {
    return [...this.#streams.values()].filter(
      (stream) => stream.account === account && stream.region === region,
    );
  }

  all(): Iterable<Stream> {
    return this.#streams.values();
  }

  watch(onChange: OnChange): Disposable {
    this.#watchers.add(onChange);
    return { [Symbol.dispose]: () => void this.#watchers.delete(onChange) };
  }

  set(id: string, now: Stream | undefined): void {
    const before = this.#streams.get(id);
    if (now === undefined) this.#streams.delete(id);
    else this.#streams.set(id, now);
    for (const watcher of [...this.#watchers]) watcher(before, now);
  }
}

export class CountingMeter implements Meter {
  readonly #streams = new Map<string, StreamMeter>();

  stream(streamId: string): StreamMeter {
    let counters = this.#streams.get(streamId);
    if (counters === undefined) {
      counters = Object.fromEntries(STREAM_COUNTERS.map((counter) => [counter, 0])) as StreamMeter;
      this.#streams.set(streamId, counters);
    }
    return counters;
  }

  forget(streamId: string): void {
    this.#streams.delete(streamId);
  }
}

export function openDataPlane(options: { readonly limits?: Partial<Limits>; readonly log?: RecordLog } = {}) {
  const clock = createSimulatedClock();
  const log = options.log ?? openMemoryLog();
  const directory = new TinyDirectory();
  const meter = new CountingMeter();
  const tokens = createTokens({ key: new Uint8Array(32).fill(3), dice: createSimulatedDice(1) });
  const limits = { ...AWS_LIMITS, ...options.limits };
  const plane = createDataPlane({ clock, log, directory, limits, meter, tokens, gate: createWriteGate() });
  let made = 0;

  async function createStream(name: string, shards: number, changes: Partial<Stream> = {}): Promise<Stream> {
    const id = `${String(made++).padStart(20, '0')}-abc`;
    const createdSeconds = Math.floor(clock.now() / 1000) - 2;
    const open = uniformRanges(shards).map((range, index) => newShard(index, createdSeconds, range));
    await log.createLog(
      id,
      open.map((shard) => shard.index),
    );
    const stream: Stream = {
      id,
      account: ACCOUNT,
      region: REGION,
      name,
      arn: streamArn(REGION, ACCOUNT, name),
      status: 'ACTIVE',
      mode: 'PROVISIONED',
      createdMs: createdSeconds * 1000,
      retentionHours: 24,
      encryptionType: 'NONE',
      kmsKeyId: undefined,
      maxRecordBytes: 2 ** 20,
      warmThroughputMibps: undefined,
      recordDistribution: 'USER_PARTITION_KEY',
      monitoring: [],
      version: 1,
      shards: open,
      openShards: open,
      consumers: [],
      ...changes,
    };
    directory.set(id, stream);
    return stream;
  }

  /** Changes the snapshot. */
  function change(id: string, changes: Partial<Stream>): Stream {
    const before = directory.byId(id)!;
    const now = { ...before, ...changes, version: before.version + 1 };
    directory.set(id, now);
    return now;
  }

  /** Closes the shards and opens children over the ranges, in the control plane's order. `beforeCommit` runs while writes are held. */
  async function reshard(
    id: string,
    parents: readonly number[],
    ranges: readonly Range[],
    beforeCommit: () => void | Promise<void> = () => {},
  ): Promise<void> {
    const before = directory.byId(id)!;
    const next = Math.max(...before.shards.map((shard) => shard.index)) + 1;
    const createdSeconds = Math.max(
      Math.floor(clock.now() / 1000),
      ...before.shards.map((shard) => shard.createdSeconds + 1),
    );
    const children = ranges.map((range, index) => ({
      ...newShard(next + index, createdSeconds, range),
      parentIndex: parents[0],
      adjacentParentIndex: parents[1],
    }));
    await log.addPartitions(
      id,
      children.map((child) => child.index),
    );
    using _hold = await plane.writeHold.hold(id, parents);
    await beforeCommit();
    const closed = before.shards.map((shard) =>
      parents.includes(shard.index)
        ? { ...shard, closedMs: clock.now(), closedPosition: log.bounds(id, shard.index).last }
        : shard,
    );
    const shards = [...closed, ...children];
    const openShards = shards
      .filter((shard) => shard.closedMs === undefined)
      .sort((a, b) => (BigInt(a.startingHashKey) < BigInt(b.startingHashKey) ? -1 : 1));
    change(id, { shards, openShards });
  }

  const { PutRecord, PutRecords, GetShardIterator, GetRecords, SubscribeToShard } = plane.handlers;
  return {
    ...plane,
    clock,
    log,
    directory,
    meter,
    tokens,
    createStream,
    change,
    reshard,
    putRecord: PutRecord,
    async putRecords(...given: Parameters<typeof PutRecords>) {
      const answer = await PutRecords(...given);
      return { ...answer, Records: unpack(answer.Records) };
    },
    getShardIterator: GetShardIterator,
    async getRecords(...given: Parameters<typeof GetRecords>) {
      const answer = await GetRecords(...given);
      return { ...answer, Records: unpack(answer.Records) };
    },
    subscribeToShard: SubscribeToShard,
  };
}

export type TestPlane = ReturnType<typeof openDataPlane>;

export type Range = { readonly startingHashKey: string; readonly endingHashKey: string };

function newShard(index: number, createdSeconds: number, range: Range): Shard {
  return {
    index,
    id: shardId(index),
    parentIndex: undefined,
    adjacentParentIndex: undefined,
    ...range,
    createdSeconds,
    createdMs: createdSeconds * 1000,
    closedMs: undefined,
    closedPosition: undefined,
  };
}

export function callOf(changes: { readonly account?: string; readonly region?: string } = {}): Call {
  const account = changes.account ?? ACCOUNT;
  return {
    caller: { account, arn: `arn:aws:iam::${account}:root`, accessKeyId: account },
    region: changes.region ?? REGION,
    requestId: '00000000-0000-4000-8000-000000000000',
    signal: new AbortController().signal,
  };
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(data: Uint8Array): string {
  return new TextDecoder().decode(data);
}

/** All records of a shard from an iterator on. */
export async function readAll(plane: TestPlane, stream: string, shard: string, limit = 10_000) {
  const { ShardIterator } = await plane.getShardIterator(
    { StreamName: stream, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' },
    callOf(),
  );
  const records = [];
  for (let iterator = ShardIterator; iterator !== undefined;) {
    const answer = await plane.getRecords({ ShardIterator: iterator, Limit: limit }, callOf());
    records.push(...answer.Records);
    if (answer.Records.length === 0) break;
    iterator = answer.NextShardIterator;
  }
  return records;
}

/** The error that a call was refused with; fails when it was not, or with another code or message. */
export async function refused(
  answer: Promise<unknown> | unknown,
  code: string,
  message?: string,
): Promise<ServiceError> {
  try {
    await answer;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    assert.equal(error.code, code, error.message);
    if (message !== undefined) assert.equal(error.message, message);
    return error;
  }
  assert.fail(`not refused with ${code}`);
}
