/** AWS's errors about streams, shards and consumers, in its words. Texts marked * are ours: AWS documents the code only. */
import { ServiceError } from '../../wire/shape/service-error.ts';
import type { Stream } from './stream.ts';

export function invalidArgument(message: string): ServiceError {
  return new ServiceError('InvalidArgumentException', message);
}

export function limitExceeded(message: string): ServiceError {
  return new ServiceError('LimitExceededException', message);
}

export function resourceInUse(message: string): ServiceError {
  return new ServiceError('ResourceInUseException', message);
}

export function resourceNotFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message);
}

export function streamNotFound(name: string, account: string): ServiceError {
  return resourceNotFound(`Stream ${name} under account ${account} not found.`);
}

export function streamExists(name: string, account: string): ServiceError {
  return resourceInUse(`Stream ${name} under account ${account} already exists.`);
}

export function shardNotFound(shard: string, stream: Pick<Stream, 'name' | 'account'>): ServiceError {
  return resourceNotFound(
    `Could not find shard ${shard} in stream ${stream.name} under account ${stream.account}.`,
  );
}

export function consumerNotFound(consumer: string, account: string): ServiceError {
  return resourceNotFound(`Consumer ${consumer}, account ${account} not found.`);
}

/** Throws unless the stream is ACTIVE: call inside the transaction. */
export function requireActive(row: {
  readonly name: string;
  readonly account: string;
  readonly status: Stream['status'];
}): void {
  if (row.status === 'ACTIVE') return;
  throw resourceInUse(
    `Stream ${row.name} under account ${row.account} not ACTIVE, instead in state ${row.status}`,
  );
}

/** Throws while the stream is being created or deleted: settings change also while it is UPDATING. */
export function requireUsable(row: Parameters<typeof requireActive>[0]): void {
  if (row.status !== 'UPDATING') requireActive(row);
}

/** Throws when the stream is in on-demand mode: resharding by hand is for provisioned streams. */
export function requireProvisioned(row: {
  readonly name: string;
  readonly account: string;
  readonly mode: Stream['mode'];
}): void {
  if (row.mode === 'PROVISIONED') return;
  throw new ServiceError(
    'ValidationException',
    `Request is invalid. Stream ${row.name} under account ${row.account} is in On-Demand mode.`,
  );
}
