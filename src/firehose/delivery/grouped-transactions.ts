/**
 * Transactions of many, grouped: what comes while one is under way shares the next, so that five hundred partitions that are closed at once, or five
 * thousand delivery streams that begin at a start, cost a few syncs and not thousands.
 */
import type { Catalog, CatalogTransaction } from '../../catalog/catalog.ts';
import { StaleOwnerError } from '../../readers/checkpoints.ts';

const STEPS_MAX = 200;

type Step = {
  readonly run: (transaction: CatalogTransaction) => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  stale: unknown;
};

export class GroupedTransactions implements Pick<Catalog, 'transact'> {
  readonly #catalog: Pick<Catalog, 'transact'>;
  readonly #waiting: Step[] = [];
  #writing = false;

  constructor(catalog: Pick<Catalog, 'transact'>) {
    this.#catalog = catalog;
  }

  /** As the catalog's. A step that throws `StaleOwnerError` must not have written before; then only it is refused, and all else fails all. */
  transact<T>(change: (transaction: CatalogTransaction) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      let changed: T;
      this.#waiting.push({
        async run(transaction) {
          changed = await change(transaction);
        },
        resolve: () => resolve(changed),
        reject,
        stale: undefined,
      });
      if (!this.#writing) void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, STEPS_MAX);
      try {
        await this.#catalog.transact(async (transaction) => {
          for (const step of group) await runStep(transaction, step);
        });
        for (const { stale, resolve, reject } of group) {
          if (stale === undefined) resolve();
          else reject(stale);
        }
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#writing = false;
  }
}

/** A transaction may be run again. */
async function runStep(transaction: CatalogTransaction, step: Step): Promise<void> {
  step.stale = undefined;
  try {
    await step.run(transaction);
  } catch (error) {
    if (!(error instanceof StaleOwnerError)) throw error;
    step.stale = error;
  }
}
