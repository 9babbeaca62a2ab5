import path from 'node:path';
import type { EngineSuite } from '../engine.ts';
import { npmClient, pythonClient } from './clients.ts';

export const splunkClients: EngineSuite = {
  name: 'splunk-clients',
  what: 'splunk-logging 0.11.1 and splunk_handler 3.0.0: whether our strict collector is one to clients of others',
  engines: [],
  installations: [npmClient, pythonClient],
  needs: [],
  file: path.join(import.meta.dirname, 'main.ts'),
  timeoutMs: 120_000,
};
