/**
 * How far everything is done with, unit by unit: below the lowest record that a buffer or a delivery still holds, and below what has not yet been
 * routed into one. That is where reading begins after a restart, so it is what the checkpoint says.
 */
import type { CheckpointChange } from '../../readers/checkpoints.ts';

/** Who holds records, by unit its lowest position. */
export type Held = ReadonlyMap<string, number>;

type UnitProgress = { routed: number; ended: boolean; written: number; writtenFinished: boolean };

export class Progress {
  readonly #units = new Map<string, UnitProgress>();
  readonly #held = new Set<Held>();
  /** Units whose checkpoint may have moved. */
  #moved = new Set<string>();

  /** Reading of the unit begins after this position, which its checkpoint says. */
  begin(unit: string, after: number): void {
    this.#units.set(unit, { routed: after, ended: false, written: after, writtenFinished: false });
  }

  forget(unit: string): void {
    this.#units.delete(unit);
  }

  /** Everything up to `after` is in buffers, or is done with. `ended`: nothing will come behind it. */
  routed(unit: string, after: number, ended: boolean): void {
    const progress = this.#units.get(unit);
    if (progress === undefined) return;
    progress.routed = after;
    progress.ended = ended;
    this.#moved.add(unit);
  }

  hold(held: Held): void {
    this.#held.add(held);
  }

  letGo(held: Held): void {
    this.#held.delete(held);
    for (const unit of held.keys()) this.#moved.add(unit);
  }

  /** What is behind it was not routed yet. */
  routedUpTo(unit: string): number {
    return this.#units.get(unit)?.routed ?? Number.POSITIVE_INFINITY;
  }

  /** Position up to which all is done; undefined of a unit that is not read. */
  safeUpTo(unit: string): number | undefined {
    const progress = this.#units.get(unit);
    if (progress === undefined) return undefined;
    return this.#lowest(unit, progress.routed);
  }

  /** The checkpoints that have moved since the last call; the caller writes them all, and tells `wrote`. */
  changes(): CheckpointChange[] {
    const changes: CheckpointChange[] = [];
    const moved = this.#moved;
    this.#moved = new Set();
    for (const unit of moved) {
      const progress = this.#units.get(unit);
      if (progress === undefined) continue;
      const { routed, ended, written, writtenFinished } = progress;
      const position = this.#lowest(unit, routed);
      const finished = ended && position === routed;
      if (position > written || (finished && !writtenFinished)) changes.push({ unit, position, finished });
    }
    return changes;
  }

  wrote(changes: readonly CheckpointChange[]): void {
    for (const { unit, position, finished } of changes) {
      const progress = this.#units.get(unit);
      if (progress === undefined) continue;
      progress.written = position;
      progress.writtenFinished = finished;
    }
  }

  #lowest(unit: string, routed: number): number {
    let safe = routed;
    for (const held of this.#held) {
      const first = held.get(unit);
      if (first !== undefined && first <= safe) safe = first - 1;
    }
    return safe;
  }
}
