/** Signature Version 4's key of a day, region and service: four HMACs, kept as long as the secret lives. */
import { createHmac } from 'node:crypto';
import type { Credential } from './credentials.ts';
import { createHmacOf, type Hmac } from './hmac.ts';

/** A client uses one or two scopes a day. */
const SCOPES_MAX = 64;

/** What signs under the key of `scope`, which is `YYYYMMDD/region/service/aws4_request`. */
export function signingKeyOf(credential: Credential, scope: string): Hmac {
  const kept = credential.signingKeys.get(scope);
  if (kept !== undefined) return kept;
  let key: Uint8Array = Buffer.from(`AWS4${credential.secretAccessKey}`);
  for (const element of scope.split('/')) key = createHmac('sha256', key).update(element).digest();
  return createHmacOf(key);
}

/** To be called once a signature under it was right, so that wrong ones cannot push the right ones out. */
export function keepSigningKey(credential: Credential, scope: string, key: Hmac): void {
  const { signingKeys } = credential;
  if (signingKeys.has(scope)) return;
  if (signingKeys.size >= SCOPES_MAX) {
    const [oldest] = signingKeys.keys();
    if (oldest !== undefined) signingKeys.delete(oldest);
  }
  signingKeys.set(scope, key);
}
