/**
 * A lock that the kernel releases when its process ends, however it ends. Node has no flock; SQLite holds POSIX record
 * locks (LockFileEx on Windows), which is all that is used of it: the file stays empty. A pid file would not do: in a
 * container the pid is always 1, so a file left by `kill -9` would always name a live process. See decision 0002.
 */
import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export async function lockFile(file: string): Promise<AsyncDisposable> {
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
  } catch (error) {
    throw explained(error, file);
  }
  try {
    // SQLite makes files as the umask says. Not by a descriptor: closing one would drop the locks of this process.
    chmodSync(file, 0o600);
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw explained(error, file);
  }
  return {
    async [Symbol.asyncDispose]() {
      if (database.isOpen) database.close();
    },
  };
}

const SQLITE_BUSY = 5;
const SQLITE_NOTADB = 26;

/** SQLite's own words name no file. `syscall` marks what comes from the machine, as in Node's own errors. */
function explained(error: unknown, file: string): unknown {
  const { errcode, message } = error as Error & { errcode?: number };
  if (errcode === undefined) return error;
  const primary = errcode % 256;
  if (primary === SQLITE_BUSY) {
    return Object.assign(new Error(`${file} is locked by another process`), { code: 'ELOCKED' });
  }
  const remedy =
    primary === SQLITE_NOTADB
      ? 'It is not a lock file of Millrace: if no server runs on its directory, remove it.'
      : 'This user must be able to write the file and its directory, and the disk must have room.';
  const text = `${file} cannot be locked (${message}). ${remedy}`;
  return Object.assign(new Error(text), { code: 'ENOLCK', syscall: 'lock' });
}
