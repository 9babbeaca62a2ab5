/** A request as the road gets it, and the client at its other end. */
import type { WireRequest } from '../message.ts';

export type Peer = { readonly secure: boolean; readonly loopback: boolean };

/** The log of the listener: what an operator may have to know, never a request's content. */
export type ListenerLog = {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
};

export class IncomingRequest implements WireRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  readonly httpVersion: '1.1' | '2';
  readonly secure: boolean;
  readonly loopback: boolean;
  /** Made when first asked for: most requests end before anyone does, and it costs as much as the rest of this object. */
  #abort: AbortController | undefined;
  #gone = false;

  constructor(
    line: { method: string; target: string; httpVersion: '1.1' | '2' },
    headers: ReadonlyMap<string, string>,
    body: Uint8Array,
    peer: Peer,
  ) {
    this.method = line.method;
    this.target = line.target;
    this.httpVersion = line.httpVersion;
    this.headers = headers;
    this.body = body;
    this.secure = peer.secure;
    this.loopback = peer.loopback;
  }

  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#gone) this.#abort.abort(new ClientGone());
    }
    return this.#abort.signal;
  }

  /** The client went away. */
  leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#abort?.abort(new ClientGone());
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
