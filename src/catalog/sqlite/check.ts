import { DatabaseSync } from 'node:sqlite';

const FAULTS_MAX = 10;

/** What is wrong with a catalog's file, page by page; empty when it is whole. Changes nothing. The caller holds the lock. */
export function checkSqliteCatalog(path: string): readonly string[] {
  try {
    using database = new DatabaseSync(path, { readOnly: true });
    const rows = database.prepare(`pragma integrity_check(${FAULTS_MAX})`).all();
    return rows.map((row) => String(row['integrity_check'])).filter((fault) => fault !== 'ok');
  } catch (error) {
    return [(error as Error).message];
  }
}
