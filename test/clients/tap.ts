/**
 * The few lines of TAP that our clients print: `ok 1 - name`, `not ok 2 - name`, and the plan `1..N` at the end. The plan is
 * what tells a finished program from one that left early with exit code 0.
 */
export type TapCase = { readonly name: string; readonly passed: boolean };

export class TapReader {
  readonly #onCase: (tapCase: TapCase) => void;
  #rest = '';
  #seen = 0;
  #planned: number | undefined;

  constructor(onCase: (tapCase: TapCase) => void) {
    this.#onCase = onCase;
  }

  write(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#readLine(line);
  }

  #readLine(line: string): void {
    const result = /^(not )?ok \d+ - (.*)$/.exec(line);
    if (result !== null) {
      this.#seen++;
      this.#onCase({ name: result[2]!, passed: result[1] === undefined });
    }
    const plan = /^1\.\.(\d+)$/.exec(line);
    if (plan !== null) this.#planned = Number(plan[1]);
  }

  /** Why the program did not report all it had to; undefined when it did. */
  complaint(): string | undefined {
    if (this.#seen === 0) return 'it reported no case';
    if (this.#planned === undefined) return `it ended after ${this.#seen} cases without its plan`;
    if (this.#planned !== this.#seen) return `it planned ${this.#planned} cases and reported ${this.#seen}`;
    return undefined;
  }
}
