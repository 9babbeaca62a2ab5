/** The control plane's call rates, as AWS documents them: of an account in a region, or of a stream. */
import { CallRates } from '../../base/call-rates.ts';
import type { Limits } from '../../config/limits.ts';
import type { Clock } from '../../host/host.ts';
import type { Call } from '../../wire/shape/operation.ts';
import { limitExceeded } from '../directory/stream-errors.ts';

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
  const rates = new CallRates();

  function admit(operation: string, input: object, call: Call): void {
    const ofStream = limits.streamCallsPerSecond[operation];
    const rate = ofStream ?? limits.accountCallsPerSecond[operation];
    if (rate === undefined || rate === Infinity) return;
    const { account } = call.caller;
    const stream = namedStream(input);
    const scope = ofStream === undefined ? '' : `/${stream?.account ?? account}/${stream?.name ?? ''}`;
    const key = `${operation}/${account}/${call.region}${scope}`;
    if (!rates.admit(key, rate, clock.monotonic())) {
      throw limitExceeded(
        stream === undefined
          ? `Rate exceeded for account ${account}.`
          : `Rate exceeded for stream ${stream.name} under account ${stream.account ?? account}.`,
      );
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
