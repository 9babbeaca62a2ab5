/**
 * A case: one thing that a Kinesis endpoint does, told from outside. What a case covers is declared, so that a test
 * can see which operation, error, constraint or behaviour no case provokes.
 */
import type { Client, Failure } from './client.ts';
import type { Streams } from './streams.ts';

/**
 * `op:PutRecord` · `error:PutRecord/ResourceNotFoundException` · `constraint:PutRecord/StreamName/pattern` ·
 * `behaviour:7` (the numbered behaviours are listed in behaviours.ts).
 */
export type Covers = `op:${string}` | `error:${string}` | `constraint:${string}` | `behaviour:${number}`;

export type Bench = {
  readonly client: Client;
  /** Streams for the case: made on demand, removed after the run. */
  readonly streams: Streams;
  /** Whether cases that wait for minutes are wanted. */
  readonly slow: boolean;
  /** Says that the endpoint is not configured for this case (for example it enforces no limits): counted as skipped, with the reason. */
  skip(reason: string): never;
};

export type Case = {
  readonly name: string;
  readonly covers: readonly Covers[];
  readonly run: (bench: Bench) => Promise<void>;
};

export class Skipped extends Error {}

/** Checks an error answer: HTTP status 400 unless told otherwise, the code, and the message (whole, or by pattern). */
export function expectFailure(failure: Failure, code: string, message?: string | RegExp, status = 400): void {
  const shown = `${failure.status} ${failure.code}: ${failure.message}`;
  if (failure.code !== code || failure.status !== status)
    throw new Error(`expected ${status} ${code}, got ${shown}`);
  if (typeof message === 'string' && failure.message !== message)
    throw new Error(`expected the message\n  ${message}\ngot\n  ${failure.message}`);
  if (message instanceof RegExp && !message.test(failure.message))
    throw new Error(`expected a message like ${message}, got\n  ${failure.message}`);
}
