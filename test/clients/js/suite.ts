/** The AWS SDK for JavaScript v3, in a process of its own because Node reads NODE_EXTRA_CA_CERTS only at its start. */
import path from 'node:path';
import type { Suite } from '../suite.ts';

export const js: Suite = {
  name: 'js',
  what: 'AWS SDK for JavaScript v3, over HTTP/2 as it comes and over HTTP/1.1, each plain and over TLS',
  installations: [],
  timeoutMs: 120_000,
  crashesServer: false,
  run: async (run) => {
    const { endpoint } = run;
    await run.program({
      name: 'client',
      command: process.execPath,
      args: [path.join(import.meta.dirname, 'client.ts')],
      environment: run.environment({
        RUN_ID: run.id,
        PLAIN_URL: endpoint.plainUrl,
        TLS_URL: endpoint.tlsUrl,
        NODE_EXTRA_CA_CERTS: endpoint.caFile,
      }),
    });
  },
};
