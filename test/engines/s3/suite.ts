import path from 'node:path';
import type { EngineSuite } from '../engine.ts';
import { versitygw } from '../versitygw/engine.ts';

export const s3: EngineSuite = {
  name: 's3',
  what: 'versitygw 1.8.0: the contract of object stores, signatures',
  engines: [versitygw],
  installations: [],
  needs: [],
  file: path.join(import.meta.dirname, 'main.ts'),
  timeoutMs: 120_000,
};
