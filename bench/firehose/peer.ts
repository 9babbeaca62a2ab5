/** A server that takes records over HTTP and leaves gzip files. */
import type { Answer } from '../load/connection.ts';

export type RunningPeer = AsyncDisposable & {
  readonly port: number;
  readonly pid: number;
  /** All files below it are output. */
  readonly output: string;
  /** Whether a file is whole; what a server still writes, or keeps beside its output, is not counted. */
  readonly isWhole: (name: string) => boolean;
  /** One HTTP request that puts these records, none of which ends in a newline. */
  readonly request: (records: readonly string[]) => Uint8Array;
  readonly check: (answer: Answer) => string | undefined;
};

export type Peer = {
  readonly name: string;
  /** For the table: what an answer promises. */
  readonly promise: string;
  /** Of the records of a round: a slow server's rate shows with fewer. */
  readonly share: number;
  readonly start: () => Promise<RunningPeer>;
};

/** Of every server. */
export const FILE_MEGABYTES = 5;
export const FILE_SECONDS = 1;
