/**
 * Puts together the text of one function. Names are its own (`v1`, `c1`), and every value from a program is a constant that is handed in, a number, or
 * a text through `JSON.stringify`, so nothing of a program's text can become code.
 */
import type { InlineCode } from '../functions/definition.ts';
import type { SqlValue } from '../value.ts';

/** A name or a literal: what may be repeated at will. */
export type Atom = { readonly code: string; readonly canBeNull: boolean };

const TEXT_INLINE_MAX = 200;

export class CodeWriter implements InlineCode {
  readonly #lines: string[] = [];
  readonly #constants: unknown[] = [];
  readonly #names = new Map<unknown, string>();
  /** What has been evaluated already, by its key: one map for each block that is open. */
  readonly #known: Map<string, Atom>[] = [new Map()];
  #count = 0;

  line(text: string): void {
    this.#lines.push(text);
  }

  constant(value: unknown): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const name = `c${this.#constants.length}`;
    this.#constants.push(value);
    this.#names.set(value, name);
    return name;
  }

  variable(): string {
    const name = this.#fresh();
    this.line(`let ${name};`);
    return name;
  }

  #fresh(): string {
    return `v${++this.#count}`;
  }

  literal(value: SqlValue): Atom {
    if (value === null) return { code: 'null', canBeNull: true };
    return { code: this.#literalCode(value), canBeNull: false };
  }

  #literalCode(value: NonNullable<SqlValue>): string {
    if (typeof value === 'number')
      return value < 0 || Object.is(value, -0) ? `(${value + 0})` : String(value);
    if (typeof value === 'boolean') return String(value);
    if (typeof value === 'bigint') return `(${value}n)`;
    if (typeof value === 'string' && value.length <= TEXT_INLINE_MAX) return JSON.stringify(value);
    return this.constant(value);
  }

  /** Evaluates now, or finds that it has been: the same text has the same value. */
  define(code: string, canBeNull: boolean): Atom {
    const known = this.find(code);
    if (known !== undefined) return known;
    const atom = this.#define(code, canBeNull);
    this.remember(code, atom);
    return atom;
  }

  #define(code: string, canBeNull: boolean): Atom {
    const name = this.#fresh();
    this.line(`const ${name} = ${code};`);
    return { code: name, canBeNull };
  }

  /** `if (condition) { … }`: what is evaluated inside is not known behind it. */
  block(condition: string, inside: () => void): void {
    this.line(`if (${condition}) {`);
    this.#inside(inside);
    this.line('}');
  }

  /** A block that the given line leaves. What is evaluated inside is known to the rest of the inside only. */
  labeled(inside: (leave: string) => void): void {
    const label = this.#fresh();
    this.line(`${label}: {`);
    this.#inside(() => inside(`break ${label};`));
    this.line('}');
  }

  #inside(write: () => void): void {
    this.#known.push(new Map());
    write();
    this.#known.pop();
  }

  find(key: string): Atom | undefined {
    for (const known of this.#known) {
      const atom = known.get(key);
      if (atom !== undefined) return atom;
    }
    return undefined;
  }

  remember(key: string, atom: Atom): void {
    this.#known.at(-1)!.set(key, atom);
  }

  /** The function of a row, with all lines and this result. */
  build(result: string): (row: never) => unknown {
    const names = this.#constants.map((_, index) => `c${index}`);
    // oxlint-disable-next-line no-implied-eval, no-new-func -- This is the compiler: see above for what can stand in the text.
    const make = new Function(
      ...names,
      `'use strict';\nreturn (row) => {\n${this.#lines.join('\n')}\nreturn ${result};\n};`,
    );
    return make(...this.#constants) as (row: never) => unknown;
  }
}
