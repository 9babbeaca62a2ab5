import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
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
