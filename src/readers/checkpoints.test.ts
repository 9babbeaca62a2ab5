import { openSqliteCatalog } from '../catalog/sqlite/open.ts';
import { createRealHost } from '../host/real/host.ts';
import { createCatalogCheckpoints } from './catalog-checkpoints.ts';
import { describeCheckpoints } from './contract.ts';
import { createMemoryCheckpoints } from './memory-checkpoints.ts';

describeCheckpoints('Memory', async () => createMemoryCheckpoints());
describeCheckpoints('The catalog', async () => {
  const host = createRealHost();
  return createCatalogCheckpoints(await openSqliteCatalog({ host, path: ':memory:' }));
});
