/** boto3, which speaks HTTP/1.1 only: SubscribeToShard too. */
import path from 'node:path';
import { pythonInstallation } from '../installations.ts';
import type { Suite } from '../suite.ts';

export const pythonAws = pythonInstallation(import.meta.dirname);

export const boto3: Suite = {
  name: 'boto3',
  what: 'boto3 1.44.5: puts, gets, consumers, SubscribeToShard over HTTP/1.1, error classes, plain and over TLS',
  installations: [pythonAws],
  timeoutMs: 120_000,
  crashesServer: false,
  run: async (run) => {
    for (const [label, url] of [
      ['plain', run.endpoint.plainUrl],
      ['TLS', run.endpoint.tlsUrl],
    ] as const) {
      await run.program({
        name: `client-${label}`,
        command: pythonAws.program('python'),
        args: [path.join(import.meta.dirname, 'client.py'), label, url],
        environment: run.environment({ AWS_CA_BUNDLE: run.endpoint.caFile, RUN_ID: run.id }),
      });
    }
  },
};
