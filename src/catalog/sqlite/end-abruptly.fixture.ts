/** Run by open.test.ts as a process of its own: commits one transaction, begins another, and dies. */
import { realDisk } from '../../host/real/disk.ts';
import { streamRow } from '../contract.ts';
import { openSqliteCatalog } from './open.ts';

const catalog = await openSqliteCatalog({ host: { disk: realDisk }, path: process.argv[2]! });
await catalog.transact((transaction) =>
  transaction.insertInto('streams').values(streamRow('committed')).execute(),
);
await catalog.transact(async (transaction) => {
  await transaction.insertInto('streams').values(streamRow('begun')).execute();
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
});
