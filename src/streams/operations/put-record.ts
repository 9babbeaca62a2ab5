import type { Handler } from '../../wire/shape/operation.ts';
import { dryRunOperation } from '../records/data-errors.ts';
import { packEntry } from '../records/entries.ts';
import { checkRecords, type Entries } from '../records/record-rules.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import { parseSequenceNumber } from '../records/sequence-number.ts';
import type { ShardWriter } from '../writing/shard-writer.ts';
import { invalidArgument } from '../directory/stream-errors.ts';
import type { Stream, StreamDirectory } from '../directory/stream.ts';
import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import {
  BooleanObject,
  Data,
  EncryptionType,
  HashKey,
  PartitionKey,
  SequenceNumber,
  ShardId,
  StreamARN,
  StreamId,
  StreamName,
} from '../shapes.ts';

export const PutRecord = operation({
  name: 'PutRecord',
  action: 'kinesis:PutRecord',
  resources: streamResource,
  input: structure('PutRecordInput', {
    StreamName: optional(StreamName),
    Data: required(Data),
    PartitionKey: optional(PartitionKey),
    ExplicitHashKey: optional(HashKey),
    SequenceNumberForOrdering: optional(SequenceNumber),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
    DryRun: optional(BooleanObject),
  }),
  output: structure('PutRecordOutput', {
    ShardId: required(ShardId),
    SequenceNumber: required(SequenceNumber),
    EncryptionType: optional(EncryptionType),
  }),
  errors: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'ProvisionedThroughputExceededException',
    'KMSDisabledException',
    'KMSInvalidStateException',
    'KMSAccessDeniedException',
    'KMSNotFoundException',
    'KMSOptInRequired',
    'KMSThrottlingException',
    'AccessDeniedException',
    'InternalFailureException',
    'DryRunOperationException',
  ],
});

export function putRecord(parts: {
  readonly directory: StreamDirectory;
  readonly writer: ShardWriter;
}): Handler<typeof PutRecord> {
  const { directory, writer } = parts;
  return async (input, call) => {
    const stream = resolveStream(directory, input, call);
    const entries = packEntry(input);
    checkRecords(stream, entries, (_entry, member) => member);
    if (input.SequenceNumberForOrdering !== undefined) {
      checkOrdering(writer, stream, entries, input.SequenceNumberForOrdering);
    }
    if (input.DryRun === true) throw dryRunOperation();
    const written = await writer.put(stream, entries);
    const result = written.only();
    return stream.encryptionType === 'KMS' ? { ...result, EncryptionType: 'KMS' } : result;
  };
}

/**
 * Numbers of a shard grow in any case; what is left to do is to refuse a number that is none, or of the future. "The future" is
 * past the latest arrival time of the shard, which may be a little ahead of the clock: see decision 0202.
 */
function checkOrdering(writer: ShardWriter, stream: Stream, entries: Entries, sequenceNumber: string): void {
  if (stream.recordDistribution === 'AUTO') {
    throw invalidArgument(
      `SequenceNumberForOrdering cannot be used with stream ${stream.name} under account ${stream.account}: ` +
        'its record distribution strategy is AUTO.',
    );
  }
  const parsed = parseSequenceNumber(sequenceNumber);
  const latestMs = writer.latestTimeMs(stream, writer.shardOf(stream, entries));
  if (parsed === undefined || parsed.seconds * 1000 > latestMs) {
    throw invalidArgument(
      `ExclusiveMinimumSequenceNumber ${sequenceNumber} used in PutRecord on stream ${stream.name} ` +
        `under account ${stream.account} is invalid.`,
    );
  }
}
