/**
 * HOTSPOTS: each row with the regions in which the last rows lie close together. Rows belong to one region where a way leads from one to the other in
 * steps of at most the scan radius; a region with enough rows is a hotspot. Its density is their number by the volume of the box around them, a side of
 * no length counting as the scan radius.
 */
import type { Operator, Plain, Receiver, StateChanges } from '../engine/operator.ts';
import { Queue } from '../engine/state/queue.ts';
import type { Column } from '../types.ts';
import type { Row } from '../value.ts';
import { numericIndexes, pointOf } from './numbers-of-row.ts';

export type HotspotsFunction = {
  readonly columns: readonly Column[];
  readonly windowSize: number;
  readonly scanRadius: number;
  readonly pointsMin: number;
};

type Place = { readonly point: Float64Array; readonly near: Set<Place>; visit: number };

export class Hotspots implements Operator, Receiver {
  readonly inputs = [this];
  readonly #parts: HotspotsFunction;
  readonly #indexes: readonly number[];
  readonly #out: Receiver;
  readonly #places: Place[] = [];
  readonly #points = new Queue<number[]>();
  #visits = 0;
  #isDirty = false;

  constructor(parts: HotspotsFunction, out: Receiver) {
    this.#parts = parts;
    this.#indexes = numericIndexes(parts.columns);
    this.#out = out;
  }

  row(row: Row): void {
    const point = pointOf(row, this.#indexes);
    if (point !== undefined) {
      this.#isDirty = true;
      if (this.#places.length === this.#parts.windowSize) {
        this.#points.shift();
        const gone = this.#places.shift() as Place;
        for (const neighbour of gone.near) neighbour.near.delete(gone);
      }
      this.#points.push([...point]);
      this.#add(point);
    }
    this.#out.row([...row, JSON.stringify({ hotspots: this.#hotspots() })]);
  }

  bound(timeMs: number): void {
    this.#out.bound(timeMs);
  }

  save(changes: StateChanges): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    changes.put('points', this.#points.save('point', changes));
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    const state = cells.get('points');
    if (state === undefined) return;
    this.#points.restore('point', state, cells);
    for (let number = this.#points.first; number < this.#points.end; number++)
      this.#add(Float64Array.from(this.#points.at(number)));
  }

  #add(point: Float64Array): void {
    const added: Place = { point, near: new Set(), visit: 0 };
    const radius = this.#parts.scanRadius ** 2;
    for (const place of this.#places) {
      let distance = 0;
      for (let dimension = 0; dimension < point.length && distance <= radius; dimension++)
        distance += ((point[dimension] as number) - (place.point[dimension] as number)) ** 2;
      if (distance > radius) continue;
      place.near.add(added);
      added.near.add(place);
    }
    this.#places.push(added);
  }

  #hotspots(): readonly unknown[] {
    const visit = ++this.#visits;
    const found: unknown[] = [];
    for (const start of this.#places) {
      if (start.visit === visit) continue;
      start.visit = visit;
      const region = [start];
      for (const place of region)
        for (const neighbour of place.near) {
          if (neighbour.visit === visit) continue;
          neighbour.visit = visit;
          region.push(neighbour);
        }
      if (region.length >= this.#parts.pointsMin) found.push(this.#describe(region));
    }
    return found;
  }

  #describe(region: readonly Place[]): unknown {
    const minValues = this.#indexes.map((_, dimension) =>
      region.reduce((least, { point }) => Math.min(least, point[dimension] as number), Infinity),
    );
    const maxValues = this.#indexes.map((_, dimension) =>
      region.reduce((most, { point }) => Math.max(most, point[dimension] as number), -Infinity),
    );
    const volume = minValues.reduce(
      (product, least, dimension) =>
        product * ((maxValues[dimension] as number) - least || this.#parts.scanRadius),
      1,
    );
    return { density: region.length / volume, minValues, maxValues };
  }
}
