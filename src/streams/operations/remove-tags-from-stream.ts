import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
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
