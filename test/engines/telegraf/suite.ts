import path from 'node:path';
import type { EngineSuite } from '../engine.ts';
import { telegraf } from './engine.ts';

export const httpEndpoint: EngineSuite = {
  name: 'telegraf',
  what: 'Telegraf 1.37.2, inputs.firehose: the HTTP endpoint destination, plain, gzipped and over TLS',
  engines: [telegraf],
  installations: [],
  needs: [],
  file: path.join(import.meta.dirname, 'main.ts'),
  timeoutMs: 120_000,
};
