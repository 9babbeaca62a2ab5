import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import { NaturalIntegerObject, StreamARN, StreamId, StreamName, WarmThroughputObject } from '../shapes.ts';

export const UpdateStreamWarmThroughput = operation({
  name: 'UpdateStreamWarmThroughput',
  action: 'kinesis:UpdateStreamWarmThroughput',
  resources: streamResource,
  input: structure('UpdateStreamWarmThroughputInput', {
    StreamARN: optional(StreamARN),
    StreamName: optional(StreamName),
    StreamId: optional(StreamId),
    WarmThroughputMiBps: required(NaturalIntegerObject),
  }),
  output: structure('UpdateStreamWarmThroughputOutput', {
    StreamARN: optional(StreamARN),
    StreamName: optional(StreamName),
    WarmThroughput: optional(WarmThroughputObject),
  }),
  errors: [
    'AccessDeniedException',
    'ResourceNotFoundException',
    'LimitExceededException',
    'InvalidArgumentException',
    'ResourceInUseException',
    'ValidationException',
  ],
});
