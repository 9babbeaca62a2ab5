/**
 * A sample of a fixed size in which later points are likelier: each point draws a weight that falls with its time, and the points of least weight
 * stay (Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006, with weights exp(decay × time)).
 */
import type { Plain } from '../engine/operator.ts';
import type { Random } from './random.ts';

export class Sample {
  readonly #size: number;
  readonly #decay: number;
  /** A heap, the heaviest first: weights and the numbers of their points. */
  #weights: number[] = [];
  #points: number[] = [];

  constructor(size: number, decay: number) {
    this.#size = size;
    this.#decay = decay;
  }

  get isFull(): boolean {
    return this.#weights.length === this.#size;
  }

  get points(): readonly number[] {
    return this.#points;
  }

  /** The weight with which the point of this time is taken in; undefined if it is not. */
  weigh(time: number, random: Random): number | undefined {
    const weight = Math.log(-Math.log(1 - random.next())) - this.#decay * time;
    return !this.isFull || weight < (this.#weights[0] as number) ? weight : undefined;
  }

  /** Of a full sample: the point that goes, and is given back. */
  evict(): number {
    const point = this.#points[0] as number;
    const weight = this.#weights.pop() as number;
    const last = this.#points.pop() as number;
    if (this.#weights.length > 0) this.#sink(weight, last);
    return point;
  }

  add(point: number, weight: number): void {
    let index = this.#weights.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if ((this.#weights[parent] as number) >= weight) break;
      this.#weights[index] = this.#weights[parent] as number;
      this.#points[index] = this.#points[parent] as number;
      index = parent;
    }
    this.#weights[index] = weight;
    this.#points[index] = point;
  }

  save(): Plain {
    return [[...this.#weights], [...this.#points]];
  }

  restore(state: Plain): void {
    const [weights, points] = state as [number[], number[]];
    this.#weights = [...weights];
    this.#points = [...points];
  }

  #sink(weight: number, point: number): void {
    const { length } = this.#weights;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= length) break;
      if (child + 1 < length && (this.#weights[child + 1] as number) > (this.#weights[child] as number))
        child++;
      if ((this.#weights[child] as number) <= weight) break;
      this.#weights[index] = this.#weights[child] as number;
      this.#points[index] = this.#points[child] as number;
      index = child;
    }
    this.#weights[index] = weight;
    this.#points[index] = point;
  }
}
