/**
 * The few plain pages beside AWS's protocol: health, readiness, metrics. They need no signature and tell no secret, and
 * they stand before the road, so they answer also while it is busy.
 */
import type { HandleRequest, WireRequest, WireResponse } from './message.ts';
import { ServiceError } from './shape/service-error.ts';

export type Page = { readonly status: number; readonly contentType: string; readonly body: string };

/** `guard` throws `ServiceError` for whoever may not even see these pages. */
export function withHttpSurface(
  handle: HandleRequest,
  parts: {
    readonly pages: ReadonlyMap<string, () => Page>;
    readonly guard: (request: WireRequest) => void;
  },
): HandleRequest {
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return handle(request);
    const page = parts.pages.get(request.target.split('?', 1)[0]!);
    if (page === undefined) return handle(request);
    return Promise.resolve(answerPage(request, page, parts.guard));
  };
}

function answerPage(
  request: WireRequest,
  page: () => Page,
  guard: (request: WireRequest) => void,
): WireResponse {
  let answer: Page;
  try {
    guard(request);
    answer = page();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    answer = { status: error.status, contentType: 'text/plain; charset=utf-8', body: `${error.message}\n` };
  }
  return {
    status: answer.status,
    headers: { 'content-type': answer.contentType, 'cache-control': 'no-store' },
    body: request.method === 'HEAD' ? new Uint8Array() : Buffer.from(answer.body),
  };
}
