/**
 * Backup: everything the server keeps, copied into a new directory on its machine while it goes on serving. The log is
 * copied before the catalog, so the catalog knows the keys and the streams of every record in the copy; what the catalog
 * knows beyond the log is settled when the copy is first opened, as after a crash. Buckets come after it (object-files.ts).
 */
import type { Catalog } from '../../catalog/catalog.ts';
import type { Config } from '../../config/config.ts';
import type { Disk } from '../../host/host.ts';
import type { RecordLog } from '../../log/log.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { boolean, long, optional, required, string, structure } from '../../wire/shape/shape.ts';
import {
  BACKUP_MARK,
  CATALOG_FILE,
  FUNCTIONS_DIRECTORY,
  LOG_DIRECTORY,
  MASTER_KEY_FILE,
  OBJECTS_DIRECTORY,
} from '../data-directory.ts';
import { copyFunctions } from '../function-files.ts';
import { copyBuckets } from '../object-files.ts';
import { requireKeeper } from '../keeper.ts';

export const Backup = operation({
  name: 'Backup',
  action: 'millrace:Backup',
  resources: () => ['*'],
  input: structure('BackupInput', {
    Directory: required(string({ min: 1, max: 4096 })),
    /** Buckets of the data directory are copied empty. */
    WithoutObjects: optional(boolean()),
  }),
  output: structure('BackupOutput', {
    Directory: required(string()),
    Bytes: required(long()),
    Objects: required(long()),
    /** Whoever has a backup with the master key can read everything in it. */
    MasterKeyIncluded: required(boolean()),
  }),
  errors: ['AccessDeniedException', 'InvalidArgumentException', 'LimitExceededException'],
});

export function backup(parts: {
  readonly disk: Disk;
  readonly log: RecordLog;
  readonly catalog: Catalog;
  readonly config: Pick<Config, 'dataDirectory' | 'durability' | 'account' | 'masterKey' | 'masterKeyFile'>;
}): Handler<typeof Backup> {
  const { disk, log, catalog, config } = parts;
  let isRunning = false;

  async function copyInto(
    directory: string,
    withObjects: boolean,
  ): Promise<{ readonly objects: number; readonly ownsMasterKey: boolean }> {
    await log.backup(`${directory}/${LOG_DIRECTORY}`);
    await catalog.backup(`${directory}/${CATALOG_FILE}`);
    const functions = `/${FUNCTIONS_DIRECTORY}`;
    await copyFunctions(disk, config.dataDirectory + functions, directory + functions);
    const buckets = `/${OBJECTS_DIRECTORY}`;
    const objects = await copyBuckets(disk, config.dataDirectory + buckets, directory + buckets, withObjects);
    const ownsMasterKey = config.masterKey === undefined && config.masterKeyFile === undefined;
    if (ownsMasterKey) {
      const key = await disk.readFile(`${config.dataDirectory}/${MASTER_KEY_FILE}`);
      await disk.replaceFile(`${directory}/${MASTER_KEY_FILE}`, key);
    }
    // Last of all: a directory without it is an unfinished backup, which restore refuses.
    await disk.replaceFile(`${directory}/${BACKUP_MARK}`, new TextEncoder().encode('{"format":1}\n'));
    return { objects, ownsMasterKey };
  }

  return async ({ Directory: directory, WithoutObjects: withoutObjects }, call) => {
    requireKeeper(config, call, Backup);
    if (config.durability === 'memory') {
      throw new ServiceError(
        'InvalidArgumentException',
        'A server with durability memory has nothing on disk to back up.',
      );
    }
    if (!isAbsolute(directory)) {
      throw new ServiceError('InvalidArgumentException', 'Directory must be an absolute path on the server.');
    }
    if ((await disk.list(directory)).length > 0) {
      throw new ServiceError('InvalidArgumentException', `${directory} is not empty.`);
    }
    if (isRunning) throw new ServiceError('LimitExceededException', 'Another backup is being made.');
    isRunning = true;
    try {
      await disk.makeDirectory(directory);
      const { objects, ownsMasterKey } = await copyInto(directory, withoutObjects !== true);
      return {
        Directory: directory,
        Bytes: await bytesIn(disk, directory),
        Objects: objects,
        MasterKeyIncluded: ownsMasterKey,
      };
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (code === undefined) throw error;
      throw new ServiceError('InvalidArgumentException', `${directory} cannot be written (${code}).`);
    } finally {
      isRunning = false;
    }
  };
}

function isAbsolute(directory: string): boolean {
  return directory.startsWith('/') || /^[A-Za-z]:[\\/]/.test(directory);
}

async function bytesIn(disk: Disk, directory: string): Promise<number> {
  let bytes = 0;
  for (const name of await disk.list(directory)) {
    const place = `${directory}/${name}`;
    try {
      bytes += await bytesIn(disk, place);
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOTDIR') throw error;
      await using file = await opened(disk, place);
      bytes += await file.size();
    }
  }
  return bytes;
}

async function opened(disk: Disk, path: string): Promise<{ size(): Promise<number> } & AsyncDisposable> {
  const file = await disk.open(path, 'read');
  return { size: () => file.size(), [Symbol.asyncDispose]: () => file.close() };
}
