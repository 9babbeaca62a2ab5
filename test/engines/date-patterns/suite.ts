import path from 'node:path';
import type { EngineSuite } from '../engine.ts';

export const datePatterns: EngineSuite = {
  name: 'date-patterns',
  what: "java.time's DateTimeFormatter: 20,000 random patterns, instants and zones",
  engines: [],
  installations: [],
  needs: ['java'],
  file: path.join(import.meta.dirname, 'main.ts'),
  timeoutMs: 120_000,
};
