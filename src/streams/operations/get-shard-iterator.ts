import type { Clock } from '../../host/host.ts';
import type { RecordLog } from '../../log/log.ts';
import type { Handler } from '../../wire/shape/operation.ts';
import { dryRunOperation, fromLog, rateExceeded } from '../records/data-errors.ts';
import { findShard, readableStream } from '../reading/readable-shard.ts';
import { sealIterator, startPosition } from '../reading/shard-iterator.ts';
import type { ShardLimits } from '../limits/shard-limits.ts';
import type { StreamDirectory } from '../directory/stream.ts';
import type { Tokens } from '../reading/tokens.ts';
import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import {
  BooleanObject,
  SequenceNumber,
  ShardId,
  ShardIterator,
  ShardIteratorType,
  StreamARN,
  StreamId,
  StreamName,
  Timestamp,
} from '../shapes.ts';

export const GetShardIterator = operation({
  name: 'GetShardIterator',
  action: 'kinesis:GetShardIterator',
  resources: streamResource,
  input: structure('GetShardIteratorInput', {
    StreamName: optional(StreamName),
    ShardId: required(ShardId),
    ShardIteratorType: required(ShardIteratorType),
    StartingSequenceNumber: optional(SequenceNumber),
    Timestamp: optional(Timestamp),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
    DryRun: optional(BooleanObject),
  }),
  output: structure('GetShardIteratorOutput', {
    ShardIterator: optional(ShardIterator),
  }),
  errors: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'ProvisionedThroughputExceededException',
    'AccessDeniedException',
    'InternalFailureException',
    'DryRunOperationException',
  ],
});

export function getShardIterator(parts: {
  readonly clock: Clock;
  readonly directory: StreamDirectory;
  readonly log: RecordLog;
  readonly limits: ShardLimits;
  readonly tokens: Tokens;
}): Handler<typeof GetShardIterator> {
  const { clock, directory, log, limits, tokens } = parts;
  return async (input, call) => {
    const stream = readableStream(directory, input, call);
    const shard = findShard(stream, input.ShardId);
    const nowMs = clock.now();
    const start = {
      type: input.ShardIteratorType,
      sequenceNumber: input.StartingSequenceNumber,
      timestampMs: input.Timestamp,
    };
    const starting = startPosition({ log, nowMs, operation: 'GetShardIterator' }, stream, shard, start);
    const after = await starting.catch((error: unknown) => {
      throw fromLog(error, stream);
    });
    if (input.DryRun === true) throw dryRunOperation();
    if (!limits.admitIterator(stream.id, shard.index)) throw rateExceeded(stream, shard);
    const iterator = {
      streamId: stream.id,
      streamName: stream.name,
      shardIndex: shard.index,
      after,
      issuedMs: nowMs,
    };
    return { ShardIterator: sealIterator(tokens, iterator) };
  };
}
