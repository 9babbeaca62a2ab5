/** What the clients of one life share. */
import type { Client } from '../../conformance/client.ts';
import type { Dice } from '../../src/host/host.ts';
import type { Ledger, StreamModel } from './ledger.ts';
import type { ServerClock } from './server-clock.ts';

/** An iterator that was given, and after which record of its shard it stands: '' stands before all. */
export type HeldIterator = {
  readonly model: StreamModel;
  readonly shardId: string;
  readonly iterator: string;
  readonly after: string;
  readonly issuedMs: number;
};

export type LoadParts = {
  readonly client: Client;
  readonly ledger: Ledger;
  readonly clock: ServerClock;
  readonly dice: Dice;
  readonly iterators: HeldIterator[];
  /** Names writers, so that no two of a run are the same. */
  readonly life: number;
  readonly stopped: () => boolean;
};

export function anyStream({ ledger, dice }: LoadParts): StreamModel | undefined {
  const models = ledger.streams();
  return models[dice.integer(Math.max(1, models.length))];
}
