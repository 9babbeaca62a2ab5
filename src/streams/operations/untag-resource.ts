import { changeStream, type ChangeParts } from '../directory/change-stream.ts';
import { resolveResource } from '../directory/resolve-stream.ts';
import { requireUsable } from '../directory/stream-errors.ts';
import { removeTags } from '../../catalog/tag-rows.ts';
import { checkTagCharacters } from '../settings/tags.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { arnResource } from '../directory/resources.ts';
import { ResourceARN, StreamId, TagKeyList } from '../shapes.ts';

export const UntagResource = operation({
  name: 'UntagResource',
  action: 'kinesis:UntagResource',
  resources: arnResource,
  input: structure('UntagResourceInput', {
    TagKeys: required(TagKeyList),
    ResourceARN: required(ResourceARN),
    StreamId: optional(StreamId),
  }),
  output: structure('UntagResourceOutput', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'LimitExceededException',
    'AccessDeniedException',
  ],
});

export function untagResource(parts: ChangeParts): Handler<typeof UntagResource> {
  return async (input, call) => {
    const { stream, arn } = resolveResource(parts.directory, input, call);
    checkTagCharacters(input.TagKeys, `Failed to remove tags from resource ${input.ResourceARN}`);
    await changeStream(parts, stream, async (row, transaction) => {
      requireUsable(row);
      await removeTags(transaction, arn, input.TagKeys);
      return {};
    });
    return {};
  };
}
