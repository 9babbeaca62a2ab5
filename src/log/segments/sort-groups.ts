/** Groups in the order in which they came, sorted by partition: counted first, then put in their places, so that no partition needs lists. */
import type { Slab } from '../slab.ts';
import { GroupRow } from './group-row.ts';
import type { LogPartition } from './log-state.ts';
import type { TailBatch } from './tail-batch.ts';

/** So many are sorted before others are let go on: a journal file may hold hundreds of thousands. */
const GROUPS_AT_ONCE = 16_384;

/** Of batches of one log; partitions that were dropped are left out. */
export async function sortGroups(
  batches: readonly TailBatch[],
  pause: () => Promise<void>,
): Promise<ReadonlyMap<LogPartition, GroupRow>> {
  const total = batches.reduce((sum, { starts }) => sum + starts.length, 0);
  /** Of each group. */
  const owners = new Int32Array(total);
  const numbers = new Map<LogPartition, number>();
  /** Of each partition: how many groups it has, then where its next group goes. */
  const places: number[] = [];
  let group = 0;
  for await (const { partitions } of paused(batches, pause)) {
    for (const partition of partitions) {
      let number = numbers.get(partition);
      if (number === undefined) {
        number = places.push(0) - 1;
        numbers.set(partition, number);
      }
      places[number]!++;
      owners[group++] = number;
    }
  }
  let next = 0;
  for (const [number, count] of places.entries()) {
    places[number] = next;
    next += count;
  }
  const froms = Int32Array.from(places);
  const slabs = Array.from<Slab>({ length: total });
  const [starts, ends, counts] = [new Int32Array(total), new Int32Array(total), new Int32Array(total)];
  group = 0;
  for await (const batch of paused(batches, pause)) {
    for (let i = 0; i < batch.starts.length; i++) {
      const place = places[owners[group++]!]!++;
      slabs[place] = batch.slabs[i]!;
      starts[place] = batch.starts[i]!;
      ends[place] = batch.ends[i]!;
      counts[place] = batch.counts[i]!;
    }
  }
  const columns = { slabs, starts, ends, counts };
  const rows = new Map<LogPartition, GroupRow>();
  for (const [partition, number] of numbers) {
    if (!partition.dropped) rows.set(partition, new GroupRow(columns, froms[number]!, places[number]!));
  }
  return rows;
}

async function* paused(
  batches: readonly TailBatch[],
  pause: () => Promise<void>,
): AsyncGenerator<TailBatch, void, void> {
  let groups = 0;
  for (const batch of batches) {
    yield batch;
    groups += batch.starts.length;
    if (groups < GROUPS_AT_ONCE) continue;
    groups = 0;
    await pause();
  }
}
