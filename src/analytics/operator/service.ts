/** What Millrace's own service says about applications, which AWS's APIs do not have. */
import type { Service } from '../../wire/shape/operation.ts';
import { DescribeRun, describeRun } from './describe-run.ts';
import { TailApplication, tailApplication } from './tail-application.ts';

const operations = { DescribeRun, TailApplication } as const;

export type OperatorService = Service<typeof operations>;

export function createOperatorService(
  parts: Parameters<typeof describeRun>[0] & Parameters<typeof tailApplication>[0],
): OperatorService {
  return {
    targetPrefix: 'Millrace_20261123',
    signingName: 'millrace',
    operations,
    handlers: { DescribeRun: describeRun(parts), TailApplication: tailApplication(parts) },
  };
}
