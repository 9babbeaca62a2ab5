import { operation, type Handler } from '../../wire/shape/operation.ts';
import { required, string, structure } from '../../wire/shape/shape.ts';

export const DescribeCaller = operation({
  name: 'DescribeCaller',
  action: 'millrace:DescribeCaller',
  resources: () => ['*'],
  input: structure('DescribeCallerInput', {}),
  output: structure('DescribeCallerOutput', {
    Account: required(string()),
    Arn: required(string()),
    /** Of the signature. */
    Region: required(string()),
  }),
  errors: [],
});

/** Who the caller is, and where: roles and streams are named by their account and region. */
export const describeCaller: Handler<typeof DescribeCaller> = (_input, { caller, region }) => ({
  Account: caller.account,
  Arn: caller.arn,
  Region: region,
});
