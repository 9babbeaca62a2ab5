/**
 * A lock that the kernel releases when its process ends, however it ends. Node has no flock; SQLite holds POSIX record
 * locks (LockFileEx on Windows), which is all that is used of it: the file stays empty. A pid file would not do: in a
 * container the pid is always 1, so a file left by `kill -9` would always name a live process. See decision 0002.
 */
import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export async function lockFile(file: string): Promise<AsyncDisposable> {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    // SQLite makes files as the umask says. Not by a descriptor: closing one would drop the locks of this process.
    chmodSync(file, 0o600);
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    // SQLite's primary result code 5 is SQLITE_BUSY.
    if (((error as { errcode?: number }).errcode ?? 0) % 256 !== 5) throw error;
    throw Object.assign(new Error(`${file} is locked by another process`), { code: 'ELOCKED' });
  }
  return {
    async [Symbol.asyncDispose]() {
      if (database.isOpen) database.close();
    },
  };
}
