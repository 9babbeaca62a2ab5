/**
 * At start, before anything is served: makes the logs agree with the catalog, which is the truth. What a crash left between the two is either a
 * log without a row, which is removed, or a row without a log, which is made. Keys of delivery streams that are gone, or that
 * were never committed, are forgotten. What was pending goes on by itself (lifecycle.ts).
 */
import { isOfFirehose } from '../../base/log-owner.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import type { RecordLog } from '../../log/log.ts';
import type { DeliveryStreamDirectory } from '../directory/delivery-stream-state.ts';
import { PUT_PARTITION } from '../intake/put-log.ts';

export async function recoverDeliveryStreams(parts: {
  readonly catalog: Catalog;
  readonly directory: DeliveryStreamDirectory;
  readonly log: RecordLog;
  readonly keys: KeyRing;
}): Promise<void> {
  const { catalog, directory, log, keys } = parts;
  const logs = log.logs();
  for (const id of logs.keys()) {
    if (isOfFirehose(id) && directory.byId(id) === undefined) await log.dropLog(id);
  }
  for (const { id, status } of directory.all()) {
    // Its log is made when its creation completes.
    if (status === 'CREATING' || logs.has(id)) continue;
    await log.createLog(id, [PUT_PARTITION]);
  }
  const keyed = await catalog.read((transaction) =>
    transaction.selectFrom('data_keys').select('log_id').distinct().execute(),
  );
  for (const { log_id: id } of keyed) {
    if (isOfFirehose(id) && directory.byId(id) === undefined) await keys.forget(id);
  }
}
