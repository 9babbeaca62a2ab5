/**
 * What has a name in an account and region, in memory, each as one frozen snapshot of its rows. Loads run one after another, so that a
 * snapshot never goes back in time, and watchers hear of changes in the order in which they were loaded.
 */

type Named = {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
};

type OnChange<T> = (before: T | undefined, now: T | undefined) => void;
type Place<T> = { readonly byName: Map<string, T>; sorted: readonly T[] | undefined };

export class Snapshots<T extends Named> {
  readonly #byId = new Map<string, T>();
  readonly #places = new Map<string, Place<T>>();
  readonly #watchers = new Set<OnChange<T>>();
  readonly #versionOf: (snapshot: T) => number;
  #loading: Promise<void> = Promise.resolve();

  /** `versionOf` grows with each committed change. */
  constructor(versionOf: (snapshot: T) => number) {
    this.#versionOf = versionOf;
  }

  byName(account: string, region: string, name: string): T | undefined {
    return this.#places.get(`${account}/${region}`)?.byName.get(name);
  }

  byId(id: string): T | undefined {
    return this.#byId.get(id);
  }

  /** All of an account and region, by name ascending. */
  list(account: string, region: string): readonly T[] {
    const place = this.#places.get(`${account}/${region}`);
    if (place === undefined) return [];
    place.sorted ??= [...place.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return place.sorted;
  }

  all(): Iterable<T> {
    return this.#byId.values();
  }

  watch(onChange: OnChange<T>): Disposable {
    this.#watchers.add(onChange);
    return { [Symbol.dispose]: () => void this.#watchers.delete(onChange) };
  }

  protected inOrder(load: () => Promise<void>): Promise<void> {
    const done = this.#loading.then(load);
    this.#loading = done.catch(() => {});
    return done;
  }

  /** `now` as it was just loaded; undefined when it has gone. */
  protected put(id: string, now: T | undefined): void {
    const before = this.#byId.get(id);
    if (before === now) return;
    if (before !== undefined && now !== undefined && this.#versionOf(before) === this.#versionOf(now)) return;
    if (before !== undefined) this.#place(before).byName.delete(before.name);
    if (now === undefined) this.#byId.delete(id);
    else {
      this.#byId.set(id, now);
      this.#place(now).byName.set(now.name, now);
    }
    for (const watcher of [...this.#watchers]) watcher(before, now);
  }

  /** The place's snapshots, about to change. */
  #place({ account, region }: T): Place<T> {
    const key = `${account}/${region}`;
    let place = this.#places.get(key);
    if (place === undefined) this.#places.set(key, (place = { byName: new Map(), sorted: undefined }));
    place.sorted = undefined;
    return place;
  }
}
