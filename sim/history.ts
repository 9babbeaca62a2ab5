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

  /**
   * What led to `what`, briefly: the newest lines about the records, sequence numbers, shard or stream that it names, and what went
   * wrong with the machine meanwhile.
   */
  story(what: string): readonly string[] {
    const words = new Set(what.match(RECORDS) ?? []);
    const [place] = SHARD.exec(what) ?? STREAM.exec(what) ?? [];
    const chosen = new Set<number>();
    const choose = (linesMax: number, isChosen: (line: string) => boolean): void => {
      const found = [...this.#lines.keys()].filter((at) => isChosen(this.#lines[at]!));
      for (const at of found.slice(-linesMax)) chosen.add(at);
    };
    choose(20, (line) => partsOf(line).some((part) => words.has(part)));
    choose(20, (line) => place !== undefined && `${line} `.includes(` ${place} `));
    choose(12, (line) => line.includes(' ! '));
    return [...chosen].toSorted((a, b) => a - b).map((at) => shortened(this.#lines[at]!, words));
  }
}

/** What of a line names records: their data as `label` gives it, and their sequence numbers. */
const RECORDS = /\b[dw]\d-\d+(\+\d+)?|\b\d{56}\b/g;
const SHARD = /\bs\d shardId-\d{12}\b/;
const STREAM = /\bs\d\b|\bf\d\.\d+\b/;
/** Of longer lines, only what comes first and last is told, and what is looked for. */
const [FIRST_PARTS, LAST_PARTS] = [8, 3];

function partsOf(line: string): readonly string[] {
  return line.split(/[ =]/);
}

function shortened(line: string, words: ReadonlySet<string>): string {
  const parts = line.split(' ');
  const told = parts.map((part, at) =>
    at < FIRST_PARTS || at >= parts.length - LAST_PARTS || partsOf(part).some((word) => words.has(word))
      ? part
      : '…',
  );
  return told.filter((part, at) => part !== '…' || told[at - 1] !== '…').join(' ');
}

/** A record's data as the history names it: without what only makes it longer. */
export function label(data: string): string {
  return data.replace(/\.+$/, (dots) => `+${dots.length}`);
}

/** The history contradicts the model. What its message names is what to look for in the history. */
export class Violation extends Error {
  override readonly name = 'Violation';
}
