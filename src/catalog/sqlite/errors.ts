import { CatalogFullError, CatalogUnusableError } from '../catalog.ts';

// Primary result codes: https://www.sqlite.org/rescode.html. The low byte of an extended code is its primary code.
const SQLITE_ERROR = 1;
const SQLITE_PERM = 3;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;
/** The WAL's index could not grow: in practice, a full disk. */
const SQLITE_IOERR_SHMSIZE = 4874;

/** Turns what SQLite throws into errors that an operator understands; anything else is given back as it is. */
export function translated(error: unknown, path: string): unknown {
  const code = sqliteCode(error);
  if (code === undefined) return error;
  const detail = (error as Error).message;
  if (code === SQLITE_IOERR_SHMSIZE) return full(path, error);
  switch (code & 0xff) {
    case SQLITE_FULL:
      return full(path, error);
    case SQLITE_NOTADB:
      return new CatalogUnusableError(
        `${path} is not a catalog: it is no SQLite database. Move it away, or name another data directory with --data; ` +
          'if it was a catalog, restore it from a backup.',
        { cause: error },
      );
    case SQLITE_CORRUPT:
      return new CatalogUnusableError(corruptText(path, detail), { cause: error });
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return new CatalogUnusableError(
        `The catalog ${path} is held by another process. Stop the other Millrace, or whatever has the file open, and start again.`,
        { cause: error },
      );
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return new CatalogUnusableError(
        `The catalog ${path} cannot be opened for writing (${detail}). Check the owner and mode of the file and its directory.`,
        { cause: error },
      );
    default:
      return error;
  }
}

/** While a catalog is opened only its own bytes can make a statement fail, as a damaged header does ("unsupported file format"). */
export function translatedAtOpening(error: unknown, path: string): unknown {
  if (sqliteCode(error) !== SQLITE_ERROR) return translated(error, path);
  return new CatalogUnusableError(corruptText(path, (error as Error).message), { cause: error });
}

export function corruptText(path: string, detail: string): string {
  return (
    `The catalog ${path} is damaged (${detail}). Keep a copy of the data directory; ` +
    'then restore the catalog from a backup, or recover it with `sqlite3 FILE .recover` into a new file.'
  );
}

function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

function full(path: string, cause: unknown): CatalogFullError {
  return new CatalogFullError(
    `The disk of ${path} is full. Free some space; nothing that was acknowledged is lost.`,
    {
      cause,
    },
  );
}
