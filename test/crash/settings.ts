/**
 * Settings that have one value at a time: how each is changed, and how it is told. The first value is a new stream's. A client
 * drives them all (changes.ts), and after each restart the server must tell what was acknowledged (check.ts).
 */
import type { Client, Output } from '../../conformance/client.ts';
import { arnOf } from './answers.ts';

type Setting = {
  readonly name: string;
  readonly values: readonly string[];
  /** One request, which makes it `value`. */
  change(client: Client, stream: string, value: string): Promise<Output>;
  /** What it is, from DescribeStreamSummary's answer or by a request of its own. */
  tell(client: Client, summary: Output): string | Promise<string>;
};

const encryption: Setting = {
  name: 'encryption',
  values: ['NONE', 'KMS'],
  change: (client, stream, value) =>
    client.call(value === 'KMS' ? 'StartStreamEncryption' : 'StopStreamEncryption', {
      StreamName: stream,
      EncryptionType: 'KMS',
      KeyId: 'alias/aws/kinesis',
    }),
  tell: (_client, summary) => summary['EncryptionType'] ?? 'NONE',
};

export const ON_DEMAND = 'ON_DEMAND';

const mode: Setting = {
  name: 'mode',
  values: ['PROVISIONED', ON_DEMAND],
  change: (client, stream, value) =>
    client.call('UpdateStreamMode', { StreamARN: arnOf(stream), StreamModeDetails: { StreamMode: value } }),
  tell: (_client, summary) => summary['StreamModeDetails'].StreamMode,
};

/** Two metrics are enabled, or none. */
const monitoring: Setting = {
  name: 'enhanced monitoring',
  values: ['', 'IncomingBytes OutgoingBytes'],
  change: (client, stream, value) =>
    client.call(value === '' ? 'DisableEnhancedMonitoring' : 'EnableEnhancedMonitoring', {
      StreamName: stream,
      ShardLevelMetrics: ['IncomingBytes', 'OutgoingBytes'],
    }),
  tell: (_client, summary) => summary['EnhancedMonitoring'][0].ShardLevelMetrics.join(' '),
};

const maxRecordSize: Setting = {
  name: 'largest record',
  values: ['1024', '2048', '4096'],
  change: (client, stream, value) =>
    client.call('UpdateMaxRecordSize', { StreamARN: arnOf(stream), MaxRecordSizeInKiB: Number(value) }),
  tell: (_client, summary) => String(summary['MaxRecordSizeInKiB']),
};

const NO_POLICY = '{}';

function policyFor(account: string): string {
  const statement = { Effect: 'Allow', Principal: { AWS: account }, Action: 'kinesis:GetRecords' };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

const policy: Setting = {
  name: 'resource policy',
  values: [NO_POLICY, policyFor('111111111111'), policyFor('222222222222')],
  change: (client, stream, value) =>
    value === NO_POLICY
      ? client.call('DeleteResourcePolicy', { ResourceARN: arnOf(stream) })
      : client.call('PutResourcePolicy', { ResourceARN: arnOf(stream), Policy: value }),
  tell: async (client, summary) =>
    (await client.call('GetResourcePolicy', { ResourceARN: summary['StreamARN'] }))['Policy'],
};

export const SETTINGS: readonly Setting[] = [encryption, mode, monitoring, maxRecordSize, policy];

/** The account's minimum throughput billing commitment: on, or off from now on or from its earliest allowed end on. */
export async function tellCommitment(client: Client): Promise<'on' | 'off'> {
  const { MinimumThroughputBillingCommitment: commitment } = await client.call('DescribeAccountSettings', {});
  return commitment?.Status === 'ENABLED' ? 'on' : 'off';
}

export function callCommitment(client: Client, value: 'on' | 'off'): Promise<Output> {
  const Status = value === 'on' ? 'ENABLED' : 'DISABLED';
  return client.call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status } });
}
