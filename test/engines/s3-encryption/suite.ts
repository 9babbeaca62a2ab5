import path from 'node:path';
import type { EngineSuite } from '../engine.ts';
import { moto } from '../moto/engine.ts';

export const s3Encryption: EngineSuite = {
  name: 's3-encryption',
  what: 'moto 5.2.5: encryption headers, as S3 keeps and shows them',
  engines: [moto],
  installations: [],
  needs: [],
  file: path.join(import.meta.dirname, 'main.ts'),
  timeoutMs: 120_000,
};
