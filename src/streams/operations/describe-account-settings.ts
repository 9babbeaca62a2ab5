import { operation } from '../../wire/shape/operation.ts';
import { optional, structure } from '../../wire/shape/shape.ts';
import { anyResource } from '../resources.ts';
import { MinimumThroughputBillingCommitmentOutput } from '../shapes.ts';

export const DescribeAccountSettings = operation({
  name: 'DescribeAccountSettings',
  action: 'kinesis:DescribeAccountSettings',
  resources: anyResource,
  input: structure('DescribeAccountSettingsInput', {}),
  output: structure('DescribeAccountSettingsOutput', {
    MinimumThroughputBillingCommitment: optional(MinimumThroughputBillingCommitmentOutput),
  }),
  errors: ['LimitExceededException'],
});
