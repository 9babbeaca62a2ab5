import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { arnResource } from '../resources.ts';
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
