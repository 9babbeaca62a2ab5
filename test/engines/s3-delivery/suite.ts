import path from 'node:path';
import type { EngineSuite } from '../engine.ts';
import { versitygw } from '../versitygw/engine.ts';

export const s3Delivery: EngineSuite = {
  name: 's3-delivery',
  what: 'versitygw 1.8.0: a whole server delivers every format, and goes on when a policy that denied allows again',
  engines: [versitygw],
  installations: [],
  needs: [],
  file: path.join(import.meta.dirname, 'main.ts'),
  timeoutMs: 180_000,
};
