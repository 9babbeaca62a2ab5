/** A forest of random cut trees over a stream of points, each tree with a sample of its own. Its score is the mean of its trees' scores. */
import type { Plain, StateChanges } from '../engine/operator.ts';
import { CutTree } from './cut-tree.ts';
import { Points } from './points.ts';
import { Random } from './random.ts';
import { Sample } from './sample.ts';

export type ForestParts = {
  readonly trees: number;
  readonly sampleSize: number;
  /** In so many points the weight of a point falls to 1/e. */
  readonly timeDecay: number;
  readonly dimensions: number;
  readonly seed: number;
};

/** How much of a score each dimension brings, where the point is above the others and where it is below; together they are the score. */
export type Attribution = { readonly high: Float64Array; readonly low: Float64Array };

type Member = { readonly tree: CutTree; readonly sample: Sample; isDirty: boolean };

export class Forest {
  readonly #points: Points;
  readonly #members: readonly Member[];
  readonly #random: Random;
  readonly #dimensions: number;
  #time = 0;

  constructor({ trees, sampleSize, timeDecay, dimensions, seed }: ForestParts) {
    this.#points = new Points(dimensions);
    this.#dimensions = dimensions;
    this.#random = new Random(seed);
    this.#members = Array.from({ length: trees }, () => ({
      tree: new CutTree(sampleSize, this.#points),
      sample: new Sample(sampleSize, 1 / timeDecay),
      isDirty: false,
    }));
  }

  score(point: Float64Array): number {
    let total = 0;
    for (const { tree } of this.#members) total += tree.score(point, undefined, undefined);
    return total / this.#members.length;
  }

  explain(point: Float64Array): Attribution {
    const high = new Float64Array(this.#dimensions);
    const low = new Float64Array(this.#dimensions);
    for (const { tree } of this.#members) tree.score(point, high, low);
    const { length } = this.#members;
    return { high: high.map((part) => part / length), low: low.map((part) => part / length) };
  }

  learn(point: Float64Array): void {
    this.#time++;
    const number = this.#points.add(point);
    for (const member of this.#members) {
      const { tree, sample } = member;
      const weight = sample.weigh(this.#time, this.#random);
      if (weight === undefined) continue;
      member.isDirty = true;
      if (sample.isFull) {
        const evicted = sample.evict();
        tree.remove(evicted);
        this.#points.release(evicted);
      }
      const kept = tree.insert(number, this.#random);
      this.#points.use(kept);
      sample.add(kept, weight);
    }
    this.#points.release(number);
  }

  save(changes: StateChanges): void {
    this.#points.save(changes);
    for (const [index, member] of this.#members.entries()) {
      if (!member.isDirty) continue;
      member.isDirty = false;
      changes.put(`tree${index}`, [member.tree.save(), member.sample.save()]);
    }
    changes.put('forest', [this.#time, this.#random.save()]);
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    const state = cells.get('forest') as [number, Plain] | undefined;
    if (state === undefined) return;
    this.#time = state[0];
    this.#random.restore(state[1]);
    this.#points.restore(cells);
    for (const [index, { tree, sample }] of this.#members.entries()) {
      const saved = cells.get(`tree${index}`) as [Plain, Plain] | undefined;
      if (saved === undefined) continue;
      tree.restore(saved[0]);
      sample.restore(saved[1]);
    }
  }
}
