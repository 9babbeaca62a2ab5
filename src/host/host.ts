/**
 * What Millrace asks of the machine. Only `host/` touches the real clock, disk, dice and network; everything above
 * is handed these, so that a simulation can run the whole server on simulated ones from one seed.
 */

import type { Duplex } from 'node:stream';
import type { SealJob } from '../base/seal-job.ts';
import type { FunctionProcesses } from './function-process.ts';
import type { HttpClient } from './http.ts';
import type { SqlClient } from './sql.ts';
import type { Residents } from './residents.ts';
import type { Workers } from './workers.ts';

export type TimerHandle = { cancel(): void };

export interface Clock {
  /** Wall time, milliseconds since 1970. May jump. */
  now(): number;
  /** Monotonic time in milliseconds with a fraction. Never goes back. */
  monotonic(): number;
  /** Calls back once, not before `delayMs` have passed. Real timers do not keep the process alive when `background` is set. */
  timer(delayMs: number, callback: () => void, options?: { background?: boolean }): TimerHandle;
  /** Resolves after `delayMs`; rejects with the signal's reason when aborted. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  /** Resolves when everything that has arrived by now was looked at: at the end of this turn of the event loop. No time passes. */
  turn(): Promise<void>;
}

export interface Dice {
  /** Cryptographically strong on a real host. */
  bytes(count: number): Uint8Array;
  /** Fills `target` with random bytes. */
  fill(target: Uint8Array): void;
  /** An integer in [0, below). */
  integer(below: number): number;
}

/** An open file. Errors are Node's (`code` is ENOSPC, EIO, …). Positions and lengths are bytes. */
export interface DiskFile {
  readonly path: string;
  /** Reads up to `length` bytes at `position` into `target` from `offset`; returns the bytes read, 0 at the end. */
  read(target: Uint8Array, offset: number, length: number, position: number): Promise<number>;
  readSync(target: Uint8Array, offset: number, length: number, position: number): number;
  /** Writes the whole range or throws. A throw may leave part of it written. */
  write(source: Uint8Array, offset: number, length: number, position: number): Promise<void>;
  writeSync(source: Uint8Array, offset: number, length: number, position: number): void;
  /** fdatasync. After a failure nothing is known of what was written since the last success. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

export interface Disk {
  /**
   * `create` makes the file when absent (mode 0600) and keeps its content; `exclusive` fails when it exists. `through` is as `write`,
   * but what is written is durable when `write` resolves. A write or sync that fails is told to every open file of the path once.
   */
  open(path: string, mode: 'read' | 'write' | 'through' | 'create' | 'exclusive'): Promise<DiskFile>;
  readFile(path: string): Promise<Uint8Array>;
  /** Writes a temporary sibling, syncs it, renames it over `path` and syncs the directory. */
  replaceFile(path: string, content: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Creates missing parents too, mode 0700. */
  makeDirectory(path: string): Promise<void>;
  removeDirectory(path: string): Promise<void>;
  /** Names in a directory, sorted; empty when it does not exist. */
  list(path: string): Promise<readonly string[]>;
  exists(path: string): Promise<boolean>;
  /** Makes renames and creations in the directory durable. */
  syncDirectory(path: string): Promise<void>;
  /** Takes an exclusive lock on the file that ends with the process, however it ends; throws when another live process holds it. */
  lock(path: string): Promise<AsyncDisposable>;
}

/** A connection as the listener sees it: Node's `net.Socket` on a real host, a Duplex in a simulation. */
export interface Network {
  /** `port` 0 takes a free one. `onConnection` gets each new connection; nothing has been read from it. */
  listen(
    options: { host: string; port: number; backlog?: number },
    onConnection: (socket: Duplex) => void,
  ): Promise<{ readonly port: number; close(): Promise<void> }>;
}

/** Another thread, that seals what is in shared memory. Sources and target are left alone until it is done. */
export interface SealingThread {
  /**
   * Resolves to the checksums that were asked for; rejects with what `runSealJob` throws. One that is `patient` lets others go first,
   * between any two of its seals too.
   */
  run(job: SealJob, patient?: boolean): Promise<readonly number[]>;
}

export type Host = {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly dice: Dice;
  readonly network: Network;
  /** A host without one seals where it is. */
  readonly sealing?: SealingThread;
  /** To other servers. */
  readonly http: HttpClient;
  /** To databases of others; a host without one reaches none. */
  readonly sql?: SqlClient;
  readonly workers: Workers;
  /** A host without threads for them has them where it is. */
  readonly residents?: Residents;
  readonly functionProcesses: FunctionProcesses;
};
