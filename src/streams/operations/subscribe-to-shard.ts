import type { Clock } from '../../host/host.ts';
import type { RecordLog } from '../../log/log.ts';
import type { Handler } from '../../wire/shape/operation.ts';
import { consumerNotActive, dryRunOperation, fromLog } from '../records/data-errors.ts';
import type { FanOut } from '../reading/fan-out.ts';
import { findShard, isReadable } from '../reading/readable-shard.ts';
import { resolveConsumer } from '../directory/resolve-stream.ts';
import { startPosition } from '../reading/shard-iterator.ts';
import { streamNotFound } from '../directory/stream-errors.ts';
import type { StreamDirectory } from '../directory/stream.ts';
import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { consumerResource } from '../directory/resources.ts';
import {
  BooleanObject,
  ConsumerARN,
  ShardId,
  StartingPosition,
  StreamId,
  SubscribeToShardEventStream,
} from '../shapes.ts';

export const SubscribeToShard = operation({
  name: 'SubscribeToShard',
  action: 'kinesis:SubscribeToShard',
  resources: consumerResource,
  input: structure('SubscribeToShardInput', {
    ConsumerARN: required(ConsumerARN),
    StreamId: optional(StreamId),
    ShardId: required(ShardId),
    StartingPosition: required(StartingPosition),
    DryRun: optional(BooleanObject),
  }),
  output: structure('SubscribeToShardOutput', {
    EventStream: required(SubscribeToShardEventStream),
  }),
  errors: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'ResourceInUseException',
    'LimitExceededException',
    'AccessDeniedException',
    'DryRunOperationException',
  ],
});

export function subscribeToShard(parts: {
  readonly clock: Clock;
  readonly directory: StreamDirectory;
  readonly log: RecordLog;
  readonly fanOut: FanOut;
}): Handler<typeof SubscribeToShard> {
  const { clock, directory, log, fanOut } = parts;
  return async (input, call) => {
    const { stream, consumer } = resolveConsumer(directory, input, call);
    if (!isReadable(stream)) throw streamNotFound(stream.name, stream.account);
    const shard = findShard(stream, input.ShardId);
    if (consumer.status !== 'ACTIVE') throw consumerNotActive(stream, consumer);
    const { Type: type, SequenceNumber: sequenceNumber, Timestamp: timestampMs } = input.StartingPosition;
    const naming = { log, nowMs: clock.now(), operation: 'SubscribeToShard' };
    const starting = startPosition(naming, stream, shard, { type, sequenceNumber, timestampMs });
    const after = await starting.catch((error: unknown) => {
      throw fromLog(error, stream);
    });
    const subscribed = { stream, shard, consumer };
    if (input.DryRun === true) {
      fanOut.check(subscribed);
      throw dryRunOperation();
    }
    return { EventStream: fanOut.subscribe(subscribed, after, call.signal).events() };
  };
}
