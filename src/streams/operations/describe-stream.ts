import type { Clock } from '../../host/host.ts';
import { describeCommon, describeShard } from '../directory/describe.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import { isAfter, listedShards } from '../directory/shard-lists.ts';
import type { StreamDirectory } from '../directory/stream.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import {
  DescribeStreamInputLimit,
  ShardId,
  StreamARN,
  StreamDescription,
  StreamId,
  StreamName,
} from '../shapes.ts';

export const DescribeStream = operation({
  name: 'DescribeStream',
  action: 'kinesis:DescribeStream',
  resources: streamResource,
  input: structure('DescribeStreamInput', {
    StreamName: optional(StreamName),
    Limit: optional(DescribeStreamInputLimit),
    ExclusiveStartShardId: optional(ShardId),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('DescribeStreamOutput', {
    StreamDescription: required(StreamDescription),
  }),
  errors: [
    'ResourceNotFoundException',
    'LimitExceededException',
    'InvalidArgumentException',
    'AccessDeniedException',
  ],
});

const SHARDS_MAX = 100;

export function describeStream(parts: {
  readonly directory: StreamDirectory;
  readonly clock: Clock;
}): Handler<typeof DescribeStream> {
  return (input, call) => {
    const stream = resolveStream(parts.directory, input, call);
    const after = input.ExclusiveStartShardId;
    const shards = listedShards(stream, parts.clock.now()).filter(
      (shard) => after === undefined || isAfter(shard, after),
    );
    const page = shards.slice(0, Math.min(input.Limit ?? SHARDS_MAX, SHARDS_MAX));
    return {
      StreamDescription: {
        ...describeCommon(stream),
        Shards: page.map(describeShard),
        HasMoreShards: page.length < shards.length,
      },
    };
  };
}
