/**
 * What a request says about its signature, from the Authorization header or from the query (a presigned URL), and AWS's errors for
 * what is missing or cannot be. Nothing is believed yet. The order of the checks and their texts were recorded from AWS's JSON
 * services by the authors of kinesalite and dynalite.
 */
import type { SignedRequest } from '../wire/shape/authentication.ts';
import { ServiceError } from '../wire/shape/service-error.ts';
import { canonicalQuery, queryParameters } from './canonical-request.ts';

export type SignatureClaim = {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  /** `YYYYMMDD/region/service/aws4_request`. */
  readonly scope: string;
  /** `YYYYMMDDTHHMMSSZ`: when it was signed. */
  readonly dateTime: string;
  /** Lower-case names, in the order of the request; and as they came, parted by semicolons. */
  readonly signedHeaders: readonly string[];
  readonly signedHeaderList: string;
  readonly signature: string;
  readonly sessionToken: string | undefined;
  /** The query as it is signed; empty without a query. */
  readonly canonicalQuery: string;
};

const ALGORITHM = 'AWS4-HMAC-SHA256';
export const SKEW_MAX_MS = 15 * 60 * 1000;
/** A presigned URL lives a week at most. */
const EXPIRES_SECONDS_MAX = 604_800;

/** Throws `ServiceError` with AWS's code and text. `nowMs` is the wall clock. */
export function readClaim(request: SignedRequest, nowMs: number): SignatureClaim {
  const authorization = request.headers.get('authorization');
  const mark = request.target.indexOf('?');
  const parameters = mark === -1 ? [] : queryParameters(request.target.slice(mark + 1));
  const inQuery = parameters.some(([name]) => name === 'X-Amz-Algorithm');
  if (authorization !== undefined && inQuery) {
    throw invalid("Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
  }
  if (authorization === undefined && !inQuery) {
    throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const parts =
    authorization === undefined ? partsOfQuery(new Map(parameters)) : partsOfHeader(authorization, request);
  const dateTime = checkDate(parts.date, parts.expires, nowMs);
  const signedHeaderList = parts.signedHeaders.toLowerCase();
  const signedHeaders = signedHeaderList.split(';');
  if (!signedHeaders.includes('host') && !signedHeaders.includes(':authority')) {
    throw invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  // A name a thousand times would make the canonical request a thousand times as long as the request.
  if (new Set(signedHeaders).size !== signedHeaders.length) {
    throw invalid("A header may be named only once in the 'SignedHeaders' of the AWS Authorization.");
  }
  if (parts.algorithm !== ALGORITHM) {
    throw incomplete(`Unsupported AWS 'algorithm': '${parts.algorithm}' (only ${ALGORITHM} for now). `);
  }
  const { accessKeyId, region, service, scope } = readCredential(parts.credential, dateTime);
  return {
    accessKeyId,
    region,
    service,
    scope,
    dateTime,
    signedHeaders,
    signedHeaderList,
    signature: parts.signature,
    sessionToken: parts.sessionToken,
    canonicalQuery: canonicalQuery(parameters, inQuery),
  };
}

type Parts = {
  readonly algorithm: string;
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly date: string;
  readonly expires: string | undefined;
  readonly sessionToken: string | undefined;
};

function partsOfHeader(authorization: string, { headers }: SignedRequest): Parts {
  const [algorithm = '', ...fields] = authorization.split(/[, ]+/);
  const values: { Credential?: string; Signature?: string; SignedHeaders?: string } = {};
  for (const field of fields) {
    const equals = field.indexOf('=');
    const name = field.slice(0, equals);
    if (name === 'Credential' || name === 'Signature' || name === 'SignedHeaders') {
      values[name] = field.slice(equals + 1);
    }
  }
  const date = headers.get('x-amz-date') ?? headers.get('date');
  const { Credential, Signature, SignedHeaders } = values;
  if (!Credential || !Signature || !SignedHeaders || !date) {
    let text = '';
    if (!Credential) text += "Authorization header requires 'Credential' parameter. ";
    if (!Signature) text += "Authorization header requires 'Signature' parameter. ";
    if (!SignedHeaders) text += "Authorization header requires 'SignedHeaders' parameter. ";
    if (!date) {
      text += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
    }
    throw incomplete(`${text}Authorization=${authorization}`);
  }
  return {
    algorithm,
    credential: Credential,
    signedHeaders: SignedHeaders,
    signature: Signature,
    date,
    expires: undefined,
    sessionToken: headers.get('x-amz-security-token'),
  };
}

function partsOfQuery(query: ReadonlyMap<string, string>): Parts {
  const missing: string[] = [];
  const take = (name: string): string => {
    const value = query.get(name) ?? '';
    if (value === '') missing.push(`AWS query-string parameters must include '${name}'. `);
    return value;
  };
  const parts = {
    algorithm: take('X-Amz-Algorithm'),
    credential: take('X-Amz-Credential'),
    signature: take('X-Amz-Signature'),
    signedHeaders: take('X-Amz-SignedHeaders'),
    date: take('X-Amz-Date'),
    expires: query.get('X-Amz-Expires'),
    sessionToken: query.get('X-Amz-Security-Token'),
  };
  if (missing.length > 0) throw incomplete(`${missing.join('')}Re-examine the query-string parameters.`);
  return parts;
}

/** Returns the date in ISO 8601's basic form. A Date header may also have the form of HTTP. */
function checkDate(given: string, expires: string | undefined, nowMs: number): string {
  const basic = isBasicDate(given);
  const ms = basic ? basicToMs(given) : Date.parse(given);
  const http = !basic && /^[A-Z][a-z]{2}, .* GMT$/.test(given);
  if (Number.isNaN(ms) || (!basic && !http)) {
    throw incomplete(
      `Date must be in ISO-8601 'basic format'. Got '${given}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
  const dateTime = basic ? given : basicOf(ms);
  const livesMs = expires === undefined ? SKEW_MAX_MS : expiresMs(expires);
  if (ms < nowMs - livesMs) {
    throw invalid(
      `Signature expired: ${dateTime} is now earlier than ${basicOf(nowMs - livesMs)} (${basicOf(nowMs)} - ${durationText(livesMs)})`,
    );
  }
  if (ms > nowMs + SKEW_MAX_MS) {
    throw invalid(
      `Signature not yet current: ${dateTime} is still later than ${basicOf(nowMs + SKEW_MAX_MS)} (${basicOf(nowMs)} + ${durationText(SKEW_MAX_MS)})`,
    );
  }
  return dateTime;
}

export function isBasicDate(text: string): boolean {
  return /^\d{8}T\d{6}Z$/.test(text);
}

/** NaN when there is no such time. */
export function basicToMs(text: string): number {
  const iso = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 11)}:${text.slice(11, 13)}:${text.slice(13)}`;
  return Date.parse(iso);
}

function basicOf(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function durationText(ms: number): string {
  return ms % 60_000 === 0 ? `${ms / 60_000} min.` : `${ms / 1000} sec.`;
}

function expiresMs(text: string): number {
  const seconds = /^\d{1,7}$/.test(text) ? Number(text) : NaN;
  if (!(seconds >= 1 && seconds <= EXPIRES_SECONDS_MAX)) {
    throw incomplete(
      `X-Amz-Expires must be a number of seconds between 1 and ${EXPIRES_SECONDS_MAX}, not '${text}'.`,
    );
  }
  return seconds * 1000;
}

function readCredential(
  credential: string,
  dateTime: string,
): Pick<SignatureClaim, 'accessKeyId' | 'region' | 'service' | 'scope'> {
  const elements = credential.split('/');
  const [accessKeyId = '', date = '', region = '', service = '', terminator = ''] = elements;
  if (elements.length !== 5 || accessKeyId === '') {
    throw incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  }
  const day = dateTime.slice(0, 8);
  const wrong: string[] = [];
  if (!/^[a-z0-9-]{1,64}$/.test(region)) {
    wrong.push(`Credential should be scoped to a valid region, not '${region}'. `);
  }
  if (!/^[a-z0-9-]{1,64}$/.test(service)) {
    wrong.push(`Credential should be scoped to a valid service, not '${service}'. `);
  }
  if (terminator !== 'aws4_request') {
    wrong.push(`Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'. `);
  }
  if (date !== day) {
    wrong.push(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${day}', from '${dateTime}'.`,
    );
  }
  if (wrong.length > 0) throw invalid(wrong.join('').trimEnd());
  return { accessKeyId, region, service, scope: `${date}/${region}/${service}/${terminator}` };
}

function incomplete(message: string): ServiceError {
  return new ServiceError('IncompleteSignatureException', message);
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidSignatureException', message);
}
