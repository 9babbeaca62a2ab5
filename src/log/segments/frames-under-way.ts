/**
 * Frames on their way to the disk, several at once. However their writes end, they count in their order: a frame counts when it and all
 * before it are durable. When one fails, all behind it fail with it, whether they are durable or not, because their file is given
 * up; those before it still count if they can. So nobody is told of a failure before the last of them has ended.
 */
import type { Frame } from './frame.ts';

type UnderWay = {
  readonly frame: Frame;
  ended: boolean;
  failure: unknown;
};

type Told = {
  /** The oldest of those under way. */
  readonly counts: (frame: Frame) => void;
  /** All that were left, none of which counts, and what happened to the oldest. */
  readonly failed: (frames: readonly Frame[], failure: unknown) => Promise<void>;
  /** After a failure, when none is under way any more: what waited meanwhile may begin. */
  readonly over: () => void;
};

export class FramesUnderWay {
  readonly #told: Told;
  #frames: UnderWay[] = [];
  #failed = false;
  /** Present while someone waits for it. */
  #emptied: PromiseWithResolvers<void> | undefined;

  constructor(told: Told) {
    this.#told = told;
  }

  get count(): number {
    return this.#frames.length;
  }

  /** One of them failed: no other may begin before all have ended. */
  get failed(): boolean {
    return this.#failed;
  }

  get newest(): Frame | undefined {
    return this.#frames.at(-1)?.frame;
  }

  /** A frame begins; `written` settles when it is durable, or failed. */
  add(frame: Frame, written: Promise<void>): void {
    const each: UnderWay = { frame, ended: false, failure: undefined };
    this.#frames.push(each);
    written.then(
      () => this.#ended(each),
      (failure: unknown) => {
        this.#failed = true;
        this.#ended(each, failure);
      },
    );
  }

  /** Resolves when there is none. */
  async empty(): Promise<void> {
    if (this.#frames.length === 0 && !this.#failed) return;
    await (this.#emptied ??= Promise.withResolvers()).promise;
  }

  #ended(each: UnderWay, failure?: unknown): void {
    each.ended = true;
    each.failure = failure;
    while (this.#frames[0]?.ended === true && this.#frames[0].failure === undefined) {
      this.#told.counts(this.#frames.shift()!.frame);
    }
    if (this.#frames.length === 0) this.#tellEmpty();
    else if (this.#frames.every(({ ended }) => ended)) void this.#giveUp();
  }

  async #giveUp(): Promise<void> {
    const left = this.#frames;
    const frames = left.map(({ frame }) => frame);
    await this.#told.failed(frames, left[0]!.failure);
    this.#frames = [];
    this.#failed = false;
    this.#told.over();
    this.#tellEmpty();
  }

  #tellEmpty(): void {
    this.#emptied?.resolve();
    this.#emptied = undefined;
  }
}
