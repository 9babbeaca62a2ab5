/** How long and how much a client may take. Bounds on what one server carries, not AWS's quotas: those are in config/limits.ts. */
import { SIZES } from '../../config/limits.ts';

export type ListenerLimits = {
  readonly connectionsMax: number;
  readonly headerBytesMax: number;
  readonly bodyBytesMax: number;
  /** A TLS handshake, and a request's headers from their first byte. */
  readonly headerMs: number;
  /** A connection between requests. Above the idle time of the AWS SDKs' pools, so that they close first. */
  readonly idleMs: number;
  /** Bodies and answers have `transferGraceMs`, then must have moved at this rate on average … */
  readonly transferBytesPerSecondMin: number;
  /** … or at this one while others wait for memory. */
  readonly contendedBytesPerSecondMin: number;
  readonly transferGraceMs: number;
  /** An event stream whose client takes nothing of a chunk for this long has lost it. */
  readonly stallMs: number;
  /** Requests that one HTTP/1.1 connection may have sent ahead; then it is closed after the last of them. */
  readonly pipelinedMax: number;
  readonly http2StreamsMax: number;
  /** How long a refused body is still read and thrown away, so that its sender gets to see the answer. */
  readonly lingerMs: number;
  /** `drain` gives up and closes after this. */
  readonly drainMs: number;
};

export const LISTENER_LIMITS: ListenerLimits = Object.freeze({
  connectionsMax: 20_000,
  headerBytesMax: SIZES.headerBytesMax,
  bodyBytesMax: SIZES.bodyBytesMax,
  headerMs: 20_000,
  idleMs: 120_000,
  transferBytesPerSecondMin: 64 * 1024,
  contendedBytesPerSecondMin: 256 * 1024,
  transferGraceMs: 10_000,
  stallMs: 60_000,
  pipelinedMax: 128,
  http2StreamsMax: 256,
  lingerMs: 5_000,
  drainMs: 25_000,
});
