import path from 'node:path';
import type { EngineSuite } from '../engine.ts';
import { apacheParquet, pythonParquet } from './readers.ts';

export const parquetReaders: EngineSuite = {
  name: 'parquet-readers',
  what: 'pyarrow 26.0.1, DuckDB 2.0.0, Apache parquet-hadoop 1.15.2: every type and encoding read back',
  engines: [],
  installations: [pythonParquet, apacheParquet],
  needs: [],
  file: path.join(import.meta.dirname, 'main.ts'),
  timeoutMs: 300_000,
};
