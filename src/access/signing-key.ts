/** Signature Version 4's key of a day, region and service: four HMACs, kept as long as the secret lives. */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Credential } from './credentials.ts';

/** A client uses one or two scopes a day. */
const SCOPES_MAX = 64;

/** `scope` is `YYYYMMDD/region/service/aws4_request`. */
export function signingKeyOf(credential: Credential, scope: string): KeyObject {
  const kept = credential.signingKeys.get(scope);
  if (kept !== undefined) return kept;
  let key: Uint8Array = Buffer.from(`AWS4${credential.secretAccessKey}`);
  for (const element of scope.split('/')) key = createHmac('sha256', key).update(element).digest();
  return createSecretKey(key);
}

/** To be called once a signature under it was right, so that wrong ones cannot push the right ones out. */
export function keepSigningKey(credential: Credential, scope: string, key: KeyObject): void {
  const { signingKeys } = credential;
  if (signingKeys.has(scope)) return;
  if (signingKeys.size >= SCOPES_MAX) {
    const [oldest] = signingKeys.keys();
    if (oldest !== undefined) signingKeys.delete(oldest);
  }
  signingKeys.set(scope, key);
}
