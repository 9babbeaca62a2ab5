/** The ports between the wire and `access/`: what a signature is checked over, and what the check answers. */
import type { Caller } from './operation.ts';

/** The parts of a request that a signature covers, as they came. */
export type SignedRequest = {
  readonly method: string;
  /** The request target as sent, still percent-encoded: path and, after `?`, the query. */
  readonly target: string;
  /** Lower-case names; repeated headers joined with `,`. HTTP/2's `:authority` is given as `host`. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  /** True when the peer's address is loopback. */
  readonly loopback: boolean;
};

export type Authenticated = {
  readonly caller: Caller;
  /** From the signature's scope. */
  readonly region: string;
  readonly service: string;
};

/** Throws `ServiceError` with AWS's code and message when the request is not properly signed. */
export type Authenticate = (request: SignedRequest) => Authenticated;

/** Throws `ServiceError` AccessDeniedException when `caller` may not do `action` on every one of `resources`. */
export type Authorize = (caller: Caller, action: string, resources: readonly string[]) => void;
