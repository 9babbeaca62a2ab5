import { operation } from '../../wire/shape/operation.ts';
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
