/** The real catalog with a place to crash before and after each commit, named by the file whose transaction it is. */
import type { Catalog } from '../../../src/catalog/catalog.ts';
import { openSqliteCatalog as openCatalog } from '../../../src/catalog/sqlite/open.ts';
import { around, reach } from './reach.ts';

export async function openSqliteCatalog(options: Parameters<typeof openCatalog>[0]): Promise<Catalog> {
  const catalog = await around('catalog.open', () => openCatalog(options));
  return {
    async transact(change) {
      const name = `catalog.${callerOf(new Error().stack ?? '')}`;
      const result = await catalog.transact(async (transaction) => {
        const changed = await change(transaction);
        reach(`${name}.before`);
        return changed;
      });
      reach(`${name}.after`);
      return result;
    },
    read: (query) => catalog.read(query),
    backup: (toPath) => catalog.backup(toPath),
    [Symbol.asyncDispose]: () => catalog[Symbol.asyncDispose](),
  };
}

/** The name of the nearest file that asked for the transaction for its own sake. */
function callerOf(stack: string): string {
  for (const [, name] of stack.matchAll(/\/src\/[\w/-]+\/([\w-]+)\.ts:/g)) {
    if (name !== 'change-stream') return name!;
  }
  return 'unknown';
}
