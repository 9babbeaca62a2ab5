/**
 * Sealed tokens: shard iterators and NextTokens. Stateless, valid on any node and after a restart, at most 512 characters,
 * unreadable and unforgeable for clients (AES-256-GCM under the installation's token key, base64).
 *
 * A token is the base64 of salt (16) · counter (6) · ciphertext · tag (16). Each start draws a salt, derives a key of its own from
 * it and the token key, and counts: so a (key, nonce) pair never repeats, however many tokens are given. The kind of
 * token is authenticated with it. Only the canonical base64 of a token is accepted.
 */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { assert } from '../../base/assert.ts';
import type { Dice } from '../../host/host.ts';

export interface Tokens {
  /** `payload` is any text; the kind is authenticated, so that one kind is never taken for another. */
  seal(kind: TokenKind, payload: string): string;
  /** undefined when the token is not one of ours, of another kind, or altered. */
  open(kind: TokenKind, token: string): string | undefined;
}
export type TokenKind = 'shard-iterator' | 'list-shards' | 'list-streams' | 'list-stream-consumers';

const CIPHER = 'aes-256-gcm';
const SALT_BYTES = 16;
const COUNTER_BYTES = 6;
const HEAD_BYTES = SALT_BYTES + COUNTER_BYTES;
const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const TOKEN_CHARACTERS_MAX = 512;
/** Keys of earlier starts that stay derived. */
const KEYS_KEPT = 16;

export function createTokens(parts: { readonly key: Uint8Array; readonly dice: Dice }): Tokens {
  const tokenKey = createSecretKey(parts.key);
  const salt = parts.dice.bytes(SALT_BYTES);
  const ownKey = derive(tokenKey, salt);
  const keys = new Map<string, KeyObject>([[Buffer.from(salt).toString('latin1'), ownKey]]);
  let counter = 0;

  function seal(kind: TokenKind, payload: string): string {
    const nonce = Buffer.alloc(NONCE_BYTES);
    nonce.writeUIntBE(counter++, 0, COUNTER_BYTES);
    const cipher = createCipheriv(CIPHER, ownKey, nonce);
    cipher.setAAD(Buffer.from(kind, 'latin1'));
    const sealed = Buffer.concat([
      salt,
      nonce.subarray(0, COUNTER_BYTES),
      cipher.update(payload, 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    const token = sealed.toString('base64');
    assert(token.length <= TOKEN_CHARACTERS_MAX, 'a token has at most 512 characters');
    return token;
  }

  function open(kind: TokenKind, token: string): string | undefined {
    if (token.length > TOKEN_CHARACTERS_MAX) return undefined;
    const sealed = Buffer.from(token, 'base64');
    if (sealed.length < HEAD_BYTES + TAG_BYTES || sealed.toString('base64') !== token) return undefined;
    const nonce = Buffer.alloc(NONCE_BYTES);
    sealed.copy(nonce, 0, SALT_BYTES, HEAD_BYTES);
    const saltText = sealed.toString('latin1', 0, SALT_BYTES);
    const key = keys.get(saltText) ?? derive(tokenKey, sealed.subarray(0, SALT_BYTES));
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(kind, 'latin1'));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const payload = decipher.update(sealed.subarray(HEAD_BYTES, sealed.length - TAG_BYTES));
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    keep(saltText, key);
    return payload.toString('utf8');
  }

  /** Only salts of genuine tokens are kept, the oldest goes first; our own is never among those that go. */
  function keep(saltText: string, key: KeyObject): void {
    if (keys.has(saltText)) return;
    keys.set(saltText, key);
    if (keys.size <= KEYS_KEPT) return;
    for (const [oldest, oldestKey] of keys) {
      if (oldestKey === ownKey) continue;
      keys.delete(oldest);
      return;
    }
  }

  return { seal, open };
}

function derive(tokenKey: KeyObject, salt: Uint8Array): KeyObject {
  return createSecretKey(createHmac('sha256', tokenKey).update('millrace token').update(salt).digest());
}
