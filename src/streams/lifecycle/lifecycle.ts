/** The transitional statuses: CREATING, UPDATING and DELETING of streams, CREATING and DELETING of consumers. */
import { DueWork } from '../../catalog/due-work.ts';
import type { Clock } from '../../host/host.ts';
import type { CatalogStreamDirectory } from '../directory/directory.ts';
import type { Stream } from '../directory/stream.ts';

export type LifecycleParts = {
  readonly clock: Clock;
  readonly directory: CatalogStreamDirectory;
  /** Completes what the stream has pending; it may have been deleted meanwhile. */
  readonly completeStream: (stream: Stream) => Promise<void>;
  /** Settles the stream's consumers that are due. */
  readonly completeConsumers: (stream: Stream) => Promise<void>;
  /** Told of work that failed and will be tried again. */
  readonly onFailure: (error: unknown, stream: Stream) => void;
  /** The longest that anything is pending. */
  readonly pendingMsMax: number;
};

/** Goes on with what is pending already, and what will be. Disposing waits for the work under way. */
export function startLifecycle({
  completeStream,
  completeConsumers,
  ...parts
}: LifecycleParts): AsyncDisposable {
  const streams = new DueWork({ ...parts, dueMs: ({ pending }) => pending?.dueMs, complete: completeStream });
  const consumers = new DueWork({ ...parts, dueMs: earliestDue, complete: completeConsumers });
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all([streams[Symbol.asyncDispose](), consumers[Symbol.asyncDispose]()]);
    },
  };
}

/** When the first of the stream's consumers is due. */
export function earliestDue(stream: Stream | undefined): number | undefined {
  const due = (stream?.consumers ?? []).flatMap((consumer) => consumer.dueMs ?? []);
  return due.length === 0 ? undefined : Math.min(...due);
}
