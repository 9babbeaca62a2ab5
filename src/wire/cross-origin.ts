/** What AWS answers to browsers on other sites: everything may be asked for and the headers of an answer may be read. */
import type { WireRequest, WireResponse } from './message.ts';
import type { RequestIds } from './request-ids.ts';

const EXPOSED = 'x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,Date';
const PREFLIGHT_SECONDS = '172800';

export function crossOriginHeaders(request: WireRequest): Readonly<Record<string, string>> | undefined {
  if (!request.headers.has('origin')) return undefined;
  return { 'access-control-allow-origin': '*', 'access-control-expose-headers': EXPOSED };
}

/** The answer to OPTIONS with an Origin: needs no signature and has no body and no x-amz-id-2. */
export function preflight(request: WireRequest, { requestId }: RequestIds): WireResponse {
  const headers: Record<string, string> = {
    'x-amzn-requestid': requestId,
    'access-control-allow-origin': '*',
    'access-control-max-age': PREFLIGHT_SECONDS,
  };
  const wantedHeaders = request.headers.get('access-control-request-headers');
  const wantedMethod = request.headers.get('access-control-request-method');
  if (wantedHeaders !== undefined) headers['access-control-allow-headers'] = wantedHeaders;
  if (wantedMethod !== undefined) headers['access-control-allow-methods'] = wantedMethod;
  return { status: 200, headers, body: new Uint8Array() };
}
