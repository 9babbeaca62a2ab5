import { operation, type Handler } from '../../wire/shape/operation.ts';
import { required, string, structure } from '../../wire/shape/shape.ts';

export const DescribeCaller = operation({
  name: 'DescribeCaller',
  action: 'millrace:DescribeCaller',
  resources: () => ['*'],
  input: structure('DescribeCallerInput', {}),
  output: structure('DescribeCallerOutput', { Account: required(string()), Arn: required(string()) }),
  errors: [],
});

/** Who the caller is: roles and streams are named by their account. */
export const describeCaller: Handler<typeof DescribeCaller> = (_input, { caller }) => ({
  Account: caller.account,
  Arn: caller.arn,
});
