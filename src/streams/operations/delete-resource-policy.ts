import { changeStream, type ChangeParts } from '../directory/change-stream.ts';
import { resolveResource } from '../directory/resolve-stream.ts';
import { requireUsable } from '../directory/stream-errors.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { arnResource } from '../directory/resources.ts';
import { ResourceARN, StreamId } from '../shapes.ts';

export const DeleteResourcePolicy = operation({
  name: 'DeleteResourcePolicy',
  action: 'kinesis:DeleteResourcePolicy',
  resources: arnResource,
  input: structure('DeleteResourcePolicyInput', {
    ResourceARN: required(ResourceARN),
    StreamId: optional(StreamId),
  }),
  output: structure('DeleteResourcePolicyOutput', {}),
  errors: [
    'AccessDeniedException',
    'ResourceNotFoundException',
    'LimitExceededException',
    'InvalidArgumentException',
    'ResourceInUseException',
  ],
});

export function deleteResourcePolicy(parts: ChangeParts): Handler<typeof DeleteResourcePolicy> {
  return async (input, call) => {
    const { stream, arn } = resolveResource(parts.directory, input, call);
    await changeStream(parts, stream, async (row, transaction) => {
      requireUsable(row);
      await transaction.deleteFrom('resource_policies').where('resource_arn', '=', arn).execute();
      return {};
    });
    return {};
  };
}
