/**
 * Follows a stream through its reshardings: every shard is read, a child only after all of its parents that are being
 * read have ended, so that records of one partition key come in their order.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, type ApiClient } from '../client/api-client.ts';
import { listShards, type Shard } from './stream-api.ts';

export type From =
  | { readonly type: 'TRIM_HORIZON' | 'LATEST' }
  | { readonly type: 'AT_TIMESTAMP'; readonly timestampSeconds: number };

export type ReceivedRecord = {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly arrivalMs: number;
  readonly partitionKey: string;
  readonly data: Buffer;
};

type GetRecordsOutput = {
  readonly Records: readonly {
    readonly SequenceNumber: string;
    readonly ApproximateArrivalTimestamp: number;
    readonly PartitionKey: string;
    readonly Data: string;
  }[];
  readonly NextShardIterator?: string;
  readonly MillisBehindLatest: number;
  readonly ChildShards?: readonly { readonly ShardId: string; readonly ParentShards: readonly string[] }[];
};

/** A shard takes five reads a second in all: leave some for others. */
const POLL_MS = 250;
const THROTTLED_MS = 1_000;
const RECORDS_MAX = 2_000;

export async function followStream(options: {
  readonly client: ApiClient;
  readonly stream: string;
  readonly from: From;
  /** End where the stream ends now, instead of waiting for more. */
  readonly stopAtEnd: boolean;
  readonly signal: AbortSignal;
  /** Awaited before the shard is read on. */
  readonly onRecords: (records: readonly ReceivedRecord[]) => Promise<void>;
}): Promise<void> {
  const { client, stream, from } = options;
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const reading = new Map<string, Promise<void>>();
  const ended = new Set<string>();
  const listed = await listShards(client, stream, signal);
  const known = new Map(listed.map((shard) => [shard.ShardId, shard]));

  /** Starts a shard when nothing that comes before it is still to be read. */
  function start(id: string, parents: readonly string[], type: From): void {
    const isWaiting = parents.some((parent) => known.has(parent) && !ended.has(parent) && isRead(parent));
    if (reading.has(id) || ended.has(id) || isWaiting) return;
    const done = readShard(id, type).catch((error) => failed.abort(error));
    reading.set(id, done);
  }

  // From LATEST on, a closed shard has nothing to say.
  const isRead = (id: string): boolean => from.type !== 'LATEST' || reading.has(id) || isOpen(known.get(id));

  async function readShard(id: string, type: From): Promise<void> {
    let iterator: string | undefined = await iteratorOf(id, type);
    let lastSequenceNumber: string | undefined;
    while (iterator !== undefined) {
      let output: GetRecordsOutput;
      try {
        output = await client.call<GetRecordsOutput>(
          'GetRecords',
          { ShardIterator: iterator, Limit: RECORDS_MAX },
          signal,
        );
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.code === 'ExpiredIteratorException')
          iterator = await iteratorOf(id, type, lastSequenceNumber);
        else if (error.code === 'ProvisionedThroughputExceededException')
          await sleep(THROTTLED_MS, undefined, { signal });
        else throw error;
        continue;
      }
      lastSequenceNumber = output.Records.at(-1)?.SequenceNumber ?? lastSequenceNumber;
      if (output.Records.length > 0)
        await options.onRecords(output.Records.map((record) => receivedOf(id, record)));
      for (const child of output.ChildShards ?? []) {
        if (!known.has(child.ShardId)) known.set(child.ShardId, childOf(child.ShardId, child.ParentShards));
      }
      iterator = output.NextShardIterator;
      if (iterator === undefined) break;
      if (output.MillisBehindLatest === 0 && output.Records.length === 0) {
        if (options.stopAtEnd) return;
        await sleep(POLL_MS, undefined, { signal });
      } else if (output.MillisBehindLatest === 0) {
        await sleep(POLL_MS, undefined, { signal });
      }
    }
    ended.add(id);
    startChildrenOf(id);
  }

  function startChildrenOf(id: string): void {
    for (const shard of known.values()) {
      const parents = parentsOf(shard);
      if (!parents.includes(id)) continue;
      // A shard that was there at the beginning begins where the user said; one born since is read whole.
      const wasListed = listed.some(({ ShardId }) => ShardId === shard.ShardId);
      start(
        shard.ShardId,
        parents,
        wasListed && from.type === 'AT_TIMESTAMP' ? from : { type: 'TRIM_HORIZON' },
      );
    }
  }

  async function iteratorOf(id: string, type: From, afterSequenceNumber?: string): Promise<string> {
    const position =
      afterSequenceNumber !== undefined
        ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: afterSequenceNumber }
        : type.type === 'AT_TIMESTAMP'
          ? { ShardIteratorType: type.type, Timestamp: type.timestampSeconds }
          : { ShardIteratorType: type.type };
    const output = await client.call<{ readonly ShardIterator: string }>(
      'GetShardIterator',
      { StreamName: stream, ShardId: id, ...position },
      signal,
    );
    return output.ShardIterator;
  }

  for (const shard of listed) {
    if (from.type !== 'LATEST' || isOpen(shard)) start(shard.ShardId, parentsOf(shard), from);
  }
  // Shards join while others are awaited.
  for (let seen = 0; seen < reading.size;) {
    seen = reading.size;
    await Promise.all(reading.values());
  }
  if (signal.aborted) throw signal.reason;
}

function isOpen(shard: Shard | undefined): boolean {
  return shard !== undefined && shard.SequenceNumberRange.EndingSequenceNumber === undefined;
}

function parentsOf(shard: Shard): readonly string[] {
  return [shard.ParentShardId, shard.AdjacentParentShardId].filter((parent) => parent !== undefined);
}

function childOf(id: string, parents: readonly string[]): Shard {
  return {
    ShardId: id,
    ...(parents[0] === undefined ? {} : { ParentShardId: parents[0] }),
    ...(parents[1] === undefined ? {} : { AdjacentParentShardId: parents[1] }),
    HashKeyRange: { StartingHashKey: '0', EndingHashKey: '0' },
    SequenceNumberRange: { StartingSequenceNumber: '0' },
  };
}

function receivedOf(shardId: string, record: GetRecordsOutput['Records'][number]): ReceivedRecord {
  return {
    shardId,
    sequenceNumber: record.SequenceNumber,
    arrivalMs: Math.round(record.ApproximateArrivalTimestamp * 1000),
    partitionKey: record.PartitionKey,
    data: Buffer.from(record.Data, 'base64'),
  };
}
