/** Totals that an account may have in a region: open shards and on-demand streams. Checked inside the transaction that adds to them. */
import type { CatalogTransaction } from '../../catalog/catalog.ts';
import type { StreamRow } from '../../catalog/tables.ts';
import type { Limits } from '../../config/limits.ts';
import type { ServiceError } from '../../wire/shape/service-error.ts';
import { pendingOf } from '../directory/stream-rows.ts';
import { limitExceeded } from '../directory/stream-errors.ts';

/** What one process holds in memory at most, also when limits are lifted. */
const SHARDS_MAX = 100_000;

type Place = Pick<StreamRow, 'account' | 'region'>;

/**
 * Throws LimitExceededException when `additional` more open shards of a stream in this mode would be too many. Shards that a reshard is
 * about to open count. The quota is for provisioned streams alone: on-demand ones neither count nor are held by it.
 */
export async function checkShardLimit(
  transaction: CatalogTransaction,
  stream: Place & Pick<StreamRow, 'mode'>,
  additional: number,
  limits: Limits,
): Promise<void> {
  if (additional <= 0) return;
  const open = await openShardCounts(transaction, stream);
  const all = open.PROVISIONED + open.ON_DEMAND;
  if (stream.mode === 'PROVISIONED') checkQuota(stream, open, additional, limits);
  if (all + additional > SHARDS_MAX) throw tooManyShards(stream, all, additional, SHARDS_MAX);
}

/** Throws LimitExceededException when the `shards` of an on-demand stream are too many for a provisioned one. */
export async function checkShardsInProvisionedMode(
  transaction: CatalogTransaction,
  stream: Place,
  shards: number,
  limits: Limits,
): Promise<void> {
  checkQuota(stream, await openShardCounts(transaction, stream), shards, limits);
}

type OpenShards = Record<StreamRow['mode'], number>;

function checkQuota(place: Place, open: OpenShards, additional: number, limits: Limits): void {
  const limit = shardLimit(limits);
  if (open.PROVISIONED + additional <= limit) return;
  throw tooManyShards(place, open.PROVISIONED, additional, limit);
}

function tooManyShards(place: Place, current: number, additional: number, limit: number): ServiceError {
  return limitExceeded(
    `This request would exceed the shard limit for the account ${place.account} in ${place.region}. ` +
      `Current shard count for the account: ${current}. Limit: ${limit}. ` +
      `Number of additional shards that would have resulted from this request: ${additional}. ` +
      'Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) ' +
      'for current limits and how to request higher limits.',
  );
}

/** Open shards that an account's provisioned streams may have in a region. */
export function shardLimit(limits: Pick<Limits, 'shardsPerAccount'>): number {
  return Math.min(limits.shardsPerAccount, SHARDS_MAX);
}

async function openShardCounts(transaction: CatalogTransaction, place: Place): Promise<OpenShards> {
  const streams = await transaction
    .selectFrom('streams')
    .innerJoin('shards', 'shards.stream_id', 'streams.stream_id')
    .select([
      'streams.stream_id',
      'streams.mode',
      'streams.pending_json',
      (select) => select.fn.countAll<number>().as('open'),
    ])
    .where('streams.account', '=', place.account)
    .where('streams.region', '=', place.region)
    .where('shards.closed_ms', 'is', null)
    .groupBy(['streams.stream_id', 'streams.mode', 'streams.pending_json'])
    .execute();
  const counts = { PROVISIONED: 0, ON_DEMAND: 0 };
  for (const stream of streams) counts[modeToBe(stream)] += Number(stream.open) + opening(stream);
  return counts;
}

/** The mode that it has or is about to take. */
function modeToBe(stream: Pick<StreamRow, 'mode' | 'pending_json'>): StreamRow['mode'] {
  const pending = pendingOf(stream);
  return pending?.kind === 'mode' ? pending.mode : stream.mode;
}

/** How many more open shards a pending reshard will leave. */
function opening(stream: Pick<StreamRow, 'pending_json'> & { readonly open: number }): number {
  const pending = pendingOf(stream);
  if (pending?.kind === 'split') return 1;
  if (pending?.kind === 'scale' || pending?.kind === 'grow')
    return Math.max(0, pending.target - Number(stream.open));
  return 0;
}

/** `streams` are those of the account and region before the new one. */
export function checkOnDemandCount(
  streams: readonly Pick<StreamRow, 'mode'>[],
  place: Place,
  limits: Limits,
): void {
  const count = streams.filter((stream) => stream.mode === 'ON_DEMAND').length;
  if (count < limits.onDemandStreamsPerAccount) return;
  throw limitExceeded(
    `This request would exceed the on-demand stream limit for the account ${place.account} in ${place.region}. ` +
      `Current on-demand stream count for the account: ${count}. Limit: ${limits.onDemandStreamsPerAccount}.`,
  );
}
