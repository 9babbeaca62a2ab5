/**
 * What a fuzz target is: it makes inputs from dice and checks the server's code on them. An input is plain bytes, so that any
 * of them can be written to a file, replayed and kept.
 */
import type { Dice } from '../src/host/host.ts';

export type Target = {
  readonly name: string;
  /** What is fed to what, and what is held against it. */
  readonly about: string;
  /** Its share of a run over all targets. */
  readonly weight: number;
  /** Opens the parts under test; the same each time. */
  open(): Promise<OpenTarget>;
};

export interface OpenTarget extends AsyncDisposable {
  generate(dice: Dice): Uint8Array;
  /** Throws for whatever is a fault of the code under test; else says in a word or two what came of the input. */
  check(input: Uint8Array): string | Promise<string>;
  /** Removes what inputs have legitimately made, so that memory can be compared. */
  settle?(): Promise<void>;
}

/** Thrown by `check`: the code under test did what it must never do. */
export class Fault extends Error {
  override readonly name = 'Fault';
}
