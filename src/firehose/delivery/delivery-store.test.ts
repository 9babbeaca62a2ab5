import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSqliteCatalog } from '../../catalog/sqlite/open.ts';
import { createRealHost } from '../../host/real/host.ts';
import { createCatalogCheckpoints } from '../../readers/catalog-checkpoints.ts';
import type { KeptDelivery } from './delivery-row.ts';
import { DeliveryStore } from './delivery-store.ts';
import { PackedIdentities } from './packed-identities.ts';

test('a delivery that is recorded again replaces what was recorded of it', async () => {
  await using catalog = await openSqliteCatalog({ host: createRealHost(), path: ':memory:' });
  const ownership = await createCatalogCheckpoints(catalog).claim('stream', 'test');
  const store = new DeliveryStore(catalog);
  const whole = delivery(3);
  await store.commit(ownership, { added: [whole] });
  const smaller = delivery(1);
  await store.commit(ownership, { added: [smaller] });
  assert.deepEqual(await store.read('stream'), { pending: [smaller], finished: [] });
  await store.commit(ownership, { finished: [smaller] });
  const { pending, finished } = await store.read('stream');
  assert.deepEqual([pending.length, finished.length], [0, 1]);
});

/** Of records at the positions 1 to `count`. */
function delivery(count: number): KeptDelivery {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    lane: 'main',
    objectKey: 'key',
    identities: PackedIdentities.of(new Map([['unit', [[1, count, 0, 0] as const]]])),
    records: count,
    bytes: count * 10,
    oldestArrivalMs: 1000,
    createdMs: 2000,
    failures: undefined,
    attempts: 4,
    retryUsedMs: 17_000,
    kept: new Map([['copyUsedMs', 300_000]]),
  };
}
