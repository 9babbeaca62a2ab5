/** Where a domain's bulk API is, and how requests to it are signed. */
import { signedHeaders } from '../../../base/signature-v4.ts';
import type { BasicCredentials, DomainEndpoint, KeyCredentials } from '../../../config/endpoints.ts';
import type { Clock } from '../../../host/host.ts';
import type { HttpRequest } from '../../../host/http.ts';
import { digest } from '../../../objects/digest.ts';
import type { Addresses } from '../exchange.ts';

export type Domain = Pick<HttpRequest, 'certificateAuthority' | 'refusesAddress'> & {
  /** Without a slash at its end. */
  readonly url: string;
  readonly credentials: KeyCredentials | BasicCredentials | undefined;
  /** Of the signature. */
  readonly scope: { readonly region: string; readonly service: 'es' | 'aoss' };
};

/** `address`: the domain's ARN, or the URL of its endpoint. Undefined when nothing says where it is. */
export function domainOf(
  address: string,
  scope: Domain['scope'],
  { endpoints, refusesAddress }: Addresses,
): Domain | undefined {
  const of = (mapped: DomainEndpoint): Domain => ({
    url: mapped.url,
    certificateAuthority: mapped.certificateAuthority,
    credentials: mapped.credentials,
    refusesAddress: undefined,
    scope,
  });
  if (address.startsWith('arn:')) {
    const mapped = endpoints.domains.get(address);
    return mapped && of(mapped);
  }
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || url.hostname === '') return undefined;
  const mapped = endpoints.domains.get(url.hostname);
  if (mapped !== undefined) return of(mapped);
  const path = url.pathname.replace(/\/+$/, '');
  return {
    url: url.origin + path,
    certificateAuthority: undefined,
    credentials: undefined,
    refusesAddress,
    scope,
  };
}

/** A POST of lines of JSON to `path`. */
export async function domainRequest(
  domain: Domain,
  path: string,
  body: readonly Uint8Array[],
  clock: Pick<Clock, 'now' | 'turn'>,
): Promise<
  Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body' | 'certificateAuthority' | 'refusesAddress'>
> {
  const { credentials, certificateAuthority, refusesAddress } = domain;
  const url = new URL(domain.url + path);
  const headers = { host: url.host, 'content-type': 'application/x-ndjson' };
  return {
    method: 'POST',
    url: url.href,
    body,
    certificateAuthority,
    refusesAddress,
    headers:
      credentials === undefined
        ? headers
        : 'user' in credentials
          ? { ...headers, authorization: basic(credentials) }
          : signedHeaders(
              {
                method: 'POST',
                path: url.pathname,
                query: {},
                headers,
                bodyHash: await digest('sha256', body, clock),
              },
              credentials,
              domain.scope,
              clock.now(),
            ),
  };
}

function basic({ user, password }: BasicCredentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
