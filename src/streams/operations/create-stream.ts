import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import {
  MaxRecordSizeInKiB,
  NaturalIntegerObject,
  PositiveIntegerObject,
  RecordDistributionStrategy,
  StreamModeDetails,
  StreamName,
  TagMap,
} from '../shapes.ts';

export const CreateStream = operation({
  name: 'CreateStream',
  action: 'kinesis:CreateStream',
  resources: streamResource,
  input: structure('CreateStreamInput', {
    StreamName: required(StreamName),
    ShardCount: optional(PositiveIntegerObject),
    StreamModeDetails: optional(StreamModeDetails),
    Tags: optional(TagMap),
    WarmThroughputMiBps: optional(NaturalIntegerObject),
    MaxRecordSizeInKiB: optional(MaxRecordSizeInKiB),
    RecordDistributionStrategy: optional(RecordDistributionStrategy),
  }),
  output: structure('CreateStreamOutput', {}),
  errors: [
    'ResourceInUseException',
    'LimitExceededException',
    'InvalidArgumentException',
    'ValidationException',
  ],
});
