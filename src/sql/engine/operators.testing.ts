/**
 * Runs an operator over steps, whole or with a checkpoint and a restore wherever the dice say so. Whatever comes out is checked against what every
 * operator promises: no ROWTIME goes back, nothing comes below a bound that was given.
 */
import assert from 'node:assert/strict';
import type { Row, SqlValue } from '../value.ts';
import type { Operator, Plain, Receiver, StateChanges } from './operator.ts';

export type Step =
  | { readonly input: number; readonly row: Row }
  | { readonly input: number; readonly boundMs: number };

export type Dice = () => number;

/** Numbers from 0 up to 1, the same for the same seed (Mulberry32). */
export const diceOf = (seed: number): Dice => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

export const below = (dice: Dice, limit: number): number => Math.floor(dice() * limit);

export class Collector implements Receiver {
  readonly rows: Row[] = [];
  #timeMs = -Infinity;

  row(row: Row): void {
    const timeMs = row[0] as number;
    assert.ok(timeMs >= this.#timeMs, `a row of ${timeMs} comes after ${this.#timeMs}`);
    this.#timeMs = timeMs;
    this.rows.push(row);
  }

  bound(timeMs: number): void {
    if (timeMs > this.#timeMs) this.#timeMs = timeMs;
  }
}

/** A checkpoint, kept as whoever runs the program would keep it. */
export class Checkpoint implements StateChanges {
  readonly cells = new Map<string, Plain>();
  puts = 0;

  put(cell: string, state: Plain): void {
    this.puts++;
    this.cells.set(cell, structuredClone(state));
  }

  drop(cell: string): void {
    assert.ok(this.cells.delete(cell), `cell ${cell} is dropped, and was not there`);
  }
}

export const give = (operator: Operator, step: Step): void => {
  const input = operator.inputs[step.input] as Receiver;
  if ('row' in step) input.row(step.row);
  else input.bound(step.boundMs);
};

/** Every input ends. */
export const end = (operator: Operator): void => {
  for (const input of operator.inputs) input.bound(Infinity);
};

export const runWhole = (make: (out: Receiver) => Operator, steps: readonly Step[]): readonly Row[] => {
  const out = new Collector();
  const operator = make(out);
  for (const step of steps) give(operator, step);
  end(operator);
  return out.rows;
};

/** The same steps, with checkpoints between them, from some of which another operator takes over. */
export const runRestored = (
  make: (out: Receiver) => Operator,
  steps: readonly Step[],
  dice: Dice,
): readonly Row[] => {
  const out = new Collector();
  const checkpoint = new Checkpoint();
  let operator = make(out);
  for (const step of steps) {
    give(operator, step);
    if (dice() < 0.3) operator.save(checkpoint);
    if (dice() < 0.1) {
      operator.save(checkpoint);
      operator = make(out);
      operator.restore(structuredClone(checkpoint.cells));
    }
  }
  end(operator);
  return out.rows;
};

/** Rows whose times go on by 0 to `gapMs`, with bounds between them; `columns` makes the rest of a row. */
export const randomSteps = (
  dice: Dice,
  options: {
    readonly count: number;
    readonly gapMs: number;
    readonly inputs?: number;
    readonly columns: (dice: Dice) => readonly SqlValue[];
  },
): readonly Step[] => {
  const { count, gapMs, inputs = 1, columns } = options;
  const times = Array.from({ length: inputs }, () => 1_000_000);
  const steps: Step[] = [];
  for (let index = 0; index < count; index++) {
    const input = below(dice, inputs);
    times[input] = (times[input] as number) + (dice() < 0.3 ? 0 : below(dice, gapMs));
    const timeMs = times[input];
    if (dice() < 0.15) steps.push({ input, boundMs: timeMs });
    else steps.push({ input, row: [timeMs, ...columns(dice)] });
  }
  return steps;
};

export const noErrors = (error: Error): never => {
  throw error;
};

/** COUNT and SUM of whole numbers, as plain as can be. */
export const rowsOf = (steps: readonly Step[], input = 0): readonly Row[] =>
  steps.flatMap((step) => (step.input === input && 'row' in step ? [step.row] : []));
