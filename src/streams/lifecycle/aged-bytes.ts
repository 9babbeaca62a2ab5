/**
 * How much of what a stream keeps is older than a day, and older than seven: what AWS bills as extended and long-term retention.
 * The log knows how many bytes are kept; the hourly rows of what was written know how many of them are young. The older ones
 * are the rest. Right to about an hour's writes.
 */
import { sql } from 'kysely';
import type { Catalog } from '../../catalog/catalog.ts';
import type { RecordLog } from '../../log/log.ts';
import type { StreamMeter } from '../../metering/meter.ts';
import type { Stream } from '../directory/stream.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_HOURS = 24;
const WEEK_HOURS = 7 * DAY_HOURS;
const WRITTEN: keyof StreamMeter = 'contentBytesIn';

export type AgedBytes = {
  /** Kept for more than 24 hours, up to seven days. */
  readonly extended: number;
  /** Kept for more than seven days. */
  readonly longTerm: number;
};

export const NOTHING_AGED: AgedBytes = Object.freeze({ extended: 0, longTerm: 0 });

export async function agedBytes(
  parts: { readonly catalog: Catalog; readonly log: RecordLog },
  stream: Stream,
  nowMs: number,
): Promise<AgedBytes> {
  if (stream.retentionHours <= DAY_HOURS) return NOTHING_AGED;
  const since = (hours: number) =>
    sql<number>`coalesce(sum(case when hour_ms > ${nowMs - (hours + 1) * HOUR_MS} then amount else 0 end), 0)`;
  const written = await parts.catalog.read((transaction) =>
    transaction
      .selectFrom('usage')
      .select([
        since(DAY_HOURS).as('day'),
        since(WEEK_HOURS).as('week'),
        since(stream.retentionHours).as('retention'),
      ])
      .where('resource_id', '=', stream.id)
      .where('hour_ms', '>', nowMs - (stream.retentionHours + 1) * HOUR_MS)
      .where('counter', '=', WRITTEN)
      .executeTakeFirstOrThrow(),
  );
  // The log frees whole files, so it may say more than the period holds; and less, when an earlier period was shorter.
  const kept = Math.min(parts.log.storedBytes(stream.id), Number(written.retention));
  const beyondDay = Math.max(0, kept - Number(written.day));
  const longTerm = Math.min(beyondDay, Math.max(0, kept - Number(written.week)));
  return { extended: beyondDay - longTerm, longTerm };
}
