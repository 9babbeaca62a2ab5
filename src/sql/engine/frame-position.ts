/** FIRST_VALUE, LAST_VALUE, NTH_VALUE and LAG: one value of the frame, found by its place. Nothing is kept but the frame itself. */
import type { SqlValue } from '../value.ts';
import type { Arguments, Frame, FrameResult } from './frame.ts';
import type { Plain } from './operator.ts';

export type Position = 'FIRST_VALUE' | 'LAST_VALUE' | 'NTH_VALUE' | 'LAG';

export class PositionResult implements FrameResult {
  readonly #position: Position;
  readonly #args: Arguments;
  readonly #isIgnoringNulls: boolean;
  readonly #isFromLast: boolean;

  constructor(
    position: Position,
    args: Arguments,
    options: { readonly isIgnoringNulls: boolean; readonly isFromLast: boolean },
  ) {
    this.#position = position;
    this.#args = args;
    this.#isIgnoringNulls = options.isIgnoringNulls;
    this.#isFromLast = options.isFromLast;
  }

  enter(): void {
    // The frame has the entries.
  }

  leave(): void {
    // The frame has the entries.
  }

  clear(): void {
    // Keeps nothing.
  }

  result(frame: Frame): SqlValue {
    const { entries, end } = frame;
    switch (this.#position) {
      case 'FIRST_VALUE':
        return this.#forward(frame, entries.first, 1);
      case 'LAST_VALUE':
        return this.#backward(frame, end - 1, 1);
      case 'NTH_VALUE': {
        const count = this.#option(frame, 1, 1) as number | null;
        if (count === null || count < 1) return null;
        return this.#isFromLast
          ? this.#backward(frame, end - 1, count)
          : this.#forward(frame, entries.first, count);
      }
      case 'LAG': {
        const count = this.#option(frame, 1, 1) as number | null;
        if (count === null || count < 0) return null;
        const found = this.#lag(frame, count);
        return found === undefined ? this.#option(frame, 2, null) : found;
      }
    }
  }

  save(): Plain {
    return null;
  }

  restore(): void {
    // Keeps nothing.
  }

  /** The value `count` rows before the current one, or undefined where the frame does not reach that far. */
  #lag({ entries, end }: Frame, count: number): SqlValue | undefined {
    const { from } = this.#args;
    if (!this.#isIgnoringNulls || count === 0) {
      const number = end - 1 - count;
      return number >= entries.first ? (entries.at(number)[from] as SqlValue) : undefined;
    }
    let left = count;
    for (let number = end - 2; number >= entries.first; number--) {
      const value = entries.at(number)[from] as SqlValue;
      if (value !== null && --left === 0) return value;
    }
    return undefined;
  }

  #forward({ entries, end }: Frame, start: number, count: number): SqlValue {
    const { from } = this.#args;
    if (!this.#isIgnoringNulls) {
      const number = start + count - 1;
      return number < end ? (entries.at(number)[from] as SqlValue) : null;
    }
    let left = count;
    for (let number = start; number < end; number++) {
      const value = entries.at(number)[from] as SqlValue;
      if (value !== null && --left === 0) return value;
    }
    return null;
  }

  #backward({ entries }: Frame, start: number, count: number): SqlValue {
    const { from } = this.#args;
    if (!this.#isIgnoringNulls) {
      const number = start - count + 1;
      return number >= entries.first ? (entries.at(number)[from] as SqlValue) : null;
    }
    let left = count;
    for (let number = start; number >= entries.first; number--) {
      const value = entries.at(number)[from] as SqlValue;
      if (value !== null && --left === 0) return value;
    }
    return null;
  }

  /** An argument behind the first, as it is for the current row. */
  #option({ entries }: Frame, index: number, otherwise: SqlValue): SqlValue {
    if (index >= this.#args.count) return otherwise;
    return entries.at(entries.end - 1)[this.#args.from + index] as SqlValue;
  }
}
