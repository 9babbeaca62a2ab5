/**
 * What happens at the end of a transitional status. Each of these may have been interrupted anywhere and may run again, so each is
 * idempotent up to its one commit. Order: a log and its partitions are made before the catalog says that they exist, and removed
 * after it says that they do not; what a crash leaves between is removed or made at start (start.ts).
 */
import { unreachable } from '../../base/assert.ts';
import type { StreamRow } from '../../catalog/tables.ts';
import type { Clock } from '../../host/host.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import type { RecordLog } from '../../log/log.ts';
import { changeStream, type ChangeParts } from '../directory/change-stream.ts';
import { growSteps, mergeSteps, splitSteps } from '../resharding/reshard-plan.ts';
import { reshard } from '../resharding/reshard.ts';
import type { Pending } from './pending.ts';
import { earliestDue } from './lifecycle.ts';
import { pendingOf } from '../directory/stream-rows.ts';
import type { Stream } from '../directory/stream.ts';
import type { Traffic } from '../writing/traffic.ts';
import { uniformSteps } from '../resharding/uniform-plan.ts';
import type { WriteHold } from '../writing/write-hold.ts';

export type CompleteParts = ChangeParts & {
  readonly clock: Clock;
  readonly log: RecordLog;
  readonly keys: KeyRing;
  readonly writes: WriteHold;
  readonly traffic: Traffic;
};

export async function completeStream(parts: CompleteParts, stream: Stream): Promise<void> {
  const pending = stream.pending;
  if (pending === undefined) return;
  switch (pending.kind) {
    case 'create':
      await parts.keys.begin(stream.id);
      await parts.log.createLog(
        stream.id,
        stream.shards.map((shard) => shard.index),
      );
      return settle(parts, stream, pending);
    case 'delete':
      return deleteStreamWholly(parts, stream);
    case 'split':
      return reshard(parts, stream, splitSteps(pending.shard, pending.newStartingHashKey));
    case 'merge':
      return reshard(parts, stream, mergeSteps(pending.shard, pending.adjacent));
    case 'scale':
      return reshard(parts, stream, uniformSteps(stream, pending.target));
    case 'grow':
      return reshard(parts, stream, growSteps(stream, pending.target, parts.traffic));
    case 'encrypt':
      await parts.keys.begin(stream.id);
      return settle(parts, stream, pending, {
        encryption_type: pending.keyId === null ? 'NONE' : 'KMS',
        kms_key_id: pending.keyId,
      });
    case 'mode':
      return settle(parts, stream, pending, {
        mode: pending.mode,
        warm_throughput_mibps: pending.warmThroughputMibps,
      });
    default:
      return unreachable(pending);
  }
}

/** ACTIVE again, unless the stream has moved on to something else. */
async function settle(
  parts: ChangeParts,
  stream: Stream,
  pending: Pending,
  changed: Partial<StreamRow> = {},
): Promise<void> {
  await changeStream(parts, stream, (row) =>
    pendingOf(row)?.kind === pending.kind ? { ...changed, status: 'ACTIVE', pending_json: null } : {},
  );
}

async function deleteStreamWholly(parts: CompleteParts, stream: Stream): Promise<void> {
  const consumerArns = stream.consumers.map((consumer) => consumer.arn);
  await parts.catalog.transact(async (transaction) => {
    const arns = [stream.arn, ...consumerArns];
    await transaction.deleteFrom('tags').where('resource_arn', 'in', arns).execute();
    await transaction.deleteFrom('resource_policies').where('resource_arn', 'in', arns).execute();
    await transaction.deleteFrom('consumers').where('stream_id', '=', stream.id).execute();
    await transaction.deleteFrom('shards').where('stream_id', '=', stream.id).execute();
    await transaction.deleteFrom('streams').where('stream_id', '=', stream.id).execute();
  });
  await parts.directory.refresh(stream.id);
  await parts.log.dropLog(stream.id);
  await parts.keys.forget(stream.id);
}

/** Consumers whose time has come: CREATING ones become ACTIVE, DELETING ones go. */
export async function completeConsumers(
  parts: ChangeParts & { readonly clock: Clock },
  stream: Stream,
): Promise<void> {
  // Called when the first is due, even if the wall clock was set back since.
  const nowMs = Math.max(parts.clock.now(), earliestDue(stream) ?? 0);
  await changeStream(parts, stream, async (_row, transaction) => {
    const due = await transaction
      .selectFrom('consumers')
      .select(['consumer_arn', 'status'])
      .where('stream_id', '=', stream.id)
      .where('due_ms', '<=', nowMs)
      .execute();
    const arns = (status: string) =>
      due.filter((consumer) => consumer.status === status).map((consumer) => consumer.consumer_arn);
    if (arns('CREATING').length > 0) {
      await transaction
        .updateTable('consumers')
        .set({ status: 'ACTIVE', due_ms: null })
        .where('consumer_arn', 'in', arns('CREATING'))
        .execute();
    }
    if (arns('DELETING').length > 0) {
      await transaction.deleteFrom('tags').where('resource_arn', 'in', arns('DELETING')).execute();
      await transaction
        .deleteFrom('resource_policies')
        .where('resource_arn', 'in', arns('DELETING'))
        .execute();
      await transaction.deleteFrom('consumers').where('consumer_arn', 'in', arns('DELETING')).execute();
    }
    return {};
  });
}
