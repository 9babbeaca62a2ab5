/** What the commands read of the API's answers, and what they ask of a delivery stream again and again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, type ApiClient } from '../client/api-client.ts';

export type DeliveryStreamDescription = {
  readonly DeliveryStreamName: string;
  readonly DeliveryStreamARN: string;
  readonly DeliveryStreamStatus: string;
  readonly DeliveryStreamType: string;
  readonly VersionId: string;
  readonly CreateTimestamp?: number;
  readonly LastUpdateTimestamp?: number;
  readonly DeliveryStreamEncryptionConfiguration?: { readonly Status?: string; readonly KeyARN?: string };
  readonly Source?: {
    readonly KinesisStreamSourceDescription?: { readonly KinesisStreamARN?: string };
  };
  readonly Destinations: readonly Readonly<Record<string, unknown>>[];
};

export async function describeDeliveryStream(
  client: ApiClient,
  name: string,
  signal: AbortSignal,
): Promise<DeliveryStreamDescription> {
  const output = await client.call<{ readonly DeliveryStreamDescription: DeliveryStreamDescription }>(
    'DescribeDeliveryStream',
    { DeliveryStreamName: name },
    signal,
  );
  return output.DeliveryStreamDescription;
}

const POLL_MS = 100;
const POLL_MS_MAX = 2_000;

/** Waits until it is no more CREATING. */
export async function waitUntilCreated(
  client: ApiClient,
  name: string,
  signal: AbortSignal,
): Promise<DeliveryStreamDescription> {
  for (let pauseMs = POLL_MS; ; pauseMs = Math.min(pauseMs * 1.5, POLL_MS_MAX)) {
    const description = await describeDeliveryStream(client, name, signal);
    if (description.DeliveryStreamStatus !== 'CREATING') return description;
    await sleep(pauseMs, undefined, { signal });
  }
}

/** Waits until the delivery stream is no more. */
export async function waitUntilGone(client: ApiClient, name: string, signal: AbortSignal): Promise<void> {
  for (let pauseMs = POLL_MS; ; pauseMs = Math.min(pauseMs * 1.5, POLL_MS_MAX)) {
    try {
      await describeDeliveryStream(client, name, signal);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'ResourceNotFoundException') return;
      throw error;
    }
    await sleep(pauseMs, undefined, { signal });
  }
}
