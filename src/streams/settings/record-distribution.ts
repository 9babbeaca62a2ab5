/** The record distribution strategy is a setting of on-demand streams: provisioned ones always go by the partition key. */
import type { StreamRow } from '../../catalog/tables.ts';
import { invalidArgument } from '../directory/stream-errors.ts';

/** Throws InvalidArgumentException for AUTO in provisioned mode. Source: the SDK's UpdateStreamRecordDistributionStrategy; the text is ours. */
export function checkRecordDistribution(
  strategy: StreamRow['record_distribution'],
  stream: Pick<StreamRow, 'name' | 'account' | 'mode'>,
): void {
  if (strategy === 'USER_PARTITION_KEY' || stream.mode === 'ON_DEMAND') return;
  throw invalidArgument(
    `RecordDistributionStrategy AUTO is only supported in on-demand capacity mode: stream ${stream.name} under account ` +
      `${stream.account} is provisioned.`,
  );
}
