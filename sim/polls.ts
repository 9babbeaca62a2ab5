import type { Dice } from '../src/host/host.ts';
import type { Client } from './client.ts';
import type { StreamModel } from './model.ts';
import { openIterator, type Reader, readPage, startOf } from './reads.ts';
import type { World } from './world.ts';

/** A reader that polls shards, and keeps its iterators over restarts. */
export class Polls {
  readonly #world: World;
  readonly #client: Client;
  readonly #dice: Dice;
  readonly #held: Reader[] = [];

  constructor(world: World) {
    this.#world = world;
    ({ client: this.#client, dice: this.#dice } = world.newClient());
  }

  async step(stream: StreamModel): Promise<void> {
    if (this.#held.length < 6 && this.#dice.integer(3) === 0) return this.#begin(stream);
    const at = this.#dice.integer(this.#held.length);
    const held = this.#held[at];
    if (held === undefined) return this.#begin(stream);
    const moved = await this.#poll(held);
    if (moved === undefined) this.#held.splice(at, 1);
    else this.#held[at] = moved;
  }

  async #begin(stream: StreamModel): Promise<void> {
    const shards = [...stream.shards.values()];
    const shard = shards[this.#dice.integer(shards.length)];
    if (shard === undefined) return;
    const start = startOf(this.#world, this.#dice, shard);
    const from = await openIterator(this.#world, this.#client, stream, shard, start);
    if (from !== undefined) this.#held.push({ stream, ...from });
  }

  /** Where the reader stands then; undefined when there is nothing more to read. */
  async #poll(held: Reader): Promise<Reader | undefined> {
    const limit = this.#dice.integer(2) === 0 ? 10_000 : 1 + this.#dice.integer(5);
    const page = await readPage(this.#world, this.#client, held, limit);
    if (page === 'again') return held;
    if (page?.iterator === undefined) return undefined;
    return { ...held, ...page, iterator: page.iterator };
  }
}
