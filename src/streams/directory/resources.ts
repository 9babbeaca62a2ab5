/** The ARNs that an operation touches, told from its input alone: what authorization is asked about. */
import type { Call } from '../../wire/shape/operation.ts';

/** Of regions that begin so; all others are in the partition `aws`. Source: the SDKs' partitions.json. */
const PARTITIONS: readonly (readonly [regions: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
];

export function streamArn(region: string, account: string, name: string): string {
  return `arn:${partitionOf(region)}:kinesis:${region}:${account}:stream/${name}`;
}

/** Nearly every call is in the region of the call before. */
let lastRegion = '';
let lastPartition = 'aws';

function partitionOf(region: string): string {
  if (region === lastRegion) return lastPartition;
  const found = PARTITIONS.find(([regions]) => region.startsWith(regions));
  lastRegion = region;
  lastPartition = found === undefined ? 'aws' : found[1];
  return lastPartition;
}

/** StreamARN where given, else the name in the caller's account and the call's region. */
export function streamResource(
  input: { readonly StreamARN?: string | undefined; readonly StreamName?: string | undefined },
  call: Call,
): readonly string[] {
  if (input.StreamARN !== undefined) return [input.StreamARN];
  return [streamArn(call.region, call.caller.account, input.StreamName ?? '*')];
}

/** ConsumerARN where given, else the stream's ARN. */
export function consumerResource(
  input: { readonly ConsumerARN?: string | undefined; readonly StreamARN?: string | undefined },
  _call: Call,
): readonly string[] {
  return [input.ConsumerARN ?? input.StreamARN ?? '*'];
}

export function arnResource(input: { readonly ResourceARN: string }): readonly string[] {
  return [input.ResourceARN];
}

/** Operations on the account: AWS names no resource. */
export function anyResource(): readonly string[] {
  return ['*'];
}
