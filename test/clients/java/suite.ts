/** The AWS SDK for Java v2: CBOR unless it is told otherwise, HTTP/2 by prior knowledge when asynchronous. */
import path from 'node:path';
import { javaInstallation } from '../installations.ts';
import type { Suite, SuiteRun } from '../suite.ts';

const client = javaInstallation(import.meta.dirname);

export const java: Suite = {
  name: 'java',
  what: 'AWS SDK for Java v2 (kinesis 2.51.3): sync, async, SubscribeToShard; CBOR and JSON, plain and over TLS',
  installations: [client],
  timeoutMs: 180_000,
  crashesServer: false,
  run: async (run) => {
    const trustStore = await trustStoreOf(run);
    for (const [label, url, cbor] of [
      ['CBOR plain', run.endpoint.plainUrl, true],
      ['CBOR over TLS', run.endpoint.tlsUrl, true],
      ['JSON over TLS', run.endpoint.tlsUrl, false],
    ] as const) {
      await run.program({
        name: `client ${label}`,
        command: 'java',
        args: [
          ...trustStore,
          `-Daws.cborEnabled=${cbor}`,
          ...client.javaArgs(),
          'Client',
          label,
          url,
          run.id,
        ],
        environment: run.environment(),
      });
    }
  },
};

/** Java takes no PEM: the authority goes into a trust store first. */
export async function trustStoreOf(run: SuiteRun): Promise<readonly string[]> {
  const store = path.join(run.workFolder, 'trust.p12');
  const password = ['-storetype', 'PKCS12', '-storepass', 'changeit'];
  const importing = ['-importcert', '-noprompt', '-alias', 'millrace', '-file', run.endpoint.caFile];
  await run.output({
    name: 'keytool',
    command: 'keytool',
    args: [...importing, '-keystore', store, ...password],
    environment: run.environment(),
  });
  return [`-Djavax.net.ssl.trustStore=${store}`, '-Djavax.net.ssl.trustStorePassword=changeit'];
}
