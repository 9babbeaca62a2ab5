import type { Limits } from '../../config/limits.ts';
import { changeStream, type ChangeParts } from '../directory/change-stream.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import { requireUsable } from '../directory/stream-errors.ts';
import { checkTags, putTags } from '../settings/tags.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import { StreamARN, StreamId, StreamName, TagMap } from '../shapes.ts';

export const AddTagsToStream = operation({
  name: 'AddTagsToStream',
  action: 'kinesis:AddTagsToStream',
  resources: streamResource,
  input: structure('AddTagsToStreamInput', {
    StreamName: optional(StreamName),
    Tags: required(TagMap),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('AddTagsToStreamOutput', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'LimitExceededException',
    'AccessDeniedException',
  ],
});

export function addTagsToStream(
  parts: ChangeParts & { readonly limits: Limits },
): Handler<typeof AddTagsToStream> {
  return async (input, call) => {
    const stream = resolveStream(parts.directory, input, call);
    const failed = `Failed to add tags to stream ${stream.name} under account ${stream.account}`;
    checkTags(input.Tags, failed);
    await changeStream(parts, stream, async (row, transaction) => {
      requireUsable(row);
      await putTags(transaction, stream.arn, input.Tags, parts.limits, failed);
      return {};
    });
    return {};
  };
}
