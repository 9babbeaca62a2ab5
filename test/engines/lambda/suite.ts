import path from 'node:path';
import type { EngineSuite } from '../engine.ts';
import { moto } from '../moto/engine.ts';

export const lambda: EngineSuite = {
  name: 'lambda',
  what: "moto 5.2.5: functions invoked by Lambda's API, and records transformed by what it answers",
  engines: [moto],
  installations: [],
  needs: [],
  file: path.join(import.meta.dirname, 'main.ts'),
  timeoutMs: 120_000,
};
