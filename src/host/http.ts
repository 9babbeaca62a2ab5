/**
 * HTTP to other servers: one request, answered whole. Statuses and redirects are the caller's to judge, nothing is repeated and no redirect is
 * followed, so what was checked of an address is true of the server that answers.
 */

export type HttpRequest = {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** http or https. Its path and query go out as they are written. */
  readonly url: string;
  /** Lower-case names. `host` and `content-length` are added where absent. */
  readonly headers: Readonly<Record<string, string>>;
  /** In pieces, sent in a row. */
  readonly body?: readonly Uint8Array[];
  /** From now to the end of the answer. */
  readonly timeoutMs: number;
  /** A longer answer is a failure. */
  readonly answerBytesMax: number;
  /** PEM of the authorities to trust in place of the usual ones. */
  readonly certificateAuthority?: string | undefined;
  /** Asked about every address before a connection is made to it; true refuses it. Names are resolved once, and only to addresses that were asked about. */
  readonly refusesAddress?: ((ip: string) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type HttpAnswer = {
  readonly status: number;
  /** Lower-case names; repeated headers are joined by a comma. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
};

export interface HttpClient {
  /** Throws `HttpError` when no whole answer came, and the signal's reason when aborted. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Ends connections that are kept for later requests. */
  close(): void;
}

/**
 * `refused-address`: `refusesAddress` said so. `unreachable`: no connection. `untrusted`: the certificate. `timeout`: in time came no
 * whole answer. `broken`: the connection ended, or what came is not HTTP. `too-long`: the answer.
 */
export type HttpFailure = 'refused-address' | 'unreachable' | 'untrusted' | 'timeout' | 'broken' | 'too-long';

/** No answer. Whether the server acted on the request is not known, but for `refused-address`, `unreachable` and `untrusted`: then it did not. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly failure: HttpFailure;

  constructor(failure: HttpFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}
