import type { ChangeParts } from '../directory/change-stream.ts';
import { resolveResource } from '../directory/resolve-stream.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { arnResource } from '../directory/resources.ts';
import { Policy, ResourceARN, StreamId } from '../shapes.ts';

export const GetResourcePolicy = operation({
  name: 'GetResourcePolicy',
  action: 'kinesis:GetResourcePolicy',
  resources: arnResource,
  input: structure('GetResourcePolicyInput', {
    ResourceARN: required(ResourceARN),
    StreamId: optional(StreamId),
  }),
  output: structure('GetResourcePolicyOutput', {
    Policy: required(Policy),
  }),
  errors: [
    'AccessDeniedException',
    'ResourceNotFoundException',
    'LimitExceededException',
    'InvalidArgumentException',
    'ResourceInUseException',
  ],
});

/** `{}` when there is none, as AWS answers. */
export function getResourcePolicy(parts: ChangeParts): Handler<typeof GetResourcePolicy> {
  return async (input, call) => {
    const { arn } = resolveResource(parts.directory, input, call);
    const row = await parts.catalog.read((transaction) =>
      transaction
        .selectFrom('resource_policies')
        .select('policy')
        .where('resource_arn', '=', arn)
        .executeTakeFirst(),
    );
    return { Policy: row?.policy ?? '{}' };
  };
}
