/** Delivery streams for cases: each has its own, and deletes it at its end. */
import { randomBytes } from 'node:crypto';
import type { Bench } from '../case.ts';
import type { Client, Input, Output } from '../client.ts';

const ACTIVE_WITHIN_MS = 120_000;

export type Firehose = {
  readonly client: Client;
  readonly account: string;
  readonly region: string;
  readonly role: string;
  /** An S3 destination. Nothing has to be delivered. */
  readonly s3: Input;
};

export async function firehoseOf({ client, streams }: Pick<Bench, 'client' | 'streams'>): Promise<Firehose> {
  const account = await streams.account();
  const role = `arn:aws:iam::${account}:role/conformance`;
  return {
    client: client.with({ service: 'firehose' }),
    account,
    region: client.options.region,
    role,
    s3: { RoleARN: role, BucketARN: 'arn:aws:s3:::conformance' },
  };
}

export function freshName(): string {
  return `conformance-${randomBytes(6).toString('hex')}`;
}

/** Hands an ACTIVE delivery stream to `use`. `input` may name another source or destination. */
export async function withDeliveryStream(
  bench: Pick<Bench, 'client' | 'streams'>,
  input: Input,
  use: (firehose: Firehose, name: string) => Promise<void>,
): Promise<void> {
  const firehose = await firehoseOf(bench);
  const name = freshName();
  await firehose.client.call('CreateDeliveryStream', {
    DeliveryStreamName: name,
    ExtendedS3DestinationConfiguration: firehose.s3,
    ...input,
  });
  try {
    await described(firehose.client, name, (one) => one['DeliveryStreamStatus'] === 'ACTIVE');
    await use(firehose, name);
  } finally {
    await firehose.client.outcome('DeleteDeliveryStream', { DeliveryStreamName: name });
  }
}

/** The description once it is as wanted. */
export async function described(
  client: Client,
  name: string,
  isWanted: (description: Output) => boolean = () => true,
): Promise<Output> {
  const endMs = Date.now() + ACTIVE_WITHIN_MS;
  for (;;) {
    const { DeliveryStreamDescription: description } = await client.call('DescribeDeliveryStream', {
      DeliveryStreamName: name,
    });
    if (isWanted(description as Output)) return description as Output;
    if (Date.now() > endMs) throw new Error(`${name} is still ${JSON.stringify(description)}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
