/**
 * A join of two streams. Rows of both are taken in the order of their ROWTIMEs, and each meets the other side's rows that are still there (see
 * `join-side.ts`); a pair is given at once, with the later ROWTIME. A side without a window has its current rows only: those of one ROWTIME. A row that
 * an outer join keeps and that met none is given when it goes, with the last time at which it could have met one.
 */
import type { JoinKind, JoinWindow } from '../plan/plan.ts';
import { ROWTIME_INDEX, type Row } from '../value.ts';
import { InOrder } from './in-order.ts';
import { JoinSide, lookupKey, type LookupKey, type Stay } from './join-side.ts';
import type { KeyOf } from './key-map.ts';
import type { Operator, Plain, Receiver, StateChanges } from './operator.ts';
import { rowErrorOf, type RowErrors } from './row-errors.ts';

export type JoinSideParts = {
  readonly keys: readonly KeyOf[];
  readonly window: JoinWindow | undefined;
  /** Of a row of this side, its ROWTIME among them. */
  readonly width: number;
};

export type JoinParts = {
  readonly kind: JoinKind;
  readonly left: JoinSideParts;
  readonly right: JoinSideParts;
  readonly condition: ((row: Row) => boolean) | undefined;
};

const LEFT = 0;
const RIGHT = 1;

export class Join implements Operator {
  readonly inputs: readonly Receiver[];
  readonly #order: InOrder;
  readonly #parts: readonly [JoinSideParts, JoinSideParts];
  readonly #sides: readonly [JoinSide, JoinSide];
  readonly #keeps: readonly [boolean, boolean];
  readonly #condition: ((row: Row) => boolean) | undefined;
  readonly #errors: readonly [RowErrors, RowErrors, RowErrors];
  readonly #out: Receiver;
  #timeMs = -Infinity;
  #savedMs = -Infinity;

  /** `errors`: of a row of the left side, of the right side, of a pair. */
  constructor(parts: JoinParts, errors: readonly [RowErrors, RowErrors, RowErrors], out: Receiver) {
    const { kind, left, right } = parts;
    this.#parts = [left, right];
    this.#sides = [
      new JoinSide('left', stayOf(left.window, right.window)),
      new JoinSide('right', stayOf(right.window, left.window)),
    ];
    this.#keeps = [kind === 'LEFT' || kind === 'FULL', kind === 'RIGHT' || kind === 'FULL'];
    this.#condition = parts.condition;
    this.#errors = errors;
    this.#out = out;
    this.#order = new InOrder(
      2,
      (input, row) => this.#take(input as 0 | 1, row),
      (timeMs) => this.#bound(timeMs),
    );
    this.inputs = this.#order.inputs;
  }

  save(changes: StateChanges): void {
    this.#order.save(changes);
    for (const side of this.#sides) side.save(changes);
    if (this.#timeMs === this.#savedMs) return;
    this.#savedMs = this.#timeMs;
    changes.put('time', this.#timeMs);
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    this.#order.restore(cells);
    for (const side of this.#sides) side.restore(cells);
    this.#timeMs = (cells.get('time') as number | undefined) ?? -Infinity;
  }

  #take(input: 0 | 1, row: Row): void {
    const timeMs = row[ROWTIME_INDEX] as number;
    this.#timeMs = timeMs;
    this.#release(timeMs);
    let key: LookupKey;
    try {
      key = lookupKey(this.#parts[input].keys, row);
    } catch (error) {
      this.#errors[input](rowErrorOf(error), row);
      this.#out.bound(timeMs);
      return;
    }
    const own = this.#sides[input];
    const other = this.#sides[input === LEFT ? RIGHT : LEFT];
    let hasMet = false;
    other.forEachWith(key, (number) => {
      const match = other.rowAt(number);
      const pair = input === LEFT ? [timeMs, ...row, ...match] : [timeMs, ...match, ...row];
      try {
        if (this.#condition !== undefined && !this.#condition(pair)) return;
      } catch (error) {
        this.#errors[2](rowErrorOf(error), pair);
        return;
      }
      hasMet = true;
      other.hasMet(number);
      this.#out.row(pair);
    });
    own.add(row, key, hasMet, other.count);
    this.#release(timeMs);
    this.#out.bound(timeMs);
  }

  #bound(timeMs: number): void {
    this.#release(timeMs);
    if (timeMs < Infinity) this.#timeMs = timeMs;
    this.#out.bound(timeMs);
  }

  /** Lets go what can meet no row from this time on, in the order of its end. */
  #release(timeMs: number): void {
    const [left, right] = this.#sides;
    for (;;) {
      const isLeftGone = left.isFirstGone(timeMs, right.count);
      const isRightGone = right.isFirstGone(timeMs, left.count);
      if (!isLeftGone && !isRightGone) return;
      if (isLeftGone && (!isRightGone || left.firstEndMs <= right.firstEndMs)) this.#letGo(LEFT);
      else this.#letGo(RIGHT);
    }
  }

  #letGo(input: 0 | 1): void {
    const side = this.#sides[input];
    // Where rows count, or nothing ends the window, it goes at the time that it is now.
    const endMs = Number.isFinite(side.firstEndMs) ? side.firstEndMs : this.#timeMs;
    const row = side.shift();
    if (row === undefined || !this.#keeps[input]) return;
    const other = Array<null>(this.#parts[input === LEFT ? RIGHT : LEFT].width).fill(null);
    this.#out.row(input === LEFT ? [endMs, ...row, ...other] : [endMs, ...other, ...row]);
  }
}

/** `FOLLOWING` of the other side is a look ahead: this side's rows wait for it. */
const stayOf = (own: JoinWindow | undefined, other: JoinWindow | undefined): Stay => ({
  ms: Math.max(
    own === undefined ? 0 : own.unit === 'RANGE' ? own.precedingMs : -Infinity,
    other?.unit === 'RANGE' && other.followingMs > 0 ? other.followingMs : -Infinity,
  ),
  rows: own?.unit === 'ROWS' ? Math.max(1, own.precedingRows) : 0,
  otherRows: other?.unit === 'ROWS' ? other.followingRows : 0,
});
