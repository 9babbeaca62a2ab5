import type { Clock } from '../../host/host.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { describeCommitment, readCommitment } from '../settings/account-settings.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, structure } from '../../wire/shape/shape.ts';
import { anyResource } from '../directory/resources.ts';
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

export function describeAccountSettings(parts: {
  readonly catalog: Catalog;
  readonly clock: Clock;
}): Handler<typeof DescribeAccountSettings> {
  return async (_input, call) => {
    const place = { account: call.caller.account, region: call.region };
    const commitment = await parts.catalog.read((transaction) => readCommitment(transaction, place));
    return { MinimumThroughputBillingCommitment: describeCommitment(commitment, parts.clock.now()) };
  };
}
