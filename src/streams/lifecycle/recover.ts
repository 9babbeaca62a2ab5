/**
 * At start, before anything is served: makes the log agree with the catalog, which is the truth. What a crash left between the two is
 * either a log or a partition without a row, which is removed, or a row without a partition, which is made. Keys of logs that are
 * gone are forgotten. What was pending goes on by itself (lifecycle.ts).
 */
import { isOfStreams } from '../../base/log-owner.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import type { RecordLog } from '../../log/log.ts';
import type { StreamDirectory } from '../directory/stream.ts';

export async function recoverStreams(parts: {
  readonly catalog: Catalog;
  readonly directory: StreamDirectory;
  readonly log: RecordLog;
  readonly keys: KeyRing;
}): Promise<void> {
  const { catalog, directory, log, keys } = parts;
  const logs = log.logs();
  for (const [id, partitions] of logs) {
    if (!isOfStreams(id)) continue;
    const stream = directory.byId(id);
    if (stream === undefined) {
      await log.dropLog(id);
      continue;
    }
    const known = new Set(stream.shards.map((shard) => shard.index));
    const unknown = partitions.filter((partition) => !known.has(partition));
    if (unknown.length > 0) await log.dropPartitions(id, unknown);
  }
  for (const stream of directory.all()) {
    // Its log is made when its creation completes.
    if (stream.status === 'CREATING') continue;
    const existing = new Set(logs.get(stream.id));
    const missing = stream.shards.map((shard) => shard.index).filter((index) => !existing.has(index));
    if (missing.length === 0) continue;
    if (logs.has(stream.id)) await log.addPartitions(stream.id, missing);
    else await log.createLog(stream.id, missing);
  }
  const keyed = await catalog.read((transaction) =>
    transaction.selectFrom('data_keys').select('log_id').distinct().execute(),
  );
  for (const { log_id: id } of keyed) {
    if (isOfStreams(id) && directory.byId(id) === undefined) await keys.forget(id);
  }
}
