/** NextTokens: where a list goes on, sealed with who asked and when. Valid for 300 seconds, for the same account and region only. */
import { SIZES } from '../../config/limits.ts';
import type { Call } from '../../wire/shape/operation.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { invalidArgument } from './stream-errors.ts';
import type { TokenKind, Tokens } from '../reading/tokens.ts';

type Kind = Exclude<TokenKind, 'shard-iterator'>;
type Caller = Pick<Call, 'caller' | 'region'>;

/** `place` is small JSON that says where to go on. */
export function sealNextToken(
  tokens: Tokens,
  kind: Kind,
  call: Caller,
  nowMs: number,
  place: readonly (string | number | null)[],
): string {
  return tokens.seal(kind, JSON.stringify([call.caller.account, call.region, nowMs, ...place]));
}

/** The `place`. Throws InvalidArgumentException for a token that is not the caller's, ExpiredNextTokenException for an old one. */
export function openNextToken(
  tokens: Tokens,
  kind: Kind,
  call: Caller,
  nowMs: number,
  token: string,
): readonly (string | number | null)[] {
  const payload = tokens.open(kind, token);
  if (payload === undefined) throw invalidArgument('Invalid NextToken.');
  const [account, region, sealedMs, ...place] = JSON.parse(payload) as (string | number | null)[];
  if (account !== call.caller.account || region !== call.region) throw invalidArgument('Invalid NextToken.');
  if (nowMs - Number(sealedMs) > SIZES.nextTokenLifetimeMs) {
    throw new ServiceError(
      'ExpiredNextTokenException',
      `NextToken expired. It is valid for ${SIZES.nextTokenLifetimeMs / 1000} seconds.`,
    );
  }
  return place;
}
