import type { CatalogTransaction } from '../../catalog/catalog.ts';
import type { StreamRow } from '../../catalog/tables.ts';
import { SIZES, type Limits } from '../../config/limits.ts';
import type { Clock, Dice } from '../../host/host.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { checkOnDemandCount, checkShardLimit } from '../limits/account-limits.ts';
import { checkWarmThroughput, requireThroughputCommitment } from '../settings/account-settings.ts';
import type { ChangeParts } from '../directory/change-stream.ts';
import { insertStream, newStreamId } from '../directory/new-stream.ts';
import type { Pending } from '../lifecycle/pending.ts';
import { checkRecordDistribution } from '../settings/record-distribution.ts';
import { invalidArgument, limitExceeded, streamExists } from '../directory/stream-errors.ts';
import { checkTags, putTags } from '../settings/tags.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure, type TypeOf } from '../../wire/shape/shape.ts';
import { streamArn, streamResource } from '../directory/resources.ts';
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

export function createStream(
  parts: ChangeParts & {
    readonly clock: Clock;
    readonly dice: Dice;
    readonly limits: Limits;
    readonly stateDurationMs: number;
  },
): Handler<typeof CreateStream> {
  return async (input, call) => {
    const place = { account: call.caller.account, region: call.region };
    const mode = input.StreamModeDetails?.StreamMode ?? 'PROVISIONED';
    const shardCount = shardCountOf(input, mode, parts.limits);
    const distribution = input.RecordDistributionStrategy ?? 'USER_PARTITION_KEY';
    checkRecordDistribution(distribution, { ...place, name: input.StreamName, mode });
    const failed = `Failed to add tags to stream ${input.StreamName} under account ${place.account}`;
    checkTags(input.Tags, failed);
    const existing = parts.directory.byName(place.account, place.region, input.StreamName);
    if (existing !== undefined) throw streamExists(input.StreamName, place.account);
    const nowMs = parts.clock.now();
    const row: StreamRow = {
      ...place,
      stream_id: newStreamId(parts.dice),
      name: input.StreamName,
      status: 'CREATING',
      mode,
      created_ms: nowMs,
      retention_hours: SIZES.retentionHoursMin,
      encryption_type: 'NONE',
      kms_key_id: null,
      max_record_kib: input.MaxRecordSizeInKiB ?? SIZES.maxRecordKibDefault,
      warm_throughput_mibps: input.WarmThroughputMiBps ?? null,
      record_distribution: distribution,
      monitoring_json: '[]',
      pending_json: JSON.stringify({
        kind: 'create',
        dueMs: nowMs + parts.stateDurationMs,
      } satisfies Pending),
      changes_json: '{}',
      peaks_json: '{}',
      version: 1,
    };
    await parts.catalog.transact(async (transaction) => {
      await checkNewStream(transaction, row, shardCount, parts.limits);
      if (input.WarmThroughputMiBps !== undefined) {
        await requireThroughputCommitment(transaction, place, nowMs);
      }
      await insertStream(transaction, row, shardCount);
      await putTags(
        transaction,
        streamArn(row.region, row.account, row.name),
        input.Tags,
        parts.limits,
        failed,
      );
    });
    await parts.directory.refresh(row.stream_id);
    return {};
  };
}

function shardCountOf(
  input: TypeOf<typeof CreateStream.input>,
  mode: StreamRow['mode'],
  limits: Limits,
): number {
  if (mode === 'ON_DEMAND') {
    if (input.ShardCount !== undefined) {
      throw new ServiceError(
        'ValidationException',
        'ShardCount must not be provided for a stream in on-demand capacity mode.',
      );
    }
    return Math.max(SIZES.onDemandShardsInitial, checkWarmThroughput(input.WarmThroughputMiBps, limits) ?? 0);
  }
  if (input.WarmThroughputMiBps !== undefined) {
    throw invalidArgument(
      'WarmThroughputMiBps can only be specified for streams in on-demand capacity mode.',
    );
  }
  if (input.ShardCount === undefined) {
    throw new ServiceError(
      'ValidationException',
      'ShardCount must be provided for a stream in provisioned capacity mode.',
    );
  }
  return input.ShardCount;
}

/** Inside the transaction: the name is free, and the account may have one more stream with so many shards. */
async function checkNewStream(
  transaction: CatalogTransaction,
  row: StreamRow,
  shardCount: number,
  limits: Limits,
): Promise<void> {
  const others = await transaction
    .selectFrom('streams')
    .select(['name', 'status', 'mode'])
    .where('account', '=', row.account)
    .where('region', '=', row.region)
    .execute();
  if (others.some((other) => other.name === row.name)) throw streamExists(row.name, row.account);
  const creating = others.filter((other) => other.status === 'CREATING').length;
  if (creating >= limits.streamsCreatingPerAccount) {
    throw limitExceeded(
      `This request would exceed the limit of streams in the CREATING state for the account ${row.account} in ${row.region}. Limit: ${limits.streamsCreatingPerAccount}.`,
    );
  }
  if (row.mode === 'ON_DEMAND') {
    checkOnDemandCount(others, row, limits);
  }
  await checkShardLimit(transaction, row, shardCount, limits);
}
