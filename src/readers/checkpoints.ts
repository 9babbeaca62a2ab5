/**
 * How far a reader has come, unit by unit. A reader (a delivery stream, an application) is owned by one process at a time; whoever takes it
 * over raises its epoch, and what the owner before still writes is refused. One contract suite, contract.ts, runs over every implementation.
 */

export type Checkpoint = {
  /** Up to here everything is done with; reading goes on after it. */
  readonly position: number;
  /** The unit has ended, and all of it is done with. */
  readonly finished: boolean;
};

export type CheckpointChange = Checkpoint & { readonly unit: string };

/** A reader in the hands of its owner. */
export type Ownership = {
  readonly reader: string;
  readonly epoch: number;
  /** As they stood when it was taken over. */
  readonly checkpoints: ReadonlyMap<string, Checkpoint>;
  /** Positions up to which the records of units are metered; absent where nothing is kept. */
  readonly counted?: ReadonlyMap<string, number>;
};

export interface Checkpoints {
  /** Takes the reader over from whoever has it. `owner` says who this is, for people. */
  claim(reader: string, owner: string): Promise<Ownership>;
  /** All or nothing. Throws `StaleOwnerError`. */
  write(ownership: Ownership, changes: readonly CheckpointChange[]): Promise<void>;
  /** Forgets units that are not there any more. Throws `StaleOwnerError`. */
  forget(ownership: Ownership, units: readonly string[]): Promise<void>;
}

/** Somebody else has taken the reader over: stop, and write nothing. */
export class StaleOwnerError extends Error {
  override readonly name = 'StaleOwnerError';

  constructor(reader: string) {
    super(`The reader ${reader} was taken over by another owner.`);
  }
}
