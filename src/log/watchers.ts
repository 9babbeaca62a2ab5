/** Who wants to hear of new records of a partition. Callbacks must not throw; they run in the order in which they came. */
export class Watchers {
  readonly #callbacks = new Set<{ readonly call: () => void }>();

  add(call: () => void): Disposable {
    const entry = { call };
    this.#callbacks.add(entry);
    return {
      [Symbol.dispose]: () => {
        this.#callbacks.delete(entry);
      },
    };
  }

  get empty(): boolean {
    return this.#callbacks.size === 0;
  }

  notify(): void {
    for (const entry of this.#callbacks) entry.call();
  }
}
