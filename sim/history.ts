/** What happened, line by line, in one order: the hash over all lines is what two runs of one seed must agree on. */
import { createHash } from 'node:crypto';

export class History {
  readonly #hash = createHash('sha256');
  readonly #lines: string[] = [];
  readonly #now: () => number;
  readonly #onLine: ((line: string) => void) | undefined;

  /** `now` is monotonic simulated milliseconds. */
  constructor(now: () => number, onLine?: (line: string) => void) {
    this.#now = now;
    this.#onLine = onLine;
  }

  /** How many lines there are: orders what the clients saw. */
  get length(): number {
    return this.#lines.length;
  }

  add(text: string): void {
    const line = `${(this.#now() / 1000).toFixed(3)} ${text}`;
    this.#hash.update(line).update('\n');
    this.#lines.push(line);
    this.#onLine?.(line);
  }

  digest(): string {
    return this.#hash.copy().digest('hex').slice(0, 16);
  }

  /** The newest lines that name one of `words`, or a fault: what a reader needs first. */
  excerpt(words: readonly string[], linesMax: number): readonly string[] {
    return this.#lines
      .filter((line) => line.includes(' ! ') || words.some((word) => line.includes(word)))
      .slice(-linesMax);
  }
}

/** A record's data as the history names it: without what only makes it longer. */
export function label(data: string): string {
  return data.replace(/\.+$/, (dots) => `+${dots.length}`);
}

/** The history contradicts the model. `words` are what to look for in the history. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly words: readonly string[];

  constructor(message: string, words: readonly string[]) {
    super(message);
    this.words = words;
  }
}
