/** What destinations that are reached by HTTP have in common: where an address of AWS's API really is, and an exchange that fails as a value. */
import { hostEndpoint, type Endpoints } from '../../config/endpoints.ts';
import { HttpError, type HttpAnswer, type HttpClient, type HttpRequest } from '../../host/http.ts';

export type Addresses = {
  readonly endpoints: Endpoints;
  /** Asked about addresses that no endpoint is configured for; undefined refuses none. */
  readonly refusesAddress: ((ip: string) => boolean) | undefined;
};

/** What a request must say to get there. */
export type Target = Pick<HttpRequest, 'url' | 'certificateAuthority' | 'refusesAddress'> & {
  /** Whether the file of endpoints says where it is. */
  readonly isMapped: boolean;
  /** As the configuration names it: 443 where it names none. */
  readonly port: number;
};

/** Undefined when `url` is no URL. Its path and query stay as they were written, below the path of the endpoint that it is mapped to. */
export function targetOf(url: string, { endpoints, refusesAddress }: Addresses): Target | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const written = /^https?:\/\/[^/?#]+([^#]*)/i.exec(url)?.[1];
  if (parsed === undefined || written === undefined) return undefined;
  const path = pathOf(written);
  const port = Number(parsed.port || (parsed.protocol === 'https:' ? 443 : 80));
  const mapped = hostEndpoint(endpoints.hosts, parsed.hostname, port);
  return mapped === undefined
    ? { url: parsed.origin + path, certificateAuthority: undefined, refusesAddress, isMapped: false, port }
    : {
        url: mapped.url + path,
        certificateAuthority: mapped.certificateAuthority,
        refusesAddress: undefined,
        isMapped: true,
        port,
      };
}

/** What cannot stand in the first line of a request is escaped, and nothing else. */
function pathOf(written: string): string {
  const escaped = written.replaceAll(/[^\x21-\x7e]+/gu, (text) => encodeURIComponent(text.toWellFormed()));
  return escaped.startsWith('/') || escaped === '' ? escaped : `/${escaped}`;
}

/** Rejects with the signal's reason, and for nothing else that the other side can do. */
export async function exchange(http: HttpClient, request: HttpRequest): Promise<HttpAnswer | HttpError> {
  request.signal?.throwIfAborted();
  try {
    return await http.send(request);
  } catch (error) {
    if (error instanceof HttpError) return error;
    throw error;
  }
}

/** The value of a header, as UTF-8; undefined when it holds what no header can. */
export function headerValue(text: string): string | undefined {
  const value = Buffer.from(text, 'utf8').toString('latin1');
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value) ? value : undefined;
}

/** Undefined when it is not UTF-8, not JSON, or no object. */
export function jsonObjectOf(body: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** What a server said, for logs and error records: no secret that it echoes, and no more than `charactersMax`. */
export function quoted(
  body: Uint8Array,
  secrets: readonly (string | undefined)[],
  charactersMax: number,
): string {
  // Cut after the secrets are gone: half of one would stay otherwise.
  let text = Buffer.from(body).toString('utf8');
  for (const secret of secrets) if (secret) text = text.replaceAll(secret, '***');
  return text.slice(0, charactersMax);
}
