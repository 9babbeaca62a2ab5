/** The ARNs that an operation touches, told from its input alone: what authorization is asked about. */
import { awsPartition } from '../../base/aws-partition.ts';
import type { Call } from '../../wire/shape/operation.ts';

export function streamArn(region: string, account: string, name: string): string {
  return `arn:${awsPartition(region)}:kinesis:${region}:${account}:stream/${name}`;
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
