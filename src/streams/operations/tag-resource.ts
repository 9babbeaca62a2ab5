import type { Limits } from '../../config/limits.ts';
import { changeStream, type ChangeParts } from '../directory/change-stream.ts';
import { resolveResource } from '../directory/resolve-stream.ts';
import { requireUsable } from '../directory/stream-errors.ts';
import { checkTags, putTags } from '../settings/tags.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { arnResource } from '../directory/resources.ts';
import { ResourceARN, StreamId, TagMap } from '../shapes.ts';

export const TagResource = operation({
  name: 'TagResource',
  action: 'kinesis:TagResource',
  resources: arnResource,
  input: structure('TagResourceInput', {
    Tags: required(TagMap),
    ResourceARN: required(ResourceARN),
    StreamId: optional(StreamId),
  }),
  output: structure('TagResourceOutput', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'LimitExceededException',
    'AccessDeniedException',
  ],
});

export function tagResource(parts: ChangeParts & { readonly limits: Limits }): Handler<typeof TagResource> {
  return async (input, call) => {
    const { stream, arn } = resolveResource(parts.directory, input, call);
    const failed = `Failed to add tags to resource ${input.ResourceARN}`;
    checkTags(input.Tags, failed);
    await changeStream(parts, stream, async (row, transaction) => {
      requireUsable(row);
      await putTags(transaction, arn, input.Tags, parts.limits, failed);
      return {};
    });
    return {};
  };
}
