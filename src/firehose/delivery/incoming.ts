/** What was read, as processing takes it: aggregates opened where the source has such. */
import { openAggregate } from '../../readers/kpl.ts';
import type { SourceRecord } from '../../readers/record-source.ts';
import type { IncomingRecord } from '../processing/processing.ts';

export function incomingOf(
  unit: string,
  records: readonly SourceRecord[],
  opensAggregates: boolean,
): readonly IncomingRecord[] {
  const incoming: IncomingRecord[] = [];
  for (const { position, data, arrivalMs, partitionKey } of records) {
    const parts = opensAggregates ? openAggregate(data) : undefined;
    if (parts === undefined) {
      incoming.push({ unit, position, sub: 0, data, arrivalMs, partitionKey });
      continue;
    }
    for (const [sub, part] of parts.entries()) {
      incoming.push({ unit, position, sub, data: part.data, arrivalMs, partitionKey: part.partitionKey });
    }
  }
  return incoming;
}
