import path from 'node:path';
import type { EngineSuite } from '../engine.ts';

export const jq: EngineSuite = {
  name: 'jq',
  what: "Debian's jq 1.6: our own programs for every section of its manual, and 10,000 random pairs",
  engines: [],
  installations: [],
  needs: ['jq'],
  file: path.join(import.meta.dirname, '../../jq/main.ts'),
  timeoutMs: 600_000,
};
