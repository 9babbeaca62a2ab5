import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
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
