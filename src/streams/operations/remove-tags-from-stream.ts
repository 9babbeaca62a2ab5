import { changeStream, type ChangeParts } from '../directory/change-stream.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import { requireUsable } from '../directory/stream-errors.ts';
import { removeTags } from '../../catalog/tag-rows.ts';
import { checkTagCharacters } from '../settings/tags.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import { StreamARN, StreamId, StreamName, TagKeyList } from '../shapes.ts';

export const RemoveTagsFromStream = operation({
  name: 'RemoveTagsFromStream',
  action: 'kinesis:RemoveTagsFromStream',
  resources: streamResource,
  input: structure('RemoveTagsFromStreamInput', {
    StreamName: optional(StreamName),
    TagKeys: required(TagKeyList),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('RemoveTagsFromStreamOutput', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'LimitExceededException',
    'AccessDeniedException',
  ],
});

export function removeTagsFromStream(parts: ChangeParts): Handler<typeof RemoveTagsFromStream> {
  return async (input, call) => {
    const stream = resolveStream(parts.directory, input, call);
    checkTagCharacters(
      input.TagKeys,
      `Failed to remove tags from stream ${stream.name} under account ${stream.account}`,
    );
    await changeStream(parts, stream, async (row, transaction) => {
      requireUsable(row);
      await removeTags(transaction, stream.arn, input.TagKeys);
      return {};
    });
    return {};
  };
}
