/** What lies in a data directory. Persisted: names are never changed. A backup has the same, and its mark. */
export const LOCK_FILE = 'millrace.lock';
export const CATALOG_FILE = 'catalog.sqlite';
export const LOG_DIRECTORY = 'log';
export const MASTER_KEY_FILE = 'master.key';
export const FUNCTIONS_DIRECTORY = 'functions';
export const TLS_DIRECTORY = 'tls';
/** Buckets, as folders. */
export const OBJECTS_DIRECTORY = 'objects';
export const BACKUP_MARK = 'backup.json';
