import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import { PositiveIntegerObject, ScalingType, StreamARN, StreamId, StreamName } from '../shapes.ts';

export const UpdateShardCount = operation({
  name: 'UpdateShardCount',
  action: 'kinesis:UpdateShardCount',
  resources: streamResource,
  input: structure('UpdateShardCountInput', {
    StreamName: optional(StreamName),
    TargetShardCount: required(PositiveIntegerObject),
    ScalingType: required(ScalingType),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('UpdateShardCountOutput', {
    StreamName: optional(StreamName),
    CurrentShardCount: optional(PositiveIntegerObject),
    TargetShardCount: optional(PositiveIntegerObject),
    StreamARN: optional(StreamARN),
  }),
  errors: [
    'InvalidArgumentException',
    'LimitExceededException',
    'ResourceInUseException',
    'ResourceNotFoundException',
    'ValidationException',
    'AccessDeniedException',
  ],
});
