/**
 * A random cut tree over a sample of points (Guha, Mishra, Roy and Schrijvers, "Robust random cut forest based anomaly detection on streams", ICML 2016):
 * each node cuts the box around its points in a dimension taken with a chance as large as the box is wide there, so that a point far from all others is
 * cut off near the root. Points come and go one by one, and the tree is always distributed as if it had been grown from the points that it has.
 *
 * Equal points share a leaf. A reference at or above zero is an inner node, below it is the leaf `~reference`.
 */
import type { Plain } from '../engine/operator.ts';
import type { Points } from './points.ts';
import type { Random } from './random.ts';

const NONE = 0x7fffffff;

export class CutTree {
  readonly #points: Points;
  readonly #dimensions: number;
  #root = NONE;
  /** Of inner nodes. */
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  readonly #cutDimension: Int32Array;
  readonly #cutValue: Float64Array;
  readonly #mass: Int32Array;
  /** Box of a node: least values from `node * 2 * dimensions` on, then greatest ones. */
  readonly #boxes: Float64Array;
  readonly #freeNodes: number[] = [];
  /** Of leaves. */
  readonly #leafPoint: Int32Array;
  readonly #leafMass: Int32Array;
  readonly #freeLeaves: number[] = [];
  /** The way from the root to a point's leaf. */
  readonly #path: number[] = [];

  constructor(size: number, points: Points) {
    this.#points = points;
    this.#dimensions = points.dimensions;
    this.#left = new Int32Array(size);
    this.#right = new Int32Array(size);
    this.#cutDimension = new Int32Array(size);
    this.#cutValue = new Float64Array(size);
    this.#mass = new Int32Array(size);
    this.#boxes = new Float64Array(size * 2 * this.#dimensions);
    this.#leafPoint = new Int32Array(size);
    this.#leafMass = new Int32Array(size);
    for (let index = size - 1; index >= 0; index--) {
      this.#freeNodes.push(index);
      this.#freeLeaves.push(index);
    }
  }

  /** How many points it has. */
  get mass(): number {
    return this.#root === NONE ? 0 : this.#massOf(this.#root);
  }

