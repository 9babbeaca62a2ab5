/**
 * Sealed tokens: shard iterators and NextTokens. Stateless, valid on any node and after a restart, at most 512 characters,
 * unreadable and unforgeable for clients (AES-256-GCM under the installation's token key, base64).
 */
export interface Tokens {
  /** `payload` is any text; the kind is authenticated, so that one kind is never taken for another. */
  seal(kind: TokenKind, payload: string): string;
  /** undefined when the token is not one of ours, of another kind, or altered. */
  open(kind: TokenKind, token: string): string | undefined;
}
export type TokenKind = 'shard-iterator' | 'list-shards' | 'list-streams' | 'list-stream-consumers';
