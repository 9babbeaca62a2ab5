import path from 'node:path';
import { pythonInstallation } from '../../clients/installations.ts';
import type { EngineSuite } from '../engine.ts';

export const pythonDuckdb = pythonInstallation(import.meta.dirname);

export const sqlDuckdb: EngineSuite = {
  name: 'sql-duckdb',
  what: 'DuckDB 2.0.0: queries that mean the same over the finished input give the same rows as the SQL engine',
  engines: [],
  installations: [pythonDuckdb],
  needs: [],
  file: path.join(import.meta.dirname, 'main.ts'),
  timeoutMs: 120_000,
};
