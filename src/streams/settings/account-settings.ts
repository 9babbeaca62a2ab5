/**
 * The account's one setting: the minimum throughput billing commitment, which unlocks warm throughput and more consumers for
 * on-demand streams. It is not disabled while a stream is kept warm. It lasts at least 24 hours; disabling it earlier only schedules its end, and enabling it again cancels that.
 * Its end is told from the times, so that nothing has to happen at that moment. Source: the model's documentation.
 */
import type { CatalogTransaction } from '../../catalog/catalog.ts';
import type { Limits } from '../../config/limits.ts';
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { MinimumThroughputBillingCommitmentOutput } from '../shapes.ts';
import { invalidArgument } from '../directory/stream-errors.ts';

type Place = { readonly account: string; readonly region: string };
/** Persisted as `value_json`. */
type Commitment = {
  readonly startedMs: number;
  /** When it ended, or will; null while it goes on. */
  readonly endMs: number | null;
};

const NAME = 'minimum-throughput-billing-commitment';
const COMMITMENT_MIN_MS = 24 * 60 * 60 * 1000;

export async function readCommitment(
  transaction: CatalogTransaction,
  place: Place,
): Promise<Commitment | undefined> {
  const row = await transaction
    .selectFrom('account_settings')
    .select('value_json')
    .where('account', '=', place.account)
    .where('region', '=', place.region)
    .where('name', '=', NAME)
    .executeTakeFirst();
  return row === undefined ? undefined : (JSON.parse(row.value_json) as Commitment);
}

/** Enables or disables, by the rules above, and gives what it is now. */
export async function writeCommitment(
  transaction: CatalogTransaction,
  place: Place,
  status: 'ENABLED' | 'DISABLED',
  nowMs: number,
): Promise<Commitment | undefined> {
  const before = await readCommitment(transaction, place);
  const running = before !== undefined && isRunning(before, nowMs);
  let now: Commitment;
  if (status === 'ENABLED') {
    now = { startedMs: running ? before.startedMs : nowMs, endMs: null };
  } else {
    if (!running) return before;
    await requireNothingWarm(transaction, place);
    now = { startedMs: before.startedMs, endMs: Math.max(nowMs, before.startedMs + COMMITMENT_MIN_MS) };
  }
  const value_json = JSON.stringify(now);
  await transaction
    .insertInto('account_settings')
    .values({ account: place.account, region: place.region, name: NAME, value_json })
    .onConflict((conflict) => conflict.columns(['account', 'region', 'name']).doUpdateSet({ value_json }))
    .execute();
  return now;
}

/** "You must first remove any warm throughput configured" (developer guide, "Choose the right mode"): throws InvalidArgumentException. */
async function requireNothingWarm(transaction: CatalogTransaction, place: Place): Promise<void> {
  const warm = await transaction
    .selectFrom('streams')
    .select('name')
    .where('account', '=', place.account)
    .where('region', '=', place.region)
    .where('warm_throughput_mibps', '>', 0)
    .executeTakeFirst();
  if (warm === undefined) return;
  throw invalidArgument(
    `MinimumThroughputBillingCommitment cannot be disabled while stream ${warm.name} under account ${place.account} has ` +
      'warm throughput configured. Set its WarmThroughputMiBps to 0 first.',
  );
}

export function describeCommitment(
  commitment: Commitment | undefined,
  nowMs: number,
): TypeOf<typeof MinimumThroughputBillingCommitmentOutput> {
  if (commitment === undefined) return { Status: 'DISABLED' };
  if (!isRunning(commitment, nowMs)) {
    return { Status: 'DISABLED', StartedAt: commitment.startedMs, EndedAt: commitment.endMs ?? undefined };
  }
  return {
    Status: commitment.endMs === null ? 'ENABLED' : 'ENABLED_UNTIL_EARLIEST_ALLOWED_END',
    StartedAt: commitment.startedMs,
    EarliestAllowedEndAt: commitment.startedMs + COMMITMENT_MIN_MS,
  };
}

export async function hasThroughputCommitment(
  transaction: CatalogTransaction,
  place: Place,
  nowMs: number,
): Promise<boolean> {
  const commitment = await readCommitment(transaction, place);
  return commitment !== undefined && isRunning(commitment, nowMs);
}

/** Throws InvalidArgumentException unless the account has the commitment. */
export async function requireThroughputCommitment(
  transaction: CatalogTransaction,
  place: Place,
  nowMs: number,
): Promise<void> {
  if (await hasThroughputCommitment(transaction, place, nowMs)) return;
  throw invalidArgument(
    `Warm throughput requires MinimumThroughputBillingCommitment to be enabled for the account ${place.account} in ${place.region}.`,
  );
}

/** Gives the value back, or throws InvalidArgumentException when it is more than an on-demand stream may take in. */
export function checkWarmThroughput(
  mibps: number | undefined,
  limits: Pick<Limits, 'onDemandMibpsPerStream'>,
): number | undefined {
  const max = limits.onDemandMibpsPerStream;
  if (mibps !== undefined && mibps > max) {
    throw invalidArgument(
      `WarmThroughputMiBps ${mibps} exceeds the maximum of ${max} MiBps for an on-demand stream.`,
    );
  }
  return mibps;
}

function isRunning(commitment: Commitment, nowMs: number): boolean {
  return commitment.endMs === null || commitment.endMs > nowMs;
}
