/** The AWS SDK for Go v2: HTTP/2 by ALPN over TLS, HTTP/1.1 on http://. */
import { goInstallation } from '../installations.ts';
import type { Suite } from '../suite.ts';

const client = goInstallation(import.meta.dirname);

export const go: Suite = {
  name: 'go',
  what: 'AWS SDK for Go v2 (service/kinesis 1.56.11): puts, gets, SubscribeToShard, plain and over TLS',
  installations: [client],
  timeoutMs: 120_000,
  crashesServer: false,
  run: async (run) => {
    for (const [label, url] of [
      ['plain', run.endpoint.plainUrl],
      ['TLS', run.endpoint.tlsUrl],
    ] as const) {
      await run.program({
        name: `client-${label}`,
        command: client.program,
        args: [label, url, run.endpoint.caFile, run.id],
        environment: run.environment(),
      });
    }
  },
};
