import type { Clock } from '../../host/host.ts';
import type { Limits } from '../../config/limits.ts';
import {
  changeStream,
  recentChanges,
  withChange,
  type ChangeParts,
  updating,
} from '../directory/change-stream.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import { invalidArgument, limitExceeded, requireActive } from '../directory/stream-errors.ts';
import { checkWarmThroughput, requireThroughputCommitment } from '../settings/account-settings.ts';
import { checkOnDemandCount, checkShardsInProvisionedMode } from '../limits/account-limits.ts';
import { peakOfShards, withPeak } from '../resharding/peaks.ts';
import { checkRecordDistribution } from '../settings/record-distribution.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import { NaturalIntegerObject, StreamARN, StreamId, StreamModeDetails } from '../shapes.ts';

export const UpdateStreamMode = operation({
  name: 'UpdateStreamMode',
  action: 'kinesis:UpdateStreamMode',
  resources: streamResource,
  input: structure('UpdateStreamModeInput', {
    StreamARN: required(StreamARN),
    StreamId: optional(StreamId),
    StreamModeDetails: required(StreamModeDetails),
    WarmThroughputMiBps: optional(NaturalIntegerObject),
  }),
  output: structure('UpdateStreamModeOutput', {}),
  errors: [
    'InvalidArgumentException',
    'LimitExceededException',
    'ResourceInUseException',
    'ResourceNotFoundException',
    'ValidationException',
  ],
});

/** A stream that is in the mode already goes through UPDATING too, and the change counts. */
export function updateStreamMode(
  parts: ChangeParts & {
    readonly clock: Clock;
    readonly limits: Limits;
    readonly stateDurationMs: number;
  },
): Handler<typeof UpdateStreamMode> {
  return async (input, call) => {
    const stream = resolveStream(parts.directory, input, call);
    const mode = input.StreamModeDetails.StreamMode;
    const warm = checkWarmThroughput(input.WarmThroughputMiBps, parts.limits);
    if (warm !== undefined && mode !== 'ON_DEMAND') {
      throw invalidArgument(
        'WarmThroughputMiBps can only be specified for streams in on-demand capacity mode.',
      );
    }
    const nowMs = parts.clock.now();
    await changeStream(parts, stream, async (row, transaction) => {
      requireActive(row);
      checkRecordDistribution(row.record_distribution, { ...row, mode });
      if (warm !== undefined) await requireThroughputCommitment(transaction, row, nowMs);
      if (recentChanges(row, 'mode', nowMs).length >= parts.limits.modeChangesPerDay) {
        throw limitExceeded(
          `The capacity mode of stream ${row.name} under account ${row.account} cannot be changed more than ` +
            `${parts.limits.modeChangesPerDay} times in a rolling 24 hour period.`,
        );
      }
      if (mode === 'ON_DEMAND' && row.mode !== 'ON_DEMAND') {
        const streams = await transaction
          .selectFrom('streams')
          .select('mode')
          .where('account', '=', row.account)
          .where('region', '=', row.region)
          .execute();
        checkOnDemandCount(streams, row, parts.limits);
      }
      if (mode === 'PROVISIONED' && row.mode !== 'PROVISIONED') {
        await checkShardsInProvisionedMode(transaction, row, stream.openShards.length, parts.limits);
      }
      return {
        ...updating({
          kind: 'mode',
          dueMs: nowMs + parts.stateDurationMs,
          mode,
          warmThroughputMibps: mode === 'ON_DEMAND' ? (warm ?? row.warm_throughput_mibps) : null,
        }),
        changes_json: withChange(row, 'mode', nowMs),
        // It keeps its shards at first, as if its traffic had needed them.
        peaks_json: withPeak(row.peaks_json, nowMs, peakOfShards(stream.openShards.length)),
      };
    });
    return {};
  };
}
