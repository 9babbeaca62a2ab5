/**
 * Buckets in a backup: the folders that objects/folder keeps, as they lie there. They are copied after the catalog, because an object is there before the
 * catalog says that its delivery is done; so nothing is missing that the copied catalog takes for delivered. What was delivered after the catalog was
 * copied may be delivered once more by whoever starts from the backup.
 */
import type { Disk } from '../host/host.ts';
import { copyFile, copyFolder } from './copy-files.ts';

const BUCKETS = '.buckets';
const PROPERTIES = '.properties';
const LAYOUT_FILE = '.layout.json';

/** Without `bodies` the buckets are there and empty, so that deliveries go on. Returns how many objects were copied. */
export async function copyBuckets(disk: Disk, from: string, to: string, bodies = true): Promise<number> {
  if (!(await disk.exists(`${from}/${LAYOUT_FILE}`))) return 0;
  await disk.makeDirectory(to);
  await copyFile(disk, `${from}/${LAYOUT_FILE}`, `${to}/${LAYOUT_FILE}`);
  let objects = 0;
  for (const record of await disk.list(`${from}/${BUCKETS}`)) {
    if (!record.endsWith('.json')) continue;
    const bucket = record.slice(0, -'.json'.length);
    if (bodies) {
      // In the order in which a put moves them into place.
      await copyFolder(disk, `${from}/${PROPERTIES}/${bucket}`, `${to}/${PROPERTIES}/${bucket}`);
      objects += await copyFolder(disk, `${from}/${bucket}`, `${to}/${bucket}`);
    } else await disk.makeDirectory(`${to}/${bucket}`);
  }
  await copyFolder(disk, `${from}/${BUCKETS}`, `${to}/${BUCKETS}`);
  await disk.syncDirectory(to);
  return objects;
}
