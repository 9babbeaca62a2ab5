import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { arnResource } from '../resources.ts';
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
