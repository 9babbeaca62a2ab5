/**
 * Who calls, as the signature proves it. With credentials, every signature is verified. Without them, on loopback, a key's secret is unknown
 * and its signature cannot be verified: everything else about it is checked, and the caller is the root of an account (decision 0142).
 */
import { hash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../host/host.ts';
import type { Authenticate, Authenticated, SignedRequest } from '../wire/shape/authentication.ts';
import { ServiceError } from '../wire/shape/service-error.ts';
import { canonicalRequest } from './canonical-request.ts';
import { createClaimMemory } from './claim-memory.ts';
import { rootOf, type Credential, type Credentials } from './credentials.ts';
import { requireLoopback } from './loopback-only.ts';
import { readClaim, type SignatureClaim } from './signature-claim.ts';
import { keepSigningKey, signingKeyOf } from './signing-key.ts';

/** `open`: any access key, loopback only; `account` is that of keys which are not 12 digits. `verified`: only the keys of `credentials`. */
export type AuthenticationMode =
  | { readonly kind: 'open'; readonly account: string }
  | { readonly kind: 'verified'; readonly credentials: Credentials };

export function createAuthenticate(parts: {
  readonly clock: Clock;
  readonly mode: AuthenticationMode;
}): Authenticate {
  const { clock, mode } = parts;
  if (mode.kind === 'open') {
    return (request) => {
      requireLoopback(request);
      return openCaller(readClaim(request, clock.now()), mode.account);
    };
  }
  const memory = createClaimMemory();
  return (request) => {
    const nowMs = clock.now();
    const recalled = memory.recall(request, nowMs);
    if (recalled !== undefined) {
      const credential = mode.credentials.find(recalled.accessKeyId);
      // Whatever is wrong is told by the plain way.
      if (
        credential !== undefined &&
        isSigned(recalled, recalled.form.hashOf(request, recalled), credential)
      ) {
        return callerOf(request, recalled, credential, nowMs);
      }
    }
    const claim = readClaim(request, nowMs);
    const credential = mode.credentials.find(claim.accessKeyId);
    if (credential === undefined) throw unrecognized();
    const fault = signatureFault(request, claim, credential);
    if (fault !== undefined) throw mismatch(fault);
    memory.keep(request, claim);
    return callerOf(request, claim, credential, nowMs);
  };
}

function callerOf(
  request: SignedRequest,
  claim: SignatureClaim,
  credential: Credential,
  nowMs: number,
): Authenticated {
  checkSession(request, claim, credential, nowMs);
  return { caller: credential.caller, region: claim.region, service: claim.service };
}

function openCaller(claim: SignatureClaim, account: string): Authenticated {
  const { accessKeyId, region, service, sessionToken } = claim;
  const own = /^\d{12}$/.test(accessKeyId);
  const caller = rootOf(own ? accessKeyId : account, accessKeyId, sessionToken !== undefined);
  return { caller, region, service };
}

/** What should have been signed. */
type SignatureFault = { readonly canonical: string; readonly toSign: string };

/** Undefined when the signature is right. */
function signatureFault(
  request: SignedRequest,
  claim: SignatureClaim,
  credential: Credential,
): SignatureFault | undefined {
  const canonical = canonicalRequest(request, claim);
  const canonicalHash = sha256OfLatin1(canonical);
  if (isSigned(claim, canonicalHash, credential)) return undefined;
  return { canonical, toSign: toSignOf(claim, canonicalHash) };
}

function isSigned(claim: SignatureClaim, canonicalHash: string, credential: Credential): boolean {
  const { scope, signature } = claim;
  const key = signingKeyOf(credential, scope);
  if (!sameSignature(signature, key(toSignOf(claim, canonicalHash)))) return false;
  keepSigningKey(credential, scope, key);
  return true;
}

function toSignOf({ dateTime, scope }: SignatureClaim, canonicalHash: string): string {
  return `AWS4-HMAC-SHA256\n${dateTime}\n${scope}\n${canonicalHash}`;
}

function sha256OfLatin1(text: string): string {
  return hash('sha256', Buffer.from(text, 'latin1'), 'hex');
}

const claimedBytes = Buffer.alloc(64);
const expectedBytes = Buffer.alloc(64);

/** Compares without telling by its time where the two differ. */
function sameSignature(claimed: string, expected: string): boolean {
  if (claimed.length !== expectedBytes.length) return false;
  claimedBytes.write(claimed, 'latin1');
  expectedBytes.write(expected, 'latin1');
  return timingSafeEqual(claimedBytes, expectedBytes);
}

/** Temporary credentials are three parts; a token that belongs to none, or is not signed, is not accepted either. */
function checkSession(
  request: SignedRequest,
  claim: SignatureClaim,
  credential: Credential,
  nowMs: number,
): void {
  const { sessionToken } = claim;
  const signed =
    !request.headers.has('x-amz-security-token') || claim.signedHeaders.includes('x-amz-security-token');
  if (!signed || !sameText(sessionToken, credential.sessionToken)) throw unrecognized();
  if (credential.expiresMs !== undefined && nowMs >= credential.expiresMs) {
    throw new ServiceError('ExpiredTokenException', 'The security token included in the request is expired');
  }
}

/** Compares without telling by its time where the texts differ. */
function sameText(left: string | undefined, right: string | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return timingSafeEqual(hash('sha256', left, 'buffer'), hash('sha256', right, 'buffer'));
}

function unrecognized(): ServiceError {
  return new ServiceError(
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  );
}

function mismatch({ canonical, toSign }: SignatureFault): ServiceError {
  return new ServiceError(
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided. ' +
      'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\n' +
      `The Canonical String for this request should have been\n'${canonical}'\n\n` +
      `The String-to-Sign should have been\n'${toSign}'\n`,
  );
}
