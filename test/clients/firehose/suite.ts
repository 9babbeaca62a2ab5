/** Firehose: the AWS SDK for JavaScript v3 and boto3, each against the operations and the typed errors of the service. */
import path from 'node:path';
import { pythonAws } from '../boto3/suite.ts';
import type { Suite } from '../suite.ts';

export const firehose: Suite = {
  name: 'firehose',
  what: 'AWS SDK for JavaScript v3 and boto3 1.44.5 on Firehose: all operations, error classes, retries, plain and over TLS',
  installations: [pythonAws],
  timeoutMs: 120_000,
  crashesServer: false,
  run: async (run) => {
    for (const [label, url] of [
      ['plain', run.endpoint.plainUrl],
      ['TLS', run.endpoint.tlsUrl],
    ] as const) {
      await run.program({
        name: `js-${label}`,
        command: process.execPath,
        args: [path.join(import.meta.dirname, 'client.ts'), label, url],
        environment: run.environment({ RUN_ID: run.id, NODE_EXTRA_CA_CERTS: run.endpoint.caFile }),
      });
      await run.program({
        name: `boto3-${label}`,
        command: pythonAws.program('python'),
        args: [path.join(import.meta.dirname, 'client.py'), label, url],
        environment: run.environment({ AWS_CA_BUNDLE: run.endpoint.caFile, RUN_ID: run.id }),
      });
    }
  },
};
