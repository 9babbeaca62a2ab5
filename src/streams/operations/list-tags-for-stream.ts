import type { ChangeParts } from '../directory/change-stream.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import { tagsOf } from '../../catalog/tag-rows.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import {
  BooleanObject,
  ListTagsForStreamInputLimit,
  StreamARN,
  StreamId,
  StreamName,
  TagKey,
  TagList,
} from '../shapes.ts';

export const ListTagsForStream = operation({
  name: 'ListTagsForStream',
  action: 'kinesis:ListTagsForStream',
  resources: streamResource,
  input: structure('ListTagsForStreamInput', {
    StreamName: optional(StreamName),
    ExclusiveStartTagKey: optional(TagKey),
    Limit: optional(ListTagsForStreamInputLimit),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('ListTagsForStreamOutput', {
    Tags: required(TagList),
    HasMoreTags: required(BooleanObject),
  }),
  errors: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'LimitExceededException',
    'AccessDeniedException',
  ],
});

const TAGS_MAX = 50;

export function listTagsForStream(parts: ChangeParts): Handler<typeof ListTagsForStream> {
  return async (input, call) => {
    const stream = resolveStream(parts.directory, input, call);
    const after = input.ExclusiveStartTagKey;
    const all = await parts.catalog.read((transaction) => tagsOf(transaction, stream.arn));
    const tags = after === undefined ? all : all.filter((tag) => tag.Key > after);
    const page = tags.slice(0, input.Limit ?? TAGS_MAX);
    return { Tags: page, HasMoreTags: page.length < tags.length };
  };
}
