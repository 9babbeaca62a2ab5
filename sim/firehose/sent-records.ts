/** The records that producers sent to one place, a stream or a delivery stream, and what they were told of them. */

export type SentRecord = {
  /** No other has it. */
  readonly name: string;
  readonly text: string;
  /** The first time, as all moments in lines of the history; and what the wall clock showed then. */
  readonly sentAt: number;
  readonly sentMs: number;
  /** Its place among those that were sent with it. */
  readonly order: number;
  /** Infinity until then. */
  ackedAt: number;
  /** Where a stream has it: known once it is acknowledged. Another stream's, of the same name, is another. */
  shard: object | undefined;
  /** How often it was sent and not refused: each answer that was lost may have been a yes. */
  tries: number;
};

export class SentRecords {
  readonly #byName = new Map<string, SentRecord>();

  find(name: string): SentRecord | undefined {
    return this.#byName.get(name);
  }

  all(): Iterable<SentRecord> {
    return this.#byName.values();
  }

  /** Sent: perhaps again. */
  attempt(text: string, order: number, now: number, wallMs: number): void {
    const name = nameOf(text);
    const known = this.#byName.get(name);
    if (known !== undefined) known.tries++;
    else {
      const moments = { sentAt: now, sentMs: wallMs, ackedAt: Infinity };
      this.#byName.set(name, { name, text, ...moments, order, shard: undefined, tries: 1 });
    }
  }

  /** Nothing was written, that time. */
  refused(text: string): void {
    this.#byName.get(nameOf(text))!.tries--;
  }

  acknowledged(text: string, now: number, shard?: object): void {
    const one = this.#byName.get(nameOf(text))!;
    one.ackedAt = Math.min(one.ackedAt, now);
    one.shard = shard;
  }
}

/** What a record is called: its data without what only makes it longer. */
export function nameOf(text: string): string {
  return /[dw]\d+-\d+/.exec(text)?.[0] ?? text.slice(0, 40);
}

/** Functions fail it, and domains do not take it. */
export function isUnfit(name: string): boolean {
  return name.endsWith('9');
}

/** Functions drop it. */
export function isDropped(name: string): boolean {
  return name.endsWith('7');
}
