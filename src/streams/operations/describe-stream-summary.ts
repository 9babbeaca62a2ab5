import type { Catalog } from '../../catalog/catalog.ts';
import { hasThroughputCommitment } from '../settings/account-settings.ts';
import type { Clock } from '../../host/host.ts';
import { describeCommon, warmThroughput } from '../directory/describe.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import type { StreamDirectory } from '../directory/stream.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
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

export function describeStreamSummary(parts: {
  readonly directory: StreamDirectory;
  readonly catalog: Catalog;
  readonly clock: Clock;
}): Handler<typeof DescribeStreamSummary> {
  return async (input, call) => {
    const stream = resolveStream(parts.directory, input, call);
    const committed =
      stream.mode === 'ON_DEMAND' &&
      (await parts.catalog.read((transaction) =>
        hasThroughputCommitment(transaction, stream, parts.clock.now()),
      ));
    return {
      StreamDescriptionSummary: {
        ...describeCommon(stream),
        // No StreamId: an SDK that is told one sends the next call to AWS (docs/decisions/0220).
        OpenShardCount: stream.status === 'CREATING' ? 0 : stream.openShards.length,
        ConsumerCount: stream.consumers.length,
        MaxRecordSizeInKiB: stream.maxRecordBytes / 1024,
        ChannelCount: 0,
        ...(stream.mode === 'ON_DEMAND' ? { RecordDistributionStrategy: stream.recordDistribution } : {}),
        ...(committed ? { WarmThroughput: warmThroughput(stream) } : {}),
      },
    };
  };
}
