/**
 * Makes a data directory of a backup. The catalog comes last, by one rename: a restore that was cut off leaves a directory
 * that has a log and no catalog, on which no server starts.
 */
import type { Disk } from '../host/host.ts';
import { copyFile } from './copy-files.ts';
import {
  BACKUP_MARK,
  CATALOG_FILE,
  FUNCTIONS_DIRECTORY,
  LOG_DIRECTORY,
  MASTER_KEY_FILE,
  OBJECTS_DIRECTORY,
} from './data-directory.ts';
import { copyFunctions } from './function-files.ts';
import { copyBuckets } from './object-files.ts';

/** The operator's mistake, or a directory that is not what it should be. The message says what to do. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
}

/** Returns whether the master key came with the backup. */
export async function restoreBackup(
  disk: Disk,
  backup: string,
  dataDirectory: string,
): Promise<{ readonly masterKeyIncluded: boolean }> {
  if (!(await disk.exists(`${backup}/${BACKUP_MARK}`))) {
    throw new DataDirectoryError(`${backup} is not a finished backup: it has no ${BACKUP_MARK}.`);
  }
  await disk.makeDirectory(dataDirectory);
  if ((await disk.list(dataDirectory)).length > 0) {
    throw new DataDirectoryError(`${dataDirectory} is not empty. Restore into a new directory.`);
  }
  await disk.makeDirectory(`${dataDirectory}/${LOG_DIRECTORY}`);
  for (const name of await disk.list(`${backup}/${LOG_DIRECTORY}`)) {
    await copyFile(disk, `${backup}/${LOG_DIRECTORY}/${name}`, `${dataDirectory}/${LOG_DIRECTORY}/${name}`);
  }
  await disk.syncDirectory(`${dataDirectory}/${LOG_DIRECTORY}`);
  await copyFunctions(disk, `${backup}/${FUNCTIONS_DIRECTORY}`, `${dataDirectory}/${FUNCTIONS_DIRECTORY}`);
  await copyBuckets(disk, `${backup}/${OBJECTS_DIRECTORY}`, `${dataDirectory}/${OBJECTS_DIRECTORY}`);
  const masterKeyIncluded = await disk.exists(`${backup}/${MASTER_KEY_FILE}`);
  if (masterKeyIncluded)
    await copyFile(disk, `${backup}/${MASTER_KEY_FILE}`, `${dataDirectory}/${MASTER_KEY_FILE}`);
  await copyFile(disk, `${backup}/${CATALOG_FILE}`, `${dataDirectory}/${CATALOG_FILE}.new`);
  await disk.rename(`${dataDirectory}/${CATALOG_FILE}.new`, `${dataDirectory}/${CATALOG_FILE}`);
  await disk.syncDirectory(dataDirectory);
  return { masterKeyIncluded };
}

/** Without its catalog a log would be taken for the remains of deleted streams and removed. */
export async function refuseHalfDirectory(disk: Disk, dataDirectory: string): Promise<void> {
  if (await hasContent(disk, `${dataDirectory}/${CATALOG_FILE}`)) return;
  if ((await disk.list(`${dataDirectory}/${LOG_DIRECTORY}`)).length === 0) return;
  throw new DataDirectoryError(
    `${dataDirectory} has a log and no ${CATALOG_FILE}, or an empty one: a restore that did not finish, or a catalog that was removed. ` +
      'Restore the backup again, into a new directory.',
  );
}

/** A catalog that was emptied would be made anew, and everything in the log be removed. */
async function hasContent(disk: Disk, path: string): Promise<boolean> {
  if (!(await disk.exists(path))) return false;
  const file = await disk.open(path, 'read');
  try {
    return (await file.size()) > 0;
  } finally {
    await file.close();
  }
}
