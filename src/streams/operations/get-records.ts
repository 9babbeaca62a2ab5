import { SIZES } from '../../config/limits.ts';
import type { Clock } from '../../host/host.ts';
import type { RecordLog } from '../../log/log.ts';
import type { Meter } from '../../metering/meter.ts';
import type { Handler } from '../../wire/shape/operation.ts';
import { dryRunOperation, fromLog, rateExceeded } from '../records/data-errors.ts';
import { streamOfIterator } from '../reading/readable-shard.ts';
import { childShards, millisBehindLatest, readPage } from '../reading/shard-reader.ts';
import { openIterator, sealIterator } from '../reading/shard-iterator.ts';
import type { ShardLimits } from '../limits/shard-limits.ts';
import type { StreamDirectory } from '../directory/stream.ts';
import type { Tokens } from '../reading/tokens.ts';
import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import {
  BooleanObject,
  ChildShardList,
  GetRecordsInputLimit,
  MillisBehindLatest,
  RecordList,
  ShardIterator,
  StreamARN,
  StreamId,
} from '../shapes.ts';

export const GetRecords = operation({
  name: 'GetRecords',
  action: 'kinesis:GetRecords',
  resources: streamResource,
  input: structure('GetRecordsInput', {
    ShardIterator: required(ShardIterator),
    Limit: optional(GetRecordsInputLimit),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
    DryRun: optional(BooleanObject),
  }),
  output: structure('GetRecordsOutput', {
    Records: required(RecordList),
    NextShardIterator: optional(ShardIterator),
    MillisBehindLatest: optional(MillisBehindLatest),
    ChildShards: optional(ChildShardList),
  }),
  errors: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'ProvisionedThroughputExceededException',
    'ExpiredIteratorException',
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

/** Reading what is older is billed apart. A page is counted whole, by its last record. */
const LONG_TERM_MS = 7 * 24 * 60 * 60 * 1000;

export function getRecords(parts: {
  readonly clock: Clock;
  readonly directory: StreamDirectory;
  readonly log: RecordLog;
  readonly limits: ShardLimits;
  readonly tokens: Tokens;
  readonly meter: Meter;
}): Handler<typeof GetRecords> {
  const { clock, directory, log, limits, tokens, meter } = parts;
  return async (input, call) => {
    const iterator = openIterator(tokens, input.ShardIterator, clock.now());
    const { stream, shard } = streamOfIterator(directory, iterator, input, call);
    if (input.DryRun === true) throw dryRunOperation();
    if (!limits.admitRead(stream.id, shard.index)) throw rateExceeded(stream, shard);

    const recordsMax = input.Limit ?? SIZES.getRecordsCountMax;
    const bytesMax = SIZES.getRecordsBytesMax;
    const max = { recordsMax, bytesMax };
    const reading = readPage(log, stream, shard, iterator.after, max, clock.now(), 'one');
    const page = await reading.catch((error: unknown) => {
      throw fromLog(error, stream);
    });
    limits.countRead(stream.id, shard.index, page.bytes);
    const usage = meter.stream(stream.id);
    usage.bytesOut += page.billedBytes;
    usage.recordsOut += page.records.length;
    const nowMs = clock.now();
    if (page.lastTimeMs !== undefined && page.lastTimeMs < nowMs - LONG_TERM_MS) {
      usage.longTermBytesOut += page.bytes;
    }
    const answer = { Records: page.records, MillisBehindLatest: millisBehindLatest(page, shard, nowMs) };
    const exhausted = shard.closedMs !== undefined && page.atEnd && page.records.length === 0;
    if (exhausted) return { ...answer, ChildShards: childShards(stream, shard) };
    const next = sealIterator(tokens, { ...iterator, after: page.after, issuedMs: nowMs });
    return { ...answer, NextShardIterator: next };
  };
}
