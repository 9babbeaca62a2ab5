/** A request as the road gets it, and the client at its other end. */
import type { WireRequest } from '../message.ts';

export type Peer = { readonly secure: boolean; readonly loopback: boolean };

/** The log of the listener: what an operator may have to know, never a request's content. */
export type ListenerLog = {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
};

/**
 * Tells the road of a request that its client went away. Apart from the request, so that who waits to tell does not keep the
 * body in memory while the answer is written.
 */
export class ClientPresence {
  /** Made when first asked for: most requests end before anyone does, and it costs as much as the rest of a request. */
  #abort: AbortController | undefined;
  #gone = false;

  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#gone) this.#abort.abort(new ClientGone());
    }
    return this.#abort.signal;
  }

  leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#abort?.abort(new ClientGone());
  }
}

export class IncomingRequest implements WireRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  readonly httpVersion: '1.1' | '2';
  readonly secure: boolean;
  readonly loopback: boolean;
  readonly #presence: ClientPresence;

  constructor(
    line: { readonly method: string; readonly target: string; readonly httpVersion: '1.1' | '2' },
    headers: ReadonlyMap<string, string>,
    body: Uint8Array,
    peer: Peer,
    presence: ClientPresence,
  ) {
    this.method = line.method;
    this.target = line.target;
    this.httpVersion = line.httpVersion;
    this.headers = headers;
    this.body = body;
    this.secure = peer.secure;
    this.loopback = peer.loopback;
    this.#presence = presence;
  }

  get signal(): AbortSignal {
    return this.#presence.signal;
  }
}

class ClientGone extends Error {
  override readonly name = 'ClientGone';

  constructor() {
    super('the client went away');
  }
}

/** From Node's flat list of names and values. Pseudo headers are left out, but `:authority` is given as `host`. */
export function headersFrom(raw: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  let authority: string | undefined;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index]!.toLowerCase();
    const value = raw[index + 1]!;
    if (name.charCodeAt(0) === 0x3a) {
      if (name === ':authority') authority = value;
      continue;
    }
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  if (authority !== undefined) headers.set('host', authority);
  return headers;
}

export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address;
  return plain === '::1' || plain.startsWith('127.');
}
