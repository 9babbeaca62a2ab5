import type { Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/**
 * The catalog: all durable metadata, changed only in transactions. Implementations: `sqlite/` (embedded; a file, or
 * memory for durability `memory` and simulations), later `postgres/`. One contract suite (`catalog/contract.ts`) runs over all.
 *
 * Promises: a transaction is all or nothing, serializable, and durable (synchronous=FULL) when `transact` resolves. Reading state for the hot path
 * is not done here: rooms keep a snapshot in memory and refresh it after their commits.
 */
export type CatalogTransaction = Transaction<Tables>;

export interface Catalog extends AsyncDisposable {
  /**
   * Runs `change` in one transaction and commits. `change` may be run again after a conflict, so it must have no other
   * effects, and must not use the catalog other than through its argument. What it throws rolls back and is thrown on. Throws `CatalogFullError` on a full disk.
   */
  transact<T>(change: (transaction: CatalogTransaction) => Promise<T>): Promise<T>;
  /** The same for reading only: a consistent view. */
  read<T>(query: (transaction: CatalogTransaction) => Promise<T>): Promise<T>;
  /** Copies a consistent image of the catalog to a new file, while others go on. */
  backup(toPath: string): Promise<void>;
}

/** The catalog cannot be opened or used as it is: corrupt, foreign, too new, or held by another process. The message names it and says what to do. */
export class CatalogUnusableError extends Error {
  override readonly name = 'CatalogUnusableError';
}

/** The disk of the catalog is full. Nothing of the transaction was kept; it can be run again once there is room. */
export class CatalogFullError extends Error {
  override readonly name = 'CatalogFullError';
}
