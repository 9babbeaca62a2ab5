/**
 * What happens at the end of a transitional status. Each of these may have been interrupted anywhere and may run again, so each is idempotent up
 * to its one commit. Runs are counted by the same commits, so that what was RUNNING is what is billed.
 */
import { unreachable } from '../../base/assert.ts';
import type { CatalogTransaction } from '../../catalog/catalog.ts';
import type { ApplicationRow } from '../../catalog/tables.ts';
import type { Clock } from '../../host/host.ts';
import type { RecordLog } from '../../log/log.ts';
import type { ApplicationState } from '../directory/application-state.ts';
import { changeApplication, type ChangeParts } from '../directory/change-application.ts';
import { endOperation } from '../directory/history.ts';
import { StartFailed, type Runner } from '../running/runner.ts';
import type { Pending } from './pending.ts';

export type CompleteParts = ChangeParts & {
  readonly clock: Clock;
  readonly log: RecordLog;
  readonly runner: Runner;
};

/** "A single KPU provides you with 1 vCPU and 4 GB of memory": an application has one here, and does not scale. */
const KPUS = 1;

export async function completePending(parts: CompleteParts, application: ApplicationState): Promise<void> {
  const { pending } = application;
  if (pending === undefined) return;
  const { runner } = parts;
  const { id } = application;
  switch (pending.kind) {
    case 'start':
    case 'update':
      if (pending.kind === 'update') await runner.stop(id, 'with a checkpoint');
      return await begin(parts, application, pending);
    case 'stop':
      await runner.stop(id, 'with a checkpoint');
      return await settle(parts, application, 'READY');
    case 'force-stop':
      await runner.stop(id, 'at once');
      return await settle(parts, application, 'READY');
    case 'delete':
      await runner.stop(id, 'at once');
      return await deleteWholly(parts, application);
    default:
      return unreachable(pending.kind);
  }
}

async function begin(parts: CompleteParts, application: ApplicationState, pending: Pending): Promise<void> {
  try {
    await parts.runner.start(application);
  } catch (error) {
    if (!(error instanceof StartFailed)) throw error;
    return await settle(parts, application, 'READY', error.message);
  }
  const now = parts.directory.byId(application.id);
  // It was deleted, or stopped by force, while it started.
  if (now?.pending?.kind !== pending.kind) return;
  await settle(parts, application, 'RUNNING');
}

/** Nothing is pending any more, unless the application has moved on to something else. */
async function settle(
  parts: CompleteParts,
  application: ApplicationState,
  status: 'READY' | 'RUNNING',
  error: string | null = null,
): Promise<void> {
  const nowMs = parts.clock.now();
  await changeApplication(parts, application, async (row, transaction) => {
    const pending = row.pending_json === null ? undefined : (JSON.parse(row.pending_json) as Pending);
    if (pending === undefined || pending.kind !== application.pending?.kind) return {};
    await endOperation(
      transaction,
      pending.operationId,
      nowMs,
      error === null ? 'SUCCESSFUL' : 'FAILED',
      error,
    );
    await countRun(transaction, row, application, status, nowMs);
    return { status, pending_json: null };
  });
}

async function countRun(
  transaction: CatalogTransaction,
  row: ApplicationRow,
  { run }: ApplicationState,
  status: 'READY' | 'RUNNING',
  nowMs: number,
): Promise<void> {
  if (run === undefined) return;
  if (status === 'READY') {
    await transaction
      .updateTable('application_runs')
      .set({ stopped_ms: nowMs })
      .where('application_id', '=', row.application_id)
      .where('stopped_ms', 'is', null)
      .execute();
    return;
  }
  await transaction
    .insertInto('application_runs')
    .values({
      application_id: row.application_id,
      run: run.number,
      started_ms: nowMs,
      stopped_ms: null,
      kpus: KPUS,
    })
    .onConflict((conflict) => conflict.columns(['application_id', 'run']).doNothing())
    .execute();
}

async function deleteWholly(parts: CompleteParts, { id, arn }: ApplicationState): Promise<void> {
  await parts.catalog.transact(async (transaction) => {
    await transaction.deleteFrom('tags').where('resource_arn', '=', arn).execute();
    for (const table of ['application_versions', 'application_operations', 'application_runs'] as const) {
      await transaction.deleteFrom(table).where('application_id', '=', id).execute();
    }
    await transaction.deleteFrom('reader_checkpoints').where('reader_id', '=', id).execute();
    await transaction.deleteFrom('reader_owners').where('reader_id', '=', id).execute();
    await transaction.deleteFrom('applications').where('application_id', '=', id).execute();
  });
  await parts.directory.refresh(id);
  await parts.log.dropLog(id);
  await parts.keys.forget(id);
}
