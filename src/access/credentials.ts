import type { Caller } from '../wire/shape/operation.ts';
import type { Hmac } from './hmac.ts';

/** One access key that may call. */
export type Credential = {
  readonly secretAccessKey: string;
  /** Requests under temporary credentials must carry it. */
  readonly sessionToken: string | undefined;
  /** When temporary credentials end; undefined when the file does not say. */
  readonly expiresMs: number | undefined;
  readonly caller: Caller;
  /** Derived keys by scope, kept because deriving one costs four HMACs. Bounded; lives and dies with the secret. */
  readonly signingKeys: Map<string, Hmac>;
};

/** Who may call, by access key id. */
export type Credentials = { find(accessKeyId: string): Credential | undefined };

export function rootOf(account: string, accessKeyId: string, temporary: boolean): Caller {
  const caller = { account, arn: `arn:aws:iam::${account}:root`, accessKeyId };
  // The key id names the session: the token itself is a secret.
  return Object.freeze(temporary ? { ...caller, session: accessKeyId } : caller);
}
