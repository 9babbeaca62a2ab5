/** The points that the trees of a forest have in their samples, each kept once, however many trees have it. */
import type { Plain, StateChanges } from '../engine/operator.ts';

const POINTS_OF_A_CELL = 64;

export class Points {
  readonly dimensions: number;
  #values: Float64Array;
  readonly #uses: number[] = [];
  readonly #free: number[] = [];
  readonly #dirty = new Set<number>();
  readonly #kept = new Set<number>();

  constructor(dimensions: number) {
    this.dimensions = dimensions;
    this.#values = new Float64Array(dimensions * 64);
  }

  /** A point's coordinates stand in here, from `number * dimensions` on. */
  get values(): Float64Array {
    return this.#values;
  }

  /** Whoever adds it uses it, until he releases it. */
  add(point: Float64Array): number {
    const number = this.#free.pop() ?? this.#uses.length;
    this.#uses[number] = 1;
    this.#grow(number);
    this.#values.set(point, number * this.dimensions);
    this.#touch(number);
    return number;
  }

  use(number: number): void {
    this.#uses[number] = (this.#uses[number] as number) + 1;
    this.#touch(number);
  }

  release(number: number): void {
    const uses = (this.#uses[number] as number) - 1;
    this.#uses[number] = uses;
    this.#touch(number);
    if (uses === 0) this.#free.push(number);
  }

  save(changes: StateChanges): void {
    if (this.#dirty.size === 0) return;
    for (const cell of this.#dirty) {
      const entries: Plain[] = [];
      for (let number = cell * POINTS_OF_A_CELL; number < (cell + 1) * POINTS_OF_A_CELL; number++) {
        const uses = this.#uses[number] ?? 0;
        const from = number * this.dimensions;
        entries.push(uses === 0 ? null : [uses, ...this.#values.subarray(from, from + this.dimensions)]);
      }
      if (entries.some((entry) => entry !== null)) {
        changes.put(`point${cell}`, entries);
        this.#kept.add(cell);
      } else if (this.#kept.delete(cell)) changes.drop(`point${cell}`);
    }
    this.#dirty.clear();
    changes.put('free', [...this.#free]);
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    const free = cells.get('free') as number[] | undefined;
    if (free === undefined) return;
    this.#free.push(...free);
    for (const number of free) this.#uses[number] = 0;
    for (const [name, state] of cells) {
      if (!name.startsWith('point')) continue;
      const cell = Number(name.slice('point'.length));
      this.#kept.add(cell);
      for (const [offset, entry] of (state as readonly (readonly number[] | null)[]).entries()) {
        if (entry === null) continue;
        const number = cell * POINTS_OF_A_CELL + offset;
        this.#grow(number);
        this.#uses[number] = entry[0] as number;
        this.#values.set(entry.slice(1), number * this.dimensions);
      }
    }
  }

  #touch(number: number): void {
    this.#dirty.add(Math.floor(number / POINTS_OF_A_CELL));
  }

  #grow(number: number): void {
    const needed = (number + 1) * this.dimensions;
    if (needed <= this.#values.length) return;
    const values = new Float64Array(Math.max(needed, this.#values.length * 2));
    values.set(this.#values);
    this.#values = values;
  }
}
