import type { Limits } from '../../config/limits.ts';
import type { StreamDirectory } from '../stream.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { anyResource } from '../resources.ts';
import {
  NaturalIntegerObject,
  OnDemandStreamCountLimitObject,
  OnDemandStreamCountObject,
  ShardCountObject,
} from '../shapes.ts';

export const DescribeLimits = operation({
  name: 'DescribeLimits',
  action: 'kinesis:DescribeLimits',
  resources: anyResource,
  input: structure('DescribeLimitsInput', {}),
  output: structure('DescribeLimitsOutput', {
    ShardLimit: required(ShardCountObject),
    OpenShardCount: required(ShardCountObject),
    OnDemandStreamCount: required(OnDemandStreamCountObject),
    OnDemandStreamCountLimit: required(OnDemandStreamCountLimitObject),
    ChannelCount: optional(NaturalIntegerObject),
    ChannelCountLimit: optional(NaturalIntegerObject),
  }),
  errors: ['LimitExceededException'],
});

export function describeLimits(parts: {
  readonly directory: StreamDirectory;
  readonly limits: Limits;
}): Handler<typeof DescribeLimits> {
  return (_input, call) => {
    const streams = parts.directory.list(call.caller.account, call.region);
    return {
      ShardLimit: shownLimit(parts.limits.shardsPerAccount),
      OpenShardCount: streams.reduce((sum, stream) => sum + stream.openShards.length, 0),
      OnDemandStreamCount: streams.filter((stream) => stream.mode === 'ON_DEMAND').length,
      OnDemandStreamCountLimit: shownLimit(parts.limits.onDemandStreamsPerAccount),
      ChannelCount: 0,
      ChannelCountLimit: 0,
    };
  };
}

/** The model ends at a million; a lifted limit is shown as that. */
function shownLimit(limit: number): number {
  return Math.min(limit, 1_000_000);
}
