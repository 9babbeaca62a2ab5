/** UNION ALL of streams, and a stream into which several pumps insert: all rows, in the order of their ROWTIMEs. */
import { InOrder } from './in-order.ts';
import type { Operator, Plain, Receiver, StateChanges } from './operator.ts';

export class Merge implements Operator {
  readonly inputs: readonly Receiver[];
  readonly #order: InOrder;

  constructor(count: number, out: Receiver) {
    this.#order = new InOrder(
      count,
      (_, row) => out.row(row),
      (timeMs) => out.bound(timeMs),
    );
    this.inputs = this.#order.inputs;
  }

  save(changes: StateChanges): void {
    this.#order.save(changes);
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    this.#order.restore(cells);
  }
}
