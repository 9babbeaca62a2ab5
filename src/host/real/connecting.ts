/** How connections to other servers are made and how they fail, for HTTP and SQL alike. */
import dns from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

export type RefusesAddress = ((ip: string) => boolean) | undefined;

/** An address that may not be connected to. */
export class RefusedAddress extends Error {
  constructor(address: string) {
    super(
      `The address ${address} is private to this machine or network, and no endpoint is configured for it.`,
    );
  }
}

/** Judges what is an address already; names are judged by `lookupWith`. */
export function refusalOf(hostname: string, refusesAddress: RefusesAddress): RefusedAddress | undefined {
  return isIP(hostname) !== 0 && refusesAddress?.(hostname) ? new RefusedAddress(hostname) : undefined;
}

/**
 * Resolves names and has every address judged. What is handed on is what was judged, so a name that resolves differently a moment later
 * gains nothing. Names below localhost are this machine, as RFC 6761 asks and not every resolver does.
 */
export function lookupWith(refusesAddress: RefusesAddress): LookupFunction {
  return (hostname, options, callback) => {
    const name = /(^|\.)localhost$/.test(hostname) ? 'localhost' : hostname;
    dns.lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const refused = addresses.find(({ address }) => refusesAddress?.(address));
      if (refused !== undefined) return callback(new RefusedAddress(refused.address), []);
      if (options.all) return callback(null, addresses);
      return callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}

const UNREACHABLE =
  /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_\w+|ETIMEDOUT|EHOSTDOWN|EADDRNOTAVAIL)$/;
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/;

export type ConnectionFailure = 'refused-address' | 'unreachable' | 'untrusted' | 'broken';

export function connectionFailureOf(error: Error): {
  readonly failure: ConnectionFailure;
  readonly message: string;
} {
  // Several addresses that all failed come as one error without a code of its own.
  const first = error instanceof AggregateError ? (error.errors[0] as Error) : error;
  const { message } = first;
  if (first instanceof RefusedAddress) return { failure: 'refused-address', message };
  const code = String((first as NodeJS.ErrnoException).code ?? '');
  if (UNREACHABLE.test(code)) return { failure: 'unreachable', message };
  return { failure: UNTRUSTED.test(code) ? 'untrusted' : 'broken', message };
}
