/** What the commands read of the API's answers, and what they ask of a stream again and again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, type ApiClient } from '../client/api-client.ts';

export type StreamSummary = {
  readonly StreamName: string;
  readonly StreamARN: string;
  readonly StreamStatus: string;
  readonly StreamModeDetails?: { readonly StreamMode: string };
  readonly StreamCreationTimestamp: number;
  readonly RetentionPeriodHours: number;
  readonly OpenShardCount: number;
  readonly ConsumerCount?: number;
  readonly EncryptionType?: string;
  readonly KeyId?: string;
};

export type Shard = {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly AdjacentParentShardId?: string;
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string };
  readonly SequenceNumberRange: {
    readonly StartingSequenceNumber: string;
    readonly EndingSequenceNumber?: string;
  };
};

export async function describeSummary(
  client: ApiClient,
  stream: string,
  signal: AbortSignal,
): Promise<StreamSummary> {
  const output = await client.call<{ readonly StreamDescriptionSummary: StreamSummary }>(
    'DescribeStreamSummary',
    { StreamName: stream },
    signal,
  );
  return output.StreamDescriptionSummary;
}

export async function listShards(
  client: ApiClient,
  stream: string,
  signal: AbortSignal,
): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  let input: object = { StreamName: stream };
  for (;;) {
    const output = await client.call<{ readonly Shards: readonly Shard[]; readonly NextToken?: string }>(
      'ListShards',
      input,
      signal,
    );
    shards.push(...output.Shards);
    if (output.NextToken === undefined) return shards;
    input = { NextToken: output.NextToken };
  }
}

const POLL_MS = 100;
const POLL_MS_MAX = 2_000;

/** Waits until the stream is ACTIVE. */
export async function waitUntilActive(client: ApiClient, stream: string, signal: AbortSignal): Promise<void> {
  for (let pauseMs = POLL_MS; ; pauseMs = Math.min(pauseMs * 1.5, POLL_MS_MAX)) {
    const { StreamStatus } = await describeSummary(client, stream, signal);
    if (StreamStatus === 'ACTIVE') return;
    await sleep(pauseMs, undefined, { signal });
  }
}

/** Waits until the stream is no more. */
export async function waitUntilGone(client: ApiClient, stream: string, signal: AbortSignal): Promise<void> {
  for (let pauseMs = POLL_MS; ; pauseMs = Math.min(pauseMs * 1.5, POLL_MS_MAX)) {
    try {
      await describeSummary(client, stream, signal);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'ResourceNotFoundException') return;
      throw error;
    }
    await sleep(pauseMs, undefined, { signal });
  }
}
