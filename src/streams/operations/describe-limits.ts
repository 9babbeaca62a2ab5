import type { Limits } from '../../config/limits.ts';
import { shardLimit } from '../limits/account-limits.ts';
import type { StreamDirectory } from '../directory/stream.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { anyResource } from '../directory/resources.ts';
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

/** The model's counts end here; a lifted limit is shown as that. */
const COUNT_MAX = 1_000_000;

export function describeLimits(parts: {
  readonly directory: StreamDirectory;
  readonly limits: Limits;
}): Handler<typeof DescribeLimits> {
  return (_input, call) => {
    const streams = parts.directory.list(call.caller.account, call.region);
    return {
      ShardLimit: shardLimit(parts.limits),
      OpenShardCount: streams.reduce((sum, stream) => sum + stream.openShards.length, 0),
      OnDemandStreamCount: streams.filter((stream) => stream.mode === 'ON_DEMAND').length,
      OnDemandStreamCountLimit: Math.min(parts.limits.onDemandStreamsPerAccount, COUNT_MAX),
      ChannelCount: 0,
      ChannelCountLimit: 0,
    };
  };
}
