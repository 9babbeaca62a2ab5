import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { arnResource } from '../resources.ts';
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
