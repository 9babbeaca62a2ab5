import { Violation } from './history.ts';

/** A possible value that says nothing. */
export const ANYTHING = 'anything';

/** What may be true of things that have one value at a time: settings, tags, consumers. */
export class Facts {
  readonly #name: string;
  readonly #possible = new Map<string, ReadonlySet<string>>();

  constructor(name: string) {
    this.#name = name;
  }

  possible(fact: string): ReadonlySet<string> {
    return this.#possible.get(fact) ?? new Set(['none']);
  }

  is(fact: string, value: string): boolean {
    return this.possible(fact).size === 1 && this.possible(fact).has(value);
  }

  /** A change was asked for, and it is known that it was made, or it is not. */
  change(fact: string, value: string, made: boolean): void {
    this.#possible.set(fact, new Set(made ? [value] : [...this.possible(fact), value]));
  }

  /** The server says so; from now on nothing else is true. */
  observe(fact: string, value: string): void {
    const possible = this.possible(fact);
    if (!possible.has(value) && !possible.has(ANYTHING))
      throw new Violation(
        `${this.#name}: ${fact} is ${value}, and may only be ${[...possible].join(' or ')}`,
      );
    this.#possible.set(fact, new Set([value]));
  }

  names(): Iterable<string> {
    return this.#possible.keys();
  }
}
