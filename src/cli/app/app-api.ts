/** What the commands read of the API's answers, and what they ask of an application again and again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError, type ParsedFlags } from '../../base/flags.ts';
import { ApiError, type ApiClient } from '../client/api-client.ts';
import { createAdminClient } from '../client/profile.ts';
import type { Environment } from '../command.ts';

export type ApplicationDetail = {
  readonly ApplicationName: string;
  readonly ApplicationARN: string;
  readonly ApplicationDescription?: string;
  readonly ApplicationStatus: string;
  readonly ApplicationVersionId: number;
  readonly RuntimeEnvironment: string;
  readonly CreateTimestamp?: number;
  readonly LastUpdateTimestamp?: number;
  readonly ConditionalToken?: string;
  readonly ApplicationConfigurationDescription?: {
    readonly SqlApplicationConfigurationDescription?: {
      readonly InputDescriptions?: readonly {
        readonly InputId: string;
        readonly InAppStreamNames: readonly string[];
        readonly KinesisStreamsInputDescription?: { readonly ResourceARN: string };
        readonly KinesisFirehoseInputDescription?: { readonly ResourceARN: string };
      }[];
      readonly OutputDescriptions?: readonly {
        readonly OutputId: string;
        readonly Name: string;
        readonly DestinationSchema: { readonly RecordFormatType: string };
        readonly KinesisStreamsOutputDescription?: { readonly ResourceARN: string };
        readonly KinesisFirehoseOutputDescription?: { readonly ResourceARN: string };
        readonly LambdaOutputDescription?: { readonly ResourceARN: string };
      }[];
    };
    readonly ApplicationCodeConfigurationDescription?: {
      readonly CodeContentDescription?: { readonly TextContent?: string };
    };
  };
};

export async function describeApplication(
  client: ApiClient,
  name: string,
  signal: AbortSignal,
): Promise<ApplicationDetail> {
  const output = await client.call<{ readonly ApplicationDetail: ApplicationDetail }>(
    'DescribeApplication',
    { ApplicationName: name },
    signal,
  );
  return output.ApplicationDetail;
}

const POLL_MS = 100;
const POLL_MS_MAX = 2_000;

/** Waits until it is neither starting, stopping nor being updated. */
export async function waitUntilSettled(
  client: ApiClient,
  name: string,
  signal: AbortSignal,
): Promise<ApplicationDetail> {
  for (let pauseMs = POLL_MS; ; pauseMs = Math.min(pauseMs * 1.5, POLL_MS_MAX)) {
    const detail = await describeApplication(client, name, signal);
    if (detail.ApplicationStatus === 'READY' || detail.ApplicationStatus === 'RUNNING') return detail;
    await sleep(pauseMs, undefined, { signal });
  }
}

/** Waits until the application is no more. */
export async function waitUntilGone(client: ApiClient, name: string, signal: AbortSignal): Promise<void> {
  for (let pauseMs = POLL_MS; ; pauseMs = Math.min(pauseMs * 1.5, POLL_MS_MAX)) {
    try {
      await describeApplication(client, name, signal);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'ResourceNotFoundException') return;
      throw error;
    }
    await sleep(pauseMs, undefined, { signal });
  }
}

/** Why the last start failed, where it is known. */
export async function lastFailure(
  client: ApiClient,
  name: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { ApplicationOperationInfoList: list } = await client.call<{
    readonly ApplicationOperationInfoList: readonly {
      readonly OperationId: string;
      readonly OperationStatus: string;
    }[];
  }>('ListApplicationOperations', { ApplicationName: name, Limit: 1 }, signal);
  const [last] = list;
  if (last?.OperationStatus !== 'FAILED') return undefined;
  const { ApplicationOperationInfoDetails: details } = await client.call<{
    readonly ApplicationOperationInfoDetails: {
      readonly OperationFailureDetails?: { readonly ErrorInfo?: { readonly ErrorString?: string } };
    };
  }>('DescribeApplicationOperation', { ApplicationName: name, OperationId: last.OperationId }, signal);
  return details.OperationFailureDetails?.ErrorInfo?.ErrorString;
}

/** ARNs of the caller's own. Roles are not evaluated here, but the API wants one. */
export type Own = {
  readonly role: string;
  arn(service: 'kinesis' | 'firehose' | 'lambda', name: string): string;
};

export async function ownArns(
  flags: ParsedFlags,
  environment: Environment,
  signal: AbortSignal,
): Promise<Own> {
  const client = createAdminClient(flags, environment);
  try {
    const { Account: account, Region: region } = await client.call<{
      readonly Account: string;
      readonly Region: string;
    }>('DescribeCaller', {}, signal);
    const resources = { kinesis: 'stream/', firehose: 'deliverystream/', lambda: 'function:' } as const;
    return {
      role: `arn:aws:iam::${account}:role/millrace`,
      arn: (service, name) =>
        name.startsWith('arn:')
          ? name
          : `arn:aws:${service}:${region}:${account}:${resources[service]}${name}`,
    };
  } catch (error) {
    if (error instanceof ApiError) {
      throw new UsageError(
        'Only a Millrace server says who the caller is: use the SDK or the AWS CLI elsewhere.',
      );
    }
    throw error;
  } finally {
    client.close();
  }
}
