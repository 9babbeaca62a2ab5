import type { ChangeParts } from '../directory/change-stream.ts';
import { resolveResource } from '../directory/resolve-stream.ts';
import { tagsOf } from '../../catalog/tag-rows.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { arnResource } from '../directory/resources.ts';
import { ResourceARN, StreamId, TagList } from '../shapes.ts';

export const ListTagsForResource = operation({
  name: 'ListTagsForResource',
  action: 'kinesis:ListTagsForResource',
  resources: arnResource,
  input: structure('ListTagsForResourceInput', {
    ResourceARN: required(ResourceARN),
    StreamId: optional(StreamId),
  }),
  output: structure('ListTagsForResourceOutput', {
    Tags: optional(TagList),
  }),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'LimitExceededException',
    'AccessDeniedException',
  ],
});

export function listTagsForResource(parts: ChangeParts): Handler<typeof ListTagsForResource> {
  return async (input, call) => {
    const { arn } = resolveResource(parts.directory, input, call);
    return { Tags: await parts.catalog.read((transaction) => tagsOf(transaction, arn)) };
  };
}
