/**
 * At start, before anything is served: makes logs and keys agree with the catalog, which is the truth. A journal without its application is
 * removed; keys of applications that are gone, or that were never committed, are forgotten. What was pending goes on by itself.
 */
import { isOfAnalytics } from '../../base/log-owner.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import type { RecordLog } from '../../log/log.ts';
import type { ApplicationDirectory } from '../directory/application-state.ts';

export async function recoverApplications(parts: {
  readonly catalog: Catalog;
  readonly directory: ApplicationDirectory;
  readonly log: RecordLog;
  readonly keys: KeyRing;
}): Promise<void> {
  const { catalog, directory, log, keys } = parts;
  for (const id of log.logs().keys()) {
    if (isOfAnalytics(id) && directory.byId(id) === undefined) await log.dropLog(id);
  }
  const keyed = await catalog.read((transaction) =>
    transaction.selectFrom('data_keys').select('log_id').distinct().execute(),
  );
  for (const { log_id: id } of keyed) {
    if (isOfAnalytics(id) && directory.byId(id) === undefined) await keys.forget(id);
  }
}
