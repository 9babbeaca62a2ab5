/**
 * RANDOM_CUT_FOREST and RANDOM_CUT_FOREST_WITH_EXPLANATION: every row with its anomaly score, computed before the forest learns the row. While the first
 * rows are learned the score is 0; so is that of a row with a null in a numeric column, which the forest does not learn.
 */
import type { Operator, Plain, Receiver, StateChanges } from '../engine/operator.ts';
import type { Column } from '../types.ts';
import type { Row, SqlValue } from '../value.ts';
import { explanation, NOT_EXPLAINED } from './explanation.ts';
import { Forest } from './forest.ts';
import { numericIndexes, pointOf } from './numbers-of-row.ts';

export type ForestFunction = {
  readonly columns: readonly Column[];
  readonly trees: number;
  readonly sampleSize: number;
  readonly timeDecay: number;
  readonly shingle: number;
  /** Undefined without an explanation; else whether it says the directions. */
  readonly isDirected: boolean | undefined;
  readonly seed: number;
};

export class RandomCutForest implements Operator, Receiver {
  readonly inputs = [this];
  readonly #parts: ForestFunction;
  readonly #indexes: readonly number[];
  readonly #names: readonly string[];
  readonly #forest: Forest;
  readonly #out: Receiver;
  /** The last rows' points, the latest at the end. */
  #shingle: Float64Array;
  #shingled = 0;
  #rows = 0;
  #isDirty = false;

  constructor(parts: ForestFunction, out: Receiver) {
    const { columns, trees, sampleSize, timeDecay, shingle, seed } = parts;
    this.#parts = parts;
    this.#indexes = numericIndexes(columns);
    this.#names = this.#indexes.map((index) => (columns[index - 1] as Column).name);
    const dimensions = this.#indexes.length * shingle;
    this.#forest = new Forest({ trees, sampleSize, timeDecay, dimensions, seed });
    this.#shingle = new Float64Array(dimensions);
    this.#out = out;
  }

  row(row: Row): void {
    this.#isDirty = true;
    const point = pointOf(row, this.#indexes);
    const isLearned = this.#rows >= this.#parts.sampleSize;
    this.#rows++;
    if (point === undefined || point.length === 0) {
      this.#out.row([...row, ...this.#unscored()]);
      return;
    }
    this.#shingle.copyWithin(0, point.length);
    this.#shingle.set(point, this.#shingle.length - point.length);
    this.#shingled++;
    const isWhole = this.#shingled >= this.#parts.shingle;
    const scored = isLearned && isWhole ? this.#scored() : this.#unscored();
    if (isWhole) this.#forest.learn(this.#shingle);
    this.#out.row([...row, ...scored]);
  }

  bound(timeMs: number): void {
    this.#out.bound(timeMs);
  }

  save(changes: StateChanges): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    this.#forest.save(changes);
    changes.put('rows', [this.#rows, this.#shingled, [...this.#shingle]]);
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    const state = cells.get('rows') as [number, number, number[]] | undefined;
    if (state === undefined) return;
    this.#rows = state[0];
    this.#shingled = state[1];
    this.#shingle = Float64Array.from(state[2]);
    this.#forest.restore(cells);
  }

  #scored(): SqlValue[] {
    const { isDirected } = this.#parts;
    if (isDirected === undefined) return [this.#forest.score(this.#shingle)];
    const attribution = this.#forest.explain(this.#shingle);
    const score = sum(attribution.high) + sum(attribution.low);
    return [score, explanation(this.#names, attribution, isDirected)];
  }

  #unscored(): SqlValue[] {
    const { isDirected } = this.#parts;
    if (isDirected === undefined) return [0];
    return [0, explanation(this.#names, NOT_EXPLAINED, isDirected)];
  }
}

const sum = (parts: Float64Array): number => parts.reduce((total, part) => total + part, 0);
