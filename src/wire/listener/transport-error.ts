/**
 * Answers to requests that never reach the road, because their transport is at fault. The names are those of AWS's common
 * errors. `x-amzn-errortype` says the name too, so that a client of any protocol, JSON or CBOR, finds it.
 */
export type TransportError = { readonly status: number; readonly code: string; readonly message: string };

export const MALFORMED: TransportError = {
  status: 400,
  code: 'MalformedHttpRequestException',
  message: 'The request is not valid HTTP.',
};
export const TOO_SLOW: TransportError = {
  status: 408,
  code: 'RequestTimeoutException',
  message: 'The request did not arrive in time.',
};
export const HEADERS_TOO_LARGE: TransportError = {
  status: 431,
  code: 'MalformedHttpRequestException',
  message: 'The request headers are too large.',
};
/** AWS answers a bare 413 without a body: decision 0121. */
export const BODY_TOO_LARGE: TransportError = { status: 413, code: '', message: '' };
export const EXPECTATION_UNKNOWN: TransportError = {
  status: 417,
  code: 'MalformedHttpRequestException',
  message: 'The expectation is not supported.',
};
/** Every SDK retries a 503. */
export const BUSY: TransportError = {
  status: 503,
  code: 'ServiceUnavailable',
  message: 'The server has no memory free for this request. Try again.',
};
export const FAILED: TransportError = {
  status: 500,
  code: 'InternalFailure',
  message: 'The request processing has failed because of an unknown error, exception or failure.',
};

export function transportErrorAnswer(error: TransportError): {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
} {
  if (error.code === '') return { status: error.status, headers: {}, body: new Uint8Array(0) };
  return {
    status: error.status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': error.code },
    body: Buffer.from(JSON.stringify({ __type: error.code, message: error.message })),
  };
}
