import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { anyResource } from '../resources.ts';
import {
  BooleanObject,
  ListStreamsInputLimit,
  NextToken,
  StreamName,
  StreamNameList,
  StreamSummaryList,
} from '../shapes.ts';

export const ListStreams = operation({
  name: 'ListStreams',
  action: 'kinesis:ListStreams',
  resources: anyResource,
  input: structure('ListStreamsInput', {
    Limit: optional(ListStreamsInputLimit),
    ExclusiveStartStreamName: optional(StreamName),
    NextToken: optional(NextToken),
  }),
  output: structure('ListStreamsOutput', {
    StreamNames: required(StreamNameList),
    HasMoreStreams: required(BooleanObject),
    NextToken: optional(NextToken),
    StreamSummaries: optional(StreamSummaryList),
  }),
  errors: ['LimitExceededException', 'ExpiredNextTokenException', 'InvalidArgumentException'],
});
