import path from 'node:path';
import type { EngineSuite } from '../engine.ts';
import { versitygw } from '../versitygw/engine.ts';
import { postgres } from './engine.ts';

export const redshift: EngineSuite = {
  name: 'postgres',
  what: 'PostgreSQL, and pg-gateway before it with versitygw: the Redshift destination, by COPY FROM STDIN and by COPY of a manifest',
  engines: [postgres, versitygw],
  installations: [],
  needs: [],
  file: path.join(import.meta.dirname, 'main.ts'),
  timeoutMs: 120_000,
};
