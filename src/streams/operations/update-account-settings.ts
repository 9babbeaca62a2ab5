import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { anyResource } from '../resources.ts';
import {
  MinimumThroughputBillingCommitmentInput,
  MinimumThroughputBillingCommitmentOutput,
} from '../shapes.ts';

export const UpdateAccountSettings = operation({
  name: 'UpdateAccountSettings',
  action: 'kinesis:UpdateAccountSettings',
  resources: anyResource,
  input: structure('UpdateAccountSettingsInput', {
    MinimumThroughputBillingCommitment: required(MinimumThroughputBillingCommitmentInput),
  }),
  output: structure('UpdateAccountSettingsOutput', {
    MinimumThroughputBillingCommitment: optional(MinimumThroughputBillingCommitmentOutput),
  }),
  errors: ['InvalidArgumentException', 'ValidationException', 'LimitExceededException'],
});
