/**
 * Where the server's certificate comes from: the user's own files, or an authority that Millrace makes for itself at first
 * start. Users trust the authority once (`ca.pem`); it then signs a new server certificate whenever the old one nears its end
 * or lacks a name. In `<data>/tls/`: ca.pem, ca.key, server.pem (with the authority's behind it), server.key; all of mode 0600.
 */
import { createPrivateKey, generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { UsageError } from '../../base/flags.ts';
import type { Host } from '../../host/host.ts';
import { makeCertificate } from './certificate.ts';
import type { ListenerLog } from './incoming.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Some systems refuse server certificates that are valid for longer. */
const SERVER_VALID_MS = 825 * DAY_MS;
const AUTHORITY_VALID_MS = 3650 * DAY_MS;
const RENEW_BEFORE_MS = 60 * DAY_MS;
/** Clients whose clocks are a little behind still take a fresh certificate. */
const BACKDATE_MS = DAY_MS;
const AUTHORITY_NAME = 'Millrace local authority';
const SERVER_NAME = 'Millrace';
const NAMES = ['localhost', 'kinesis.localhost', '127.0.0.1', '::1'];

export type Certificate = {
  /** PEM. */
  readonly key: string;
  /** PEM, with the certificates that it rests on. */
  readonly cert: string;
  /** What clients have to trust, PEM; undefined with the user's own certificate. */
  readonly authority: string | undefined;
  /** Where the authority's certificate lies; undefined in memory and with the user's own certificate. */
  readonly authorityFile: string | undefined;
};

type Signer = { readonly key: KeyObject; readonly keyPem: string; readonly pem: string };

/**
 * The certificate of the own authority, made or renewed where needed. `directory` undefined keeps all in memory.
 * `names`: more DNS names or addresses that clients may use. Throws `UsageError` when what is in the directory cannot be read.
 */
export async function openAuthority(options: {
  readonly host: Pick<Host, 'clock' | 'disk' | 'dice'>;
  readonly directory: string | undefined;
  readonly names: readonly string[];
  readonly log: ListenerLog;
}): Promise<Certificate> {
  const { host, directory, log } = options;
  const names = [...new Set([...NAMES, ...options.names.filter(isUsableName)])];
  const nowMs = host.clock.now();
  if (directory === undefined) {
    const authority = makeAuthority(host);
    return { ...makeServer(host, authority, names), authority: authority.pem, authorityFile: undefined };
  }
  await host.disk.makeDirectory(directory);
  const write = (name: string, text: string): Promise<void> =>
    host.disk.replaceFile(join(directory, name), Buffer.from(text));
  const authorityFile = join(directory, 'ca.pem');
  let authority = await readPair(host, directory, 'ca.pem', 'ca.key');
  if (authority === undefined || endsMs(authority.pem) - nowMs < SERVER_VALID_MS) {
    if (authority !== undefined)
      log.warn({ authorityFile }, 'the authority nears its end: a new one must be trusted');
    authority = makeAuthority(host);
    await write('ca.key', authority.keyPem);
    await write('ca.pem', authority.pem);
  }
  const kept = await readPair(host, directory, 'server.pem', 'server.key');
  if (kept !== undefined && isCurrent(kept, authority, names, nowMs)) {
    return { key: kept.keyPem, cert: kept.pem, authority: authority.pem, authorityFile };
  }
  const made = makeServer(host, authority, names);
  await write('server.key', made.key);
  await write('server.pem', made.cert);
  return { ...made, authority: authority.pem, authorityFile };
}

/** The user's own certificate. Throws `UsageError` that names the file and what to do. */
export async function readOwnCertificate(
  host: Pick<Host, 'clock' | 'disk'>,
  files: { readonly certFile: string; readonly keyFile: string },
  log: ListenerLog,
): Promise<Certificate> {
  const { certFile, keyFile } = files;
  const cert = await readText(host, certFile, '--tls-cert');
  const key = await readText(host, keyFile, '--tls-key');
  const certificate = parsed(
    () => new X509Certificate(cert),
    () =>
      new UsageError(
        `${certFile} (--tls-cert) is not a PEM certificate. It must hold the server's, then those it rests on.`,
      ),
  );
  const privateKey = parsed(
    () => createPrivateKey(key),
    () => new UsageError(`${keyFile} (--tls-key) is not a PEM private key without a passphrase.`),
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new UsageError(
      `${keyFile} (--tls-key) is not the key of ${certFile} (--tls-cert). Give the two that belong together.`,
    );
  }
  const untilMs = endsMs(cert);
  if (untilMs < host.clock.now()) {
    log.warn(
      { certFile, until: certificate.validTo },
      'the certificate of --tls-cert has ended: clients will refuse it',
    );
  }
  return { key, cert, authority: undefined, authorityFile: undefined };
}

function makeAuthority(host: Pick<Host, 'clock' | 'dice'>): Signer {
  const { privateKey, pem: keyPem } = makeKey();
  const pem = makeCertificate({
    subject: AUTHORITY_NAME,
    subjectKey: privateKey,
    issuer: AUTHORITY_NAME,
    issuerKey: privateKey,
    serial: host.dice.bytes(16),
    validity: validity(host, AUTHORITY_VALID_MS),
  });
  return { key: privateKey, keyPem, pem };
}

function makeServer(
  host: Pick<Host, 'clock' | 'dice'>,
  authority: Signer,
  serverNames: readonly string[],
): { key: string; cert: string } {
  const { privateKey, pem: key } = makeKey();
  const pem = makeCertificate({
    subject: SERVER_NAME,
    subjectKey: privateKey,
    issuer: AUTHORITY_NAME,
    issuerKey: authority.key,
    serial: host.dice.bytes(16),
    validity: validity(host, SERVER_VALID_MS - BACKDATE_MS),
    serverNames,
  });
  return { key, cert: pem + authority.pem };
}

function makeKey(): { privateKey: KeyObject; pem: string } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function validity(host: Pick<Host, 'clock'>, lengthMs: number): { fromMs: number; untilMs: number } {
  const nowMs = host.clock.now();
  return { fromMs: nowMs - BACKDATE_MS, untilMs: nowMs + lengthMs };
}

function isCurrent(kept: Signer, authority: Signer, names: readonly string[], nowMs: number): boolean {
  const certificate = new X509Certificate(kept.pem);
  return (
    endsMs(kept.pem) - nowMs > RENEW_BEFORE_MS &&
    certificate.verify(new X509Certificate(authority.pem).publicKey) &&
    names.every(
      (name) => (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined,
    )
  );
}

/** Undefined when either file is missing (a start that was cut off between the two writes begins again) or they do not match. */
async function readPair(
  host: Pick<Host, 'disk'>,
  directory: string,
  certName: string,
  keyName: string,
): Promise<Signer | undefined> {
  const certFile = join(directory, certName);
  const keyFile = join(directory, keyName);
  if (!(await host.disk.exists(certFile)) || !(await host.disk.exists(keyFile))) return undefined;
  const pem = Buffer.from(await host.disk.readFile(certFile)).toString('latin1');
  const keyPem = Buffer.from(await host.disk.readFile(keyFile)).toString('latin1');
  const damaged = (): UsageError =>
    new UsageError(
      `${certFile} or ${keyFile} is damaged. Remove ${directory} to have new ones made (to be trusted anew).`,
    );
  const key = parsed(() => createPrivateKey(keyPem), damaged);
  const certificate = parsed(() => new X509Certificate(pem), damaged);
  if (!certificate.checkPrivateKey(key)) return undefined;
  // Also reads the certificates behind the first.
  parsed(() => createSecureContext({ key: keyPem, cert: pem }), damaged);
  return { key, keyPem, pem };
}

async function readText(host: Pick<Host, 'disk'>, file: string, flag: string): Promise<string> {
  try {
    return Buffer.from(await host.disk.readFile(file)).toString('latin1');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new UsageError(`${file} (${flag}) cannot be read (${code}). Give a file that this user may read.`);
  }
}

function parsed<T>(parse: () => T, problem: () => UsageError): T {
  try {
    return parse();
  } catch {
    throw problem();
  }
}

function endsMs(pem: string): number {
  return Date.parse(new X509Certificate(pem).validTo);
}

/** Leaves out addresses that mean "all", and what cannot stand in a certificate. */
function isUsableName(name: string): boolean {
  if (isIP(name) !== 0) return name !== '0.0.0.0' && name !== '::';
  return /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(name);
}
