/** Runs tasks one after another. A task that fails does not keep the next from running. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  run<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => {});
    return result;
  }

  /** Resolves when everything that was asked for so far has run. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
