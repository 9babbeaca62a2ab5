/**
 * The guard of a server that runs without credentials on loopback: only programs of this machine may use it. A web page cannot forge
 * Host and Origin, so a page of another site, also one whose name was rebound to 127.0.0.1, is told by them. Decision 0142.
 */
import { isLoopbackHost } from '../base/loopback.ts';
import type { SignedRequest } from '../wire/shape/authentication.ts';
import { ServiceError } from '../wire/shape/service-error.ts';

/** Throws AccessDeniedException (403) when the peer, Host or Origin is not loopback. */
export function requireLoopback(request: SignedRequest): void {
  const host = request.headers.get('host') ?? '';
  const origin = request.headers.get('origin');
  if (!request.loopback) throw refused('It does not come from this machine');
  if (!isLoopbackAuthority(host)) throw refused(`Its Host is '${host}'`);
  if (origin !== undefined && !isLoopbackOrigin(origin)) throw refused(`Its Origin is '${origin}'`);
}

/** A host with or without a port; names under .localhost never leave the machine (RFC 6761 §6.3). */
export function isLoopbackAuthority(authority: string): boolean {
  const name = authority.toLowerCase().replace(/:\d{1,5}$/, '');
  return isLoopbackHost(name) || /^([a-z0-9_-]+\.)+localhost\.?$/.test(name) || name === 'localhost.';
}

function isLoopbackOrigin(origin: string): boolean {
  const match = /^https?:\/\/([^/@]+)$/i.exec(origin);
  return match !== null && isLoopbackAuthority(match[1]!);
}

function refused(reason: string): ServiceError {
  return new ServiceError(
    'AccessDeniedException',
    `This request is refused. ${reason}, and a server without credentials serves only this machine: ` +
      'use localhost or 127.0.0.1, or start the server with --credentials FILE.',
    { status: 403 },
  );
}
