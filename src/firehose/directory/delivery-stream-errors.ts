/** AWS's errors about delivery streams, in its words. Texts marked * are ours: AWS documents the code only (decision 0440). */
import { ServiceError } from '../../wire/shape/service-error.ts';
import type { DeliveryStreamStatus } from '../delivery-stream.ts';

export function invalidArgument(message: string): ServiceError {
  return new ServiceError('InvalidArgumentException', message);
}

export function limitExceeded(message: string): ServiceError {
  return new ServiceError('LimitExceededException', message);
}

export function resourceInUse(message: string): ServiceError {
  return new ServiceError('ResourceInUseException', message);
}

export function deliveryStreamNotFound(name: string, account: string): ServiceError {
  return new ServiceError(
    'ResourceNotFoundException',
    `Firehose ${name} not found under account ${account}.`,
  );
}

export function deliveryStreamExists(name: string, account: string): ServiceError {
  return resourceInUse(`Firehose ${name} under accountId ${account} already exists`);
}

/** * Throws unless the delivery stream is ACTIVE. */
export function requireActive(stream: {
  readonly name: string;
  readonly account: string;
  readonly status: DeliveryStreamStatus;
}): void {
  if (stream.status === 'ACTIVE') return;
  throw resourceInUse(
    `Firehose ${stream.name} under accountId ${stream.account} is not in ACTIVE state, instead in state ${stream.status}.`,
  );
}

/** What AWS answers for a while: everything that asks too much of a delivery stream. SDKs try again. */
export function slowDown(): ServiceError {
  return new ServiceError('ServiceUnavailableException', SLOW_DOWN, { fault: 'server' });
}
export const SLOW_DOWN = 'Slow down.';
