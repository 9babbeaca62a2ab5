/** What Millrace's own service says and does about deliveries, which AWS's API does not have. */
import type { Service } from '../../wire/shape/operation.ts';
import { DescribeDelivery, describeDelivery } from './describe-delivery.ts';
import { RetryErrors, retryErrors, type RetryParts } from './retry-errors.ts';

const operations = { DescribeDelivery, RetryErrors } as const;

export type OperatorService = Service<typeof operations>;

export function createOperatorService(
  parts: Parameters<typeof describeDelivery>[0] & RetryParts,
): OperatorService {
  return {
    targetPrefix: 'Millrace_20261123',
    signingName: 'millrace',
    operations,
    handlers: { DescribeDelivery: describeDelivery(parts), RetryErrors: retryErrors(parts) },
  };
}
