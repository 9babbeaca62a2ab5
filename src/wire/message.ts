/** A request and its answer between the listener (which knows sockets) and the road (which knows AWS): plain bytes. */
import type { SignedRequest } from './shape/authentication.ts';

export type WireRequest = SignedRequest & {
  readonly httpVersion: '1.1' | '2';
  readonly secure: boolean;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
};

export type WireResponse = {
  readonly status: number;
  /** Lower-case names. `content-length` is set by the listener for a whole body. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whole bytes, or chunks sent as they come with back-pressure (an event stream). */
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
  /** How long the listener is to wait before it sends the answer, milliseconds; not at all when absent. */
  readonly delayMs?: number | undefined;
  /** Called once the answer was written or the client went away: gives back the bytes it held in the budget, and the body's own. */
  readonly release?: (() => void) | undefined;
};

/** The road of a request; it never throws and never hangs. */
export type HandleRequest = (request: WireRequest) => Promise<WireResponse>;
