/**
 * Signature Version 4's canonical form of a request, for every service but S3: the path is normalized and encoded once more than it
 * was sent, the query sorted, the headers trimmed. Strings hold one byte a character, as HTTP sends them. Source: "Create a
 * signed AWS API request", AWS Identity and Access Management user guide; AWS's published test suite (signature-vectors.test.ts).
 */
import { hash } from 'node:crypto';
import type { SignedRequest } from '../wire/shape/authentication.ts';
import type { SignatureClaim } from './signature-claim.ts';

/** The body's own hash counts, whatever x-amz-content-sha256 says. */
export function canonicalRequest(
  request: SignedRequest,
  {
    signedHeaders,
    signedHeaderList,
    canonicalQuery: query,
  }: Pick<SignatureClaim, 'signedHeaders' | 'signedHeaderList' | 'canonicalQuery'>,
): string {
  const mark = request.target.indexOf('?');
  const path = mark === -1 ? request.target : request.target.slice(0, mark);
  let text = `${request.method}\n${canonicalPath(path)}\n${query}\n`;
  for (const name of signedHeaders) {
    const value = request.headers.get(name === ':authority' ? 'host' : name) ?? '';
    text += `${name}:${canonicalValue(value)}\n`;
  }
  return `${text}\n${signedHeaderList}\n${hash('sha256', request.body, 'hex')}`;
}

/** Decoded names and values, in the order of the query. */
export function queryParameters(query: string): [name: string, value: string][] {
  if (query === '') return [];
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      if (equals === -1) return [decode(pair), ''];
      return [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
    });
}

/** Sorted by encoded name, then value; without the signature itself when that is `signedInQuery`. */
export function canonicalQuery(
  parameters: readonly (readonly [string, string])[],
  signedInQuery: boolean,
): string {
  if (parameters.length === 0) return '';
  return parameters
    .filter(([name]) => !signedInQuery || name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([name1, value1], [name2, value2]) => compare(name1, name2) || compare(value1, value2))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function canonicalPath(path: string): string {
  if (path === '/' || path === '') return '/';
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encode(segment));
  }
  const directory = /\/(\.{1,2})?$/.test(path) && segments.length > 0 ? '/' : '';
  return `/${segments.join('/')}${directory}`;
}

/** Not `trim`: it would take 0xA0, which ends many characters of UTF-8, for a space. */
function canonicalValue(value: string): string {
  if (
    !isBlank(value.charCodeAt(0)) &&
    !isBlank(value.charCodeAt(value.length - 1)) &&
    !value.includes('  ')
  ) {
    return value;
  }
  return value.replaceAll(/^[ \t]+|[ \t]+$/g, '').replaceAll(/ {2,}/g, ' ');
}

/** A space or a tab; false for NaN, what an empty text begins with. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

const UNRESERVED_ONLY = /^[A-Za-z0-9\-._~]*$/;

/** Percent-encodes every byte that RFC 3986 does not call unreserved, with capital digits. */
function encode(text: string): string {
  if (UNRESERVED_ONLY.test(text)) return text;
  return text.replaceAll(
    /[^A-Za-z0-9\-._~]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  return text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(parseInt(digits, 16)),
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
