/**
 * The clients of one life: writers that put single records and batches, readers, and one that changes streams. Each
 * has one request under way at a time, and all run until the server is gone or they are told to stop.
 */
import { isGone } from './answers.ts';
import { change } from './changes.ts';
import type { LoadParts } from './load-parts.ts';
import { subscribe, tail } from './readers.ts';
import { write } from './writers.ts';

export const LASTING_STREAMS = ['alpha', 'beta', 'gamma'];

/** Resolves when all clients have ended. Rejects with a `Fault`; a server that is gone is none. */
export async function runLoad(parts: LoadParts): Promise<void> {
  const clients = [
    write(parts, 'single', () => 1, 120),
    write(parts, 'batch', () => 2 + parts.dice.integer(40), 200),
    write(parts, 'large', () => 1 + parts.dice.integer(3), 20_000),
    write(parts, 'cbor', () => 1 + parts.dice.integer(5), 60, 'cbor'),
    tail(parts),
    subscribe(parts),
    change(parts),
  ];
  await Promise.all(clients.map((client) => untilGone(client)));
}

async function untilGone(client: Promise<void>): Promise<void> {
  try {
    await client;
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
