/** How the driver understands what it sends and what it is answered: refusals, resources, shards and records. */
import { createHash } from 'node:crypto';
import { UnexpectedFailure, type Output } from '../../conformance/client.ts';
import { Fault } from './fault.ts';

/** The partition key of records that go where their explicit hash key says. */
export const EXPLICIT = 'explicit';

export function isRefusal(error: unknown): boolean {
  return error instanceof UnexpectedFailure && error.failure.status < 500;
}

/** No answer, and no knowing what became of the request. */
export function isGone(error: unknown): boolean {
  return (
    !(error instanceof UnexpectedFailure) &&
    !(error instanceof Fault) &&
    (error as { code?: string }).code !== undefined
  );
}

export function arnOf(stream: string): string {
  return `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`;
}

export function isClosed(shard: Output): boolean {
  return shard['SequenceNumberRange'].EndingSequenceNumber !== undefined;
}

export function idOf(record: Output): string {
  const text = Buffer.from(record['Data'], 'base64').toString('latin1');
  return text.slice(0, text.indexOf(':'));
}

export function hashKeyOf(partitionKey: string): bigint {
  return BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`);
}
