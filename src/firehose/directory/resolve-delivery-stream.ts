/** Which delivery stream a call means, and the resources that authorization is asked about. */
import type { Call } from '../../wire/shape/operation.ts';
import {
  deliveryStreamArn,
  type DeliveryStreamDirectory,
  type DeliveryStreamState,
} from './delivery-stream-state.ts';
import { deliveryStreamNotFound } from './delivery-stream-errors.ts';

type Named = { readonly DeliveryStreamName: string };

/** Of the caller's account, in the call's region. Throws ResourceNotFoundException when there is none. */
export function resolveDeliveryStream(
  directory: DeliveryStreamDirectory,
  { DeliveryStreamName: name }: Named,
  { caller: { account }, region }: Pick<Call, 'caller' | 'region'>,
): DeliveryStreamState {
  const stream = directory.byName(account, region, name);
  if (stream === undefined) throw deliveryStreamNotFound(name, account);
  return stream;
}

export function deliveryStreamResource(input: Named, { caller, region }: Call): readonly string[] {
  return [deliveryStreamArn(region, caller.account, input.DeliveryStreamName)];
}
