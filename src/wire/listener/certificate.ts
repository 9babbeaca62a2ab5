/**
 * Makes X.509 certificates of the two shapes that a local authority needs: itself, and a server that it signs. ECDSA P-256,
 * DER written by hand as RFC 5280 lays it out: the shapes are fixed, and the library for it would cost more at every start
 * than the rest of the start (decision 0122).
 */
import { createHash, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

export type Validity = { readonly fromMs: number; readonly untilMs: number };

export type CertificateOptions = {
  /** The common name. */
  readonly subject: string;
  readonly subjectKey: KeyObject;
  readonly issuer: string;
  /** Signs: the authority's private key. */
  readonly issuerKey: KeyObject;
  /** 16 random bytes. */
  readonly serial: Uint8Array;
  readonly validity: Validity;
  /** DNS names and IP addresses of a server; undefined for an authority. */
  readonly serverNames?: readonly string[];
};

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

const VERSION_3 = der(0xa0, der(INTEGER, Buffer.from([2])));
const TRUE = Buffer.from([0x01, 0x01, 0xff]);
const ECDSA_WITH_SHA256 = der(SEQUENCE, oid('1.2.840.10045.4.3.2'));
/** digitalSignature. */
const USAGE_OF_SERVER = Buffer.from([BIT_STRING, 2, 7, 0x80]);
/** keyCertSign and cRLSign. */
const USAGE_OF_AUTHORITY = Buffer.from([BIT_STRING, 2, 1, 0x06]);

/** PEM. */
export function makeCertificate(options: CertificateOptions): string {
  const signed = der(
    SEQUENCE,
    VERSION_3,
    der(INTEGER, positive(options.serial)),
    ECDSA_WITH_SHA256,
    commonName(options.issuer),
    der(SEQUENCE, time(options.validity.fromMs), time(options.validity.untilMs)),
    commonName(options.subject),
    publicKeyInfo(options.subjectKey),
    der(0xa3, der(SEQUENCE, ...extensions(options))),
  );
  const signature = sign('sha256', signed, options.issuerKey);
  const certificate = der(SEQUENCE, signed, ECDSA_WITH_SHA256, bitString(signature));
  const base64 = certificate.toString('base64').replaceAll(/(.{64})(?!$)/g, '$1\n');
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

function extensions({ subjectKey, issuerKey, serverNames }: CertificateOptions): Buffer[] {
  const subjectKeyId = extension('2.5.29.14', der(OCTET_STRING, keyId(subjectKey)));
  const authorityKeyId = extension('2.5.29.35', der(SEQUENCE, der(0x80, keyId(issuerKey))));
  if (serverNames === undefined) {
    const onlyServersBelow = der(SEQUENCE, TRUE, der(INTEGER, Buffer.from([0])));
    return [
      extension('2.5.29.19', onlyServersBelow, 'critical'),
      extension('2.5.29.15', USAGE_OF_AUTHORITY, 'critical'),
      subjectKeyId,
      authorityKeyId,
    ];
  }
  return [
    extension('2.5.29.19', der(SEQUENCE), 'critical'),
    extension('2.5.29.15', USAGE_OF_SERVER, 'critical'),
    extension('2.5.29.37', der(SEQUENCE, oid('1.3.6.1.5.5.7.3.1'))),
    subjectKeyId,
    authorityKeyId,
    extension('2.5.29.17', der(SEQUENCE, ...serverNames.map(alternativeName))),
  ];
}

function extension(id: string, value: Buffer, critical?: 'critical'): Buffer {
  return der(SEQUENCE, oid(id), ...(critical === undefined ? [] : [TRUE]), der(OCTET_STRING, value));
}

function alternativeName(name: string): Buffer {
  return isIP(name) === 0 ? der(0x82, Buffer.from(name, 'latin1')) : der(0x87, addressBytes(name));
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  // The URL parser knows every way to write an IPv6 address and gives the shortest, with at most one '::'.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => parseInt(group, 16));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return Buffer.from([...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 0xff]));
}

function publicKeyInfo(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ type: 'spki', format: 'der' });
}

/** SHA-1 of the public key names it (RFC 5280, 4.2.1.2): nothing rests on its strength. */
function keyId(key: KeyObject): Buffer {
  return createHash('sha1').update(publicKeyInfo(key)).digest();
}

function commonName(name: string): Buffer {
  return der(SEQUENCE, der(SET, der(SEQUENCE, oid('2.5.4.3'), der(UTF8_STRING, Buffer.from(name)))));
}

/** Two digits of the year until 2049, four from 2050. */
function time(ms: number): Buffer {
  const digits = `${new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`;
  return Number(digits.slice(0, 4)) < 2050
    ? der(UTC_TIME, Buffer.from(digits.slice(2)))
    : der(GENERALIZED_TIME, Buffer.from(digits));
}

/** A first byte of 0x01 to 0x7f keeps a random number positive and its encoding the shortest. */
function positive(random: Uint8Array): Buffer {
  const bytes = Buffer.from(random);
  bytes[0] = (bytes[0]! & 0x7f) | 0x01;
  return bytes;
}

function bitString(bytes: Uint8Array): Buffer {
  return der(BIT_STRING, Buffer.from([0]), bytes);
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const septets = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) septets.unshift((left & 0x7f) | 0x80);
    bytes.push(...septets);
  }
  return der(OBJECT_IDENTIFIER, Buffer.from(bytes));
}

/** Tag, length, content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const lengthBytes = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...lengthBytes]), content]);
}
