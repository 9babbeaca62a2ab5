/**
 * What one run of a program has: its time, and how much it may still do. A record comes from outside, so nothing that a
 * record can make a program do may go on without being charged here.
 */
import { JqRefusal } from './errors.ts';
import type { Json } from './value.ts';

export class Machine {
  nowMs = 0;
  stepsLeft = 0;
  depth = 0;
}

/** Calls inside calls. Each takes several frames of JavaScript's stack, of which there is about a megabyte. */
export const CALLS_DEEP_MAX = 2_000;
/** The longest string that a program may build, in UTF-16 units, and the longest array. */
const STRING_LENGTH_MAX = 16 * 1024 * 1024;
const ARRAY_LENGTH_MAX = 4 * 1024 * 1024;

export function charge(machine: Machine, steps: number): void {
  if ((machine.stepsLeft -= steps) < 0)
    throw new JqRefusal('steps', 'The program took more steps than it may for one value.');
}

export function chargeString(machine: Machine, length: number): void {
  if (length > STRING_LENGTH_MAX)
    throw new JqRefusal('size', `The program made a string longer than ${STRING_LENGTH_MAX}.`);
  charge(machine, 1 + (length >>> 5));
}

export function chargeArray(machine: Machine, length: number): void {
  if (length > ARRAY_LENGTH_MAX)
    throw new JqRefusal('size', `The program made an array longer than ${ARRAY_LENGTH_MAX}.`);
  charge(machine, 1 + (length >>> 3));
}

/** An error on its way to the `try` that catches it. Not an `Error`: no stack is wanted, and records raise many. */
export class Raised {
  readonly value: Json;

  constructor(value: Json) {
    this.value = value;
  }
}

export function raise(value: Json): never {
  throw new Raised(value);
}
