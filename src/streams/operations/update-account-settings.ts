import type { Clock } from '../../host/host.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { describeCommitment, writeCommitment } from '../settings/account-settings.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { anyResource } from '../directory/resources.ts';
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

export function updateAccountSettings(parts: {
  readonly catalog: Catalog;
  readonly clock: Clock;
}): Handler<typeof UpdateAccountSettings> {
  return async (input, call) => {
    const place = { account: call.caller.account, region: call.region };
    const nowMs = parts.clock.now();
    const commitment = await parts.catalog.transact((transaction) =>
      writeCommitment(transaction, place, input.MinimumThroughputBillingCommitment.Status, nowMs),
    );
    return { MinimumThroughputBillingCommitment: describeCommitment(commitment, nowMs) };
  };
}
