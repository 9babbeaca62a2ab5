/**
 * One call of an aggregate function over the rows of an operator's input. The arguments of all calls are read first, so that a row with an error in one
 * of them is in none of the results.
 */
import type { Accumulator } from '../functions/function.ts';
import type { Row, SqlValue } from '../value.ts';

export class Tally {
  readonly accumulator: () => Accumulator;
  readonly #args: readonly ((row: Row) => SqlValue)[];
  /** Used again for the next row: accumulators keep values, never the array. */
  readonly #values: SqlValue[];

  constructor(accumulator: () => Accumulator, args: readonly ((row: Row) => SqlValue)[]) {
    this.accumulator = accumulator;
    this.#args = args;
    this.#values = args.map(() => null);
  }

  /** Throws the row error of an argument. */
  read(row: Row): void {
    const args = this.#args;
    for (let index = 0; index < args.length; index++)
      this.#values[index] = (args[index] as (row: Row) => SqlValue)(row);
  }

  /** Adds what was read. */
  add(accumulator: Accumulator): void {
    accumulator.add(this.#values);
  }
}

export const readAll = (tallies: readonly Tally[], row: Row): void => {
  for (let call = 0; call < tallies.length; call++) (tallies[call] as Tally).read(row);
};

/** `accumulators`: one for each tally. */
export const addAll = (tallies: readonly Tally[], accumulators: readonly Accumulator[]): void => {
  for (let call = 0; call < tallies.length; call++)
    (tallies[call] as Tally).add(accumulators[call] as Accumulator);
};

export const newAccumulators = (tallies: readonly Tally[]): Accumulator[] =>
  tallies.map((tally) => tally.accumulator());

export const restoredAccumulators = (tallies: readonly Tally[], states: readonly unknown[]): Accumulator[] =>
  tallies.map((tally, call) => {
    const accumulator = tally.accumulator();
    accumulator.restore(states[call]);
    return accumulator;
  });
