/** The data plane's errors, in AWS's words. Texts marked * are ours: see docs/decisions/0203-texts-of-the-data-plane.md. */
import { LogFailedError, LogFullError, LogGoneError, LogUnreadableError } from '../../log/log.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { resourceInUse, resourceNotFound, streamNotFound } from '../directory/stream-errors.ts';
import type { Consumer, Shard, Stream } from '../directory/stream.ts';

type Named = Pick<Stream, 'name' | 'account'>;

export function rateExceeded(stream: Named, shard: Pick<Shard, 'id'>): ServiceError {
  return new ServiceError(
    'ProvisionedThroughputExceededException',
    `Rate exceeded for shard ${shard.id} in stream ${stream.name} under account ${stream.account}.`,
  );
}

/** What reads say of a shard that is not there; split and merge have other words. */
export function shardDoesNotExist(shardId: string, stream: Named): ServiceError {
  return resourceNotFound(
    `Shard ${shardId} in stream ${stream.name} under account ${stream.account} does not exist`,
  );
}

/** * The text is EC2's. */
export function dryRunOperation(): ServiceError {
  return new ServiceError(
    'DryRunOperationException',
    'Request would have succeeded, but DryRun flag is set.',
  );
}

/** What the log could not do, as the wire says it: a full or failing disk is a retryable 500, a dropped log a missing stream. */
export function fromLog(error: unknown, stream: Named): unknown {
  if (error instanceof LogGoneError) return streamNotFound(stream.name, stream.account);
  if (error instanceof LogFullError || error instanceof LogFailedError) {
    return new ServiceError(INTERNAL_FAILURE, INTERNAL_FAILURE_TEXT, { fault: 'server' });
  }
  // The cause names the file: it is for the operator's log, not for the wire.
  if (error instanceof LogUnreadableError) {
    return new ServiceError(INTERNAL_FAILURE, INTERNAL_FAILURE_TEXT, { fault: 'server', cause: error });
  }
  return error;
}

/** The model gives this text for PutRecords' ErrorCode `InternalFailure`. */
export const INTERNAL_FAILURE_TEXT = 'Internal Service Failure';

const INTERNAL_FAILURE = 'InternalFailureException';

export function isInternalFailure(error: unknown): boolean {
  return error instanceof ServiceError && error.code === INTERNAL_FAILURE;
}

export function subscriptionExists(
  stream: Named,
  shard: Pick<Shard, 'id'>,
  consumer: Consumer,
): ServiceError {
  return resourceInUse(
    'Another active subscription exists for this consumer: ' +
      `${stream.account}:${stream.name}:${shard.id}:${consumer.name}`,
  );
}

export function consumerNotActive(stream: Named, consumer: Consumer): ServiceError {
  return resourceInUse(
    `Consumer ${consumer.name} with creation timestamp ${Math.floor(consumer.createdMs / 1000)} ` +
      `under stream: ${stream.name} , account ${stream.account} is not in ACTIVE status.`,
  );
}
