import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import { StreamARN, StreamDescriptionSummary, StreamId, StreamName } from '../shapes.ts';

export const DescribeStreamSummary = operation({
  name: 'DescribeStreamSummary',
  action: 'kinesis:DescribeStreamSummary',
  resources: streamResource,
  input: structure('DescribeStreamSummaryInput', {
    StreamName: optional(StreamName),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('DescribeStreamSummaryOutput', {
    StreamDescriptionSummary: required(StreamDescriptionSummary),
  }),
  errors: [
    'ResourceNotFoundException',
    'LimitExceededException',
    'InvalidArgumentException',
    'AccessDeniedException',
  ],
});
