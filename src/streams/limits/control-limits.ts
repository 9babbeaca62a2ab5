/**
 * The control plane's call rates, as AWS documents them: of an account in a region, or of a stream. A bucket holds one second's calls and
 * is one number, the time at which it is full again; full ones are forgotten, so the memory is bounded.
 */
import type { Limits } from '../../config/limits.ts';
import type { Clock } from '../../host/host.ts';
import type { Call } from '../../wire/shape/operation.ts';
import { limitExceeded } from '../directory/stream-errors.ts';

const SECOND_MS = 1000;
const BUCKETS_MAX = 10_000;
/** Times are added up from fractions; this much of a millisecond is rounding. */
const ROUNDING_MS = 1e-6;

/** The members that name a stream in an input. */
type Input = {
  readonly StreamName?: unknown;
  readonly StreamARN?: unknown;
  readonly ConsumerARN?: unknown;
};

export interface ControlLimits {
  /** Counts a call; throws LimitExceededException when there were too many in the last second. */
  admit(operation: string, input: object, call: Call): void;
}

export function createControlLimits(parts: {
  readonly clock: Clock;
  readonly limits: Pick<Limits, 'accountCallsPerSecond' | 'streamCallsPerSecond'>;
}): ControlLimits {
  const { clock, limits } = parts;
  /** When each bucket is full again, in monotonic milliseconds; least recently made first. */
  const buckets = new Map<string, number>();

  function admit(operation: string, input: object, call: Call): void {
    const ofStream = limits.streamCallsPerSecond[operation];
    const rate = ofStream ?? limits.accountCallsPerSecond[operation];
    if (rate === undefined || rate === Infinity) return;
    const { account } = call.caller;
    const stream = namedStream(input);
    const scope = ofStream === undefined ? '' : `/${stream?.account ?? account}/${stream?.name ?? ''}`;
    const key = `${operation}/${account}/${call.region}${scope}`;
    const nowMs = clock.monotonic();
    const costMs = SECOND_MS / rate;
    const fullMs = Math.max(buckets.get(key) ?? 0, nowMs) + costMs;
    if (fullMs - nowMs > SECOND_MS + ROUNDING_MS) {
      throw limitExceeded(
        stream === undefined
          ? `Rate exceeded for account ${account}.`
          : `Rate exceeded for stream ${stream.name} under account ${stream.account ?? account}.`,
      );
    }
    buckets.delete(key);
    if (buckets.size >= BUCKETS_MAX) forget(nowMs);
    buckets.set(key, fullMs);
  }

  function forget(nowMs: number): void {
    for (const [key, fullMs] of buckets) if (fullMs <= nowMs) buckets.delete(key);
    for (const key of buckets.keys()) {
      if (buckets.size < BUCKETS_MAX) return;
      buckets.delete(key);
    }
  }

  return { admit };
}

function namedStream(
  input: Input,
): { readonly name: string; readonly account: string | undefined } | undefined {
  const arn = input.StreamARN ?? input.ConsumerARN;
  if (typeof arn === 'string') {
    const match = /:(\d{12}):stream\/([^/]+)/.exec(arn);
    if (match !== null) return { account: match[1], name: match[2]! };
  }
  return typeof input.StreamName === 'string' ? { account: undefined, name: input.StreamName } : undefined;
}
