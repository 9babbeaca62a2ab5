/**
 * Every place where a server of a crash test may be killed, by the name of the failpoint there. A run reports places of this list
 * that no life came by, and places that lives came by and that are not here: neither can be forgotten.
 */

const around = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => [`${name}.before`, `${name}.after`]);
const write = (name: string): readonly string[] => [`${name}.before`, `${name}.torn`, `${name}.after`];
/** A file is replaced by a new one under its name: half of it is written, all of it, it is synced, and renamed. */
const replace = (name: string): readonly string[] =>
  ['before', 'torn', 'written', 'synced', 'renamed', 'after'].map((step) => `${name}.replace.${step}`);

/** What a server under load comes by, or one that starts again. */
export const PLACES: readonly string[] = [
  // The disk, by the class of file. A frame is one group commit.
  ...write('journal.frame'),
  ...write('journal.write'),
  ...around('journal.create', 'journal.truncate', 'journal.sync', 'journal.remove'),
  ...write('segment.write'),
  ...around('segment.create', 'segment.sync', 'segment.remove'),
  ...write('manifest.write'),
  ...around('manifest.sync'),
  ...replace('manifest'),
  ...replace('running-json'),
  ...around('log-directory.sync', 'objects-directory.make'),
  // The log's calls that change something, whatever they do on the disk.
  ...around('log.open', 'log.append', 'log.trim', 'log.create-log', 'log.drop-log'),
  ...around('log.add-partitions', 'log.drop-partitions'),
  // The catalog's commits, by the file whose transaction it is.
  ...around('catalog.open', 'catalog.create-stream', 'catalog.delete-stream', 'catalog.complete-pending'),
  ...around('catalog.split-shard', 'catalog.merge-shards', 'catalog.update-shard-count', 'catalog.reshard'),
  ...around('catalog.scaling'),
  ...around('catalog.increase-stream-retention-period', 'catalog.decrease-stream-retention-period'),
  ...around('catalog.retention', 'catalog.encryption', 'catalog.usage-meter', 'catalog.open-key-ring'),
  ...around('catalog.add-tags-to-stream', 'catalog.remove-tags-from-stream'),
  ...around(
    'catalog.update-stream-mode',
    'catalog.update-max-record-size',
    'catalog.update-account-settings',
  ),
  ...around('catalog.monitoring', 'catalog.put-resource-policy', 'catalog.delete-resource-policy'),
  ...around('catalog.register-stream-consumer', 'catalog.deregister-stream-consumer'),
];

/** What only the first start in an empty directory comes by. */
export const FIRST_START_PLACES: readonly string[] = [
  ...around('data-directory.make', 'log-directory.make', 'tls-directory.make', 'data-directory.sync'),
  ...around('catalog-sqlite.create', 'catalog-sqlite-reserve.create', 'catalog-sqlite-reserve.sync'),
  ...write('catalog-sqlite-reserve.write'),
  ...around('objects-directory.sync', 'objects-probe.create', 'objects-probe.sync', 'objects-probe.remove'),
  ...replace('objects-layout'),
  ...replace('master-key'),
  ...replace('tls'),
  ...replace('reserve'),
];

/** What a server comes by that delivers: deliveries.ts kills there. */
export const DELIVERY_PLACES: readonly string[] = [
  ...around('log.append', 'log.trim'),
  // Takes the delivery stream over; records a delivery, and moves the checkpoint when it is done.
  ...around('catalog.grouped-transactions'),
  ...write('object-aside.write'),
  ...around('object-aside.create', 'object-aside.sync', 'object-properties.rename', 'object.rename'),
  ...around('objects-directory.make', 'objects-directory.sync'),
];

/** What a server comes by whose application runs: applications.ts kills there. */
export const APPLICATION_PLACES: readonly string[] = [
  'random',
  // Steps, parts of its state, checkpoints, and what it puts into streams.
  ...around('log.append', 'log.trim'),
  ...write('journal.frame'),
  ...around('journal.sync'),
  ...write('segment.write'),
  'random',
];
