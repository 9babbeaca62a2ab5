/** A certificate for 127.0.0.1 and localhost, and the authority that signed it, in PEM. */
import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { makeCertificate } from '../../src/wire/listener/certificate.ts';

export type ServerCertificate = {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
};

export function makeServerCertificate(): ServerCertificate {
  const authorityKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const serverKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const nowMs = Date.now();
  const make = (subject: string, subjectKey: KeyObject, serverNames?: readonly string[]): string =>
    makeCertificate({
      subject,
      subjectKey,
      issuer: 'Test authority',
      issuerKey: authorityKeys.privateKey,
      serial: randomBytes(16),
      validity: { fromMs: nowMs - 3_600_000, untilMs: nowMs + 86_400_000 },
      ...(serverNames === undefined ? {} : { serverNames }),
    });
  return {
    authority: make('Test authority', authorityKeys.publicKey),
    certificate: make('localhost', serverKeys.publicKey, ['localhost', '127.0.0.1']),
    key: String(serverKeys.privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
}
