/**
 * What a client says again with each request: all of its Authorization header but the signature. Read and checked once, it is
 * recalled by its text, which saves most of the cost of reading a claim. Only claims whose signature was right are kept, so that
 * nobody can push them out without a key; whatever is unusual about a request is left to `readClaim`.
 */
import type { SignedRequest } from '../wire/shape/authentication.ts';
import { RepeatedForm } from './repeated-form.ts';
import { SKEW_MAX_MS, basicToMs, isBasicDate, type SignatureClaim } from './signature-claim.ts';

/** A key, a day and a list of signed headers make one; SDKs have two or three lists. */
const CLAIMS_MAX = 256;
const SIGNATURE_LENGTH = 64;

export type RecalledClaim = SignatureClaim & { readonly form: RepeatedForm };

export type ClaimMemory = {
  /** The request's claim, when it can be told without reading it anew. */
  recall(request: SignedRequest, nowMs: number): RecalledClaim | undefined;
  /** To be called once the signature was right. */
  keep(request: SignedRequest, claim: SignatureClaim): void;
};

export function createClaimMemory(): ClaimMemory {
  const claims = new Map<string, RecalledClaim>();
  let lastDate = '';
  let lastMs = 0;

  return {
    recall(request, nowMs) {
      const { headers, target } = request;
      const authorization = headers.get('authorization');
      const dateTime = headers.get('x-amz-date');
      if (authorization === undefined || dateTime === undefined || target !== '/') return undefined;
      const claim = claims.get(authorization.slice(0, -SIGNATURE_LENGTH));
      if (claim === undefined) return undefined;
      if (dateTime !== lastDate) {
        if (!isBasicDate(dateTime)) return undefined;
        lastMs = basicToMs(dateTime);
        lastDate = dateTime;
      }
      const fresh = lastMs >= nowMs - SKEW_MAX_MS && lastMs <= nowMs + SKEW_MAX_MS;
      if (!fresh || !claim.scope.startsWith(dateTime.slice(0, 8))) return undefined;
      const signature = authorization.slice(-SIGNATURE_LENGTH);
      return {
        accessKeyId: claim.accessKeyId,
        region: claim.region,
        service: claim.service,
        scope: claim.scope,
        dateTime,
        signedHeaders: claim.signedHeaders,
        signedHeaderList: claim.signedHeaderList,
        signature,
        sessionToken: headers.get('x-amz-security-token'),
        canonicalQuery: claim.canonicalQuery,
        form: claim.form,
      };
    },

    keep(request, claim) {
      const authorization = request.headers.get('authorization');
      if (request.target !== '/') return;
      // The signature has to be what ends the header: a claim may name its parts in any order.
      if (authorization?.endsWith(`Signature=${claim.signature}`) !== true) return;
      if (claims.size >= CLAIMS_MAX) claims.clear();
      claims.set(authorization.slice(0, -SIGNATURE_LENGTH), { ...claim, form: new RepeatedForm() });
    },
  };
}