  /** Takes a point in. It gives the point that the leaf keeps: an equal one, if it had one. */
  insert(point: number, random: Random): number {
    if (this.#root === NONE) {
      this.#root = ~this.#newLeaf(point);
      return point;
    }
    const values = this.#points.values;
    const at = point * this.#dimensions;
    this.#path.length = 0;
    let reference = this.#root;
    for (;;) {
      const cut = this.#cutOff(reference, values, at, random);
      if (cut !== undefined) {
        const node = this.#newNode(cut.dimension, cut.value, reference, ~this.#newLeaf(point), cut.isBelow);
        this.#replaceChild(reference, node);
        this.#widen(at);
        return point;
      }
      if (reference < 0) {
        // Equal to the leaf's point: there is nothing to cut between the two.
        const leaf = ~reference;
        this.#leafMass[leaf] = (this.#leafMass[leaf] as number) + 1;
        for (const node of this.#path) this.#mass[node] = (this.#mass[node] as number) + 1;
        return this.#leafPoint[leaf] as number;
      }
      this.#path.push(reference);
      reference = this.#childOf(reference, values, at);
    }
  }

  /** Takes out one of the points that are equal to this one. */
  remove(point: number): void {
    const at = point * this.#dimensions;
    const leaf = ~this.#findLeaf(this.#points.values, at);
    if ((this.#leafMass[leaf] as number) > 1) {
      this.#leafMass[leaf] = (this.#leafMass[leaf] as number) - 1;
      for (const node of this.#path) this.#mass[node] = (this.#mass[node] as number) - 1;
      return;
    }
    this.#freeLeaves.push(leaf);
    const parent = this.#path.pop();
    if (parent === undefined) {
      this.#root = NONE;
      return;
    }
    const sibling = (this.#left[parent] === ~leaf ? this.#right[parent] : this.#left[parent]) as number;
    this.#freeNodes.push(parent);
    this.#replaceChild(parent, sibling);
    for (let index = this.#path.length - 1; index >= 0; index--) {
      const node = this.#path[index] as number;
      this.#mass[node] = (this.#mass[node] as number) - 1;
      this.#fitBox(node);
    }
  }

  /**
   * The score of a point that need not be in the tree: the depth at which it would be cut off, turned so that a point that is cut off soon scores high
   * (the published library's scoring). `high` and `low` are added to: how much of it each dimension brings, by whether the point is above or below the
   * others there.
   */
  score(point: Float64Array, high: Float64Array | undefined, low: Float64Array | undefined): number {
    if (this.#root === NONE) return 0;
    const dimensions = this.#dimensions;
    const leaf = ~this.#findLeaf(point, 0);
    const { mass } = this;
    const scale = Math.log2(mass + 1);
    const leafMass = this.#leafMass[leaf] as number;
    const leafAt = (this.#leafPoint[leaf] as number) * dimensions;
    const values = this.#points.values;
    let distance = 0;
    for (let dimension = 0; dimension < dimensions; dimension++)
      distance += Math.abs((point[dimension] as number) - (values[leafAt + dimension] as number));
    const depth = this.#path.length;
    let score =
      distance === 0 ? (1 - leafMass / (2 * mass)) / (depth + Math.log2(leafMass + 1)) : 1 / (depth + 1);
    const parts = high === undefined || low === undefined ? undefined : { high, low };
    if (parts !== undefined) {
      SCRATCH_HIGH.fill(0, 0, dimensions);
      SCRATCH_LOW.fill(0, 0, dimensions);
      for (let dimension = 0; dimension < dimensions; dimension++) {
        if (distance === 0) {
          SCRATCH_HIGH[dimension] = score / (2 * dimensions);
          SCRATCH_LOW[dimension] = score / (2 * dimensions);
          continue;
        }
        const above = (point[dimension] as number) - (values[leafAt + dimension] as number);
        if (above > 0) SCRATCH_HIGH[dimension] = (score * above) / distance;
        else SCRATCH_LOW[dimension] = (score * -above) / distance;
      }
    }
    for (let index = depth - 1; index >= 0; index--) {
      const box = (this.#path[index] as number) * 2 * dimensions;
      let beyond = 0;
      let width = 0;
      for (let dimension = 0; dimension < dimensions; dimension++) {
        const least = this.#boxes[box + dimension] as number;
        const greatest = this.#boxes[box + dimensions + dimension] as number;
        const value = point[dimension] as number;
        width += greatest - least;
        if (value > greatest) beyond += value - greatest;
        else if (value < least) beyond += least - value;
      }
      // Inside of this box the point is inside of all boxes above.
      if (beyond === 0) break;
      const chance = beyond / (width + beyond);
      const cutOff = 1 / (index + 1);
      score = chance * cutOff + (1 - chance) * score;
      if (parts === undefined) continue;
      for (let dimension = 0; dimension < dimensions; dimension++) {
        const least = this.#boxes[box + dimension] as number;
        const greatest = this.#boxes[box + dimensions + dimension] as number;
        const value = point[dimension] as number;
        const above = value > greatest ? (value - greatest) / (width + beyond) : 0;
        const below = value < least ? (least - value) / (width + beyond) : 0;
        SCRATCH_HIGH[dimension] = above * cutOff + (1 - chance) * (SCRATCH_HIGH[dimension] as number);
        SCRATCH_LOW[dimension] = below * cutOff + (1 - chance) * (SCRATCH_LOW[dimension] as number);
      }
    }
    if (parts !== undefined)
      for (let dimension = 0; dimension < dimensions; dimension++) {
        parts.high[dimension] =
          (parts.high[dimension] as number) + (SCRATCH_HIGH[dimension] as number) * scale;
        parts.low[dimension] = (parts.low[dimension] as number) + (SCRATCH_LOW[dimension] as number) * scale;
      }
    return score * scale;
  }

  /** Boxes are not saved: they follow from the points. */
  save(): Plain {
    const nodes: Plain[] = [];
    const add = (reference: number): void => {
      if (reference < 0) {
        nodes.push([~reference, this.#leafPoint[~reference] as number, this.#leafMass[~reference] as number]);
        return;
      }
      nodes.push([
        reference,
        this.#cutDimension[reference] as number,
        this.#cutValue[reference] as number,
        0,
      ]);
      add(this.#left[reference] as number);
      add(this.#right[reference] as number);
    };
    if (this.#root !== NONE) add(this.#root);
    return [nodes, [...this.#freeNodes], [...this.#freeLeaves]];
  }

  restore(state: Plain): void {
    const [nodes, freeNodes, freeLeaves] = state as [number[][], number[], number[]];
    this.#freeNodes.splice(0, Infinity, ...freeNodes);
    this.#freeLeaves.splice(0, Infinity, ...freeLeaves);
    let next = 0;
    const take = (): number => {
      const [index, second, third, inner] = nodes[next++] as [number, number, number, number?];
      if (inner === undefined) {
        this.#leafPoint[index] = second;
        this.#leafMass[index] = third;
        return ~index;
      }
      this.#cutDimension[index] = second;
      this.#cutValue[index] = third;
      this.#left[index] = take();
      this.#right[index] = take();
      this.#mass[index] =
        this.#massOf(this.#left[index] as number) + this.#massOf(this.#right[index] as number);
      this.#fitBox(index);
      return index;
    };
    this.#root = nodes.length === 0 ? NONE : take();
  }

  /** A random cut of the box that also holds the point; undefined where it does not part the point from the box. */
  #cutOff(
    reference: number,
    values: Float64Array,
    at: number,
    random: Random,
  ): { dimension: number; value: number; isBelow: boolean } | undefined {
    const dimensions = this.#dimensions;
    let width = 0;
    let beyond = 0;
    for (let dimension = 0; dimension < dimensions; dimension++) {
      const value = values[at + dimension] as number;
      const least = this.#least(reference, dimension);
      const greatest = this.#greatest(reference, dimension);
      width += Math.max(value, greatest) - Math.min(value, least);
      if (value > greatest) beyond += value - greatest;
      else if (value < least) beyond += least - value;
    }
    if (beyond === 0) return undefined;
    let place = random.next() * width;
    for (let dimension = 0; dimension < dimensions; dimension++) {
      const value = values[at + dimension] as number;
      const least = this.#least(reference, dimension);
      const greatest = this.#greatest(reference, dimension);
      const from = Math.min(value, least);
      const to = Math.max(value, greatest);
      if (place >= to - from) {
        place -= to - from;
        continue;
      }
      let cut = from + place;
      // Rounding must not put the cut on the upper end, where it parts nothing.
      if (cut >= to) cut = from;
      if (value <= cut && cut < least) return { dimension, value: cut, isBelow: true };
      if (greatest <= cut && cut < value) return { dimension, value: cut, isBelow: false };
      return undefined;
    }
    return undefined;
  }

  #newNode(dimension: number, cut: number, reference: number, leaf: number, isBelow: boolean): number {
    const node = this.#freeNodes.pop() as number;
    this.#cutDimension[node] = dimension;
    this.#cutValue[node] = cut;
    this.#left[node] = isBelow ? leaf : reference;
    this.#right[node] = isBelow ? reference : leaf;
    this.#mass[node] = this.#massOf(reference) + 1;
    this.#fitBox(node);
    return node;
  }

  #newLeaf(point: number): number {
    const leaf = this.#freeLeaves.pop() as number;
    this.#leafPoint[leaf] = point;
    this.#leafMass[leaf] = 1;
    return leaf;
  }

  /** In the last node of the path, or at the root. */
  #replaceChild(reference: number, by: number): void {
    const parent = this.#path.at(-1);
    if (parent === undefined) this.#root = by;
    else if (this.#left[parent] === reference) this.#left[parent] = by;
    else this.#right[parent] = by;
  }

  /** The nodes of the path have one more point. */
  #widen(at: number): void {
    const values = this.#points.values;
    const dimensions = this.#dimensions;
    for (const node of this.#path) {
      this.#mass[node] = (this.#mass[node] as number) + 1;
      const box = node * 2 * dimensions;
      for (let dimension = 0; dimension < dimensions; dimension++) {
        const value = values[at + dimension] as number;
        if (value < (this.#boxes[box + dimension] as number)) this.#boxes[box + dimension] = value;
        if (value > (this.#boxes[box + dimensions + dimension] as number))
          this.#boxes[box + dimensions + dimension] = value;
      }
    }
  }

  #fitBox(node: number): void {
    const dimensions = this.#dimensions;
    const box = node * 2 * dimensions;
    const left = this.#left[node] as number;
    const right = this.#right[node] as number;
    for (let dimension = 0; dimension < dimensions; dimension++) {
      this.#boxes[box + dimension] = Math.min(this.#least(left, dimension), this.#least(right, dimension));
      this.#boxes[box + dimensions + dimension] = Math.max(
        this.#greatest(left, dimension),
        this.#greatest(right, dimension),
      );
    }
  }

  #findLeaf(values: Float64Array, at: number): number {
    this.#path.length = 0;
    let reference = this.#root;
    while (reference >= 0) {
      this.#path.push(reference);
      reference = this.#childOf(reference, values, at);
    }
    return reference;
  }

  #childOf(node: number, values: Float64Array, at: number): number {
    const value = values[at + (this.#cutDimension[node] as number)] as number;
    return (value <= (this.#cutValue[node] as number) ? this.#left[node] : this.#right[node]) as number;
  }

  #massOf(reference: number): number {
    return (reference < 0 ? this.#leafMass[~reference] : this.#mass[reference]) as number;
  }

  #least(reference: number, dimension: number): number {
    return (
      reference < 0
        ? this.#points.values[(this.#leafPoint[~reference] as number) * this.#dimensions + dimension]
        : this.#boxes[reference * 2 * this.#dimensions + dimension]
    ) as number;
  }

  #greatest(reference: number, dimension: number): number {
    return (
      reference < 0
        ? this.#points.values[(this.#leafPoint[~reference] as number) * this.#dimensions + dimension]
        : this.#boxes[(reference * 2 + 1) * this.#dimensions + dimension]
    ) as number;
  }
}

/** 30 columns and a shingle of 30 at most. */
const DIMENSIONS_MAX = 900;
const SCRATCH_HIGH = new Float64Array(DIMENSIONS_MAX);
const SCRATCH_LOW = new Float64Array(DIMENSIONS_MAX);
