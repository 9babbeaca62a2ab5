/**
 * What every operation that changes what is configured has in common: it is for one version, makes the next one, and has a running application
 * go on with it.
 */
import type { Call } from '../../wire/shape/operation.ts';
import { notFound } from '../directory/application-errors.ts';
import type { ApplicationState } from '../directory/application-state.ts';
import { changeApplication } from '../directory/change-application.ts';
import { beginOperation, newOperationId } from '../directory/history.ts';
import { requireSettled, requireVersion } from '../directory/versions.ts';
import type { Pending } from '../lifecycle/pending.ts';
import { checkSettings } from '../settings/check-settings.ts';
import type { Settings } from '../settings/settings.ts';
import type { OperationParts } from './parts.ts';

export type Configured = { readonly application: ApplicationState; readonly operationId: string };

/**
 * `change` is handed the settings and the number of the version that it makes, of which ids are made.
 * Throws ConcurrentModificationException, ResourceInUseException, and what the checks of settings throw.
 */
export async function configure(
  parts: OperationParts,
  application: ApplicationState,
  meant: {
    readonly CurrentApplicationVersionId?: number | undefined;
    readonly ConditionalToken?: string | undefined;
  },
  operation: string,
  change: (settings: Settings, version: number) => Settings,
): Promise<Configured> {
  const { id, name, account, region, status, version } = application;
  const now = { application_id: id, name, version_id: version.id, status };
  requireVersion(now, meant);
  requireSettled(now);
  const settings = change(application.settings, version.id + 1);
  await checkSettings(parts.checks, settings, { account, region });
  const operationId = newOperationId(parts.dice);
  const changed = await changeApplication(parts, application, async (row, transaction) => {
    requireVersion(row, { CurrentApplicationVersionId: version.id });
    requireSettled(row);
    const nowMs = parts.clock.now();
    const isRunning = row.status === 'RUNNING';
    await beginOperation(
      transaction,
      {
        operation_id: operationId,
        application_id: id,
        operation,
        started_ms: nowMs,
        from_version: row.version_id,
        to_version: row.version_id + 1,
      },
      isRunning ? undefined : nowMs,
    );
    const pending: Pending = { kind: 'update', dueMs: nowMs + parts.stateDurationMs, operationId };
    return {
      settings,
      updated_ms: nowMs,
      ...(isRunning ? { status: 'UPDATING', pending_json: JSON.stringify(pending) } : {}),
    };
  });
  return { application: changed, operationId };
}

/** What the answers of the second API begin with. */
export function answerOf({ application }: Configured) {
  return { ApplicationARN: application.arn, ApplicationVersionId: application.version.id };
}

/** The list without the element of that id. Throws ResourceNotFoundException when there is none. */
export function without<T extends { readonly id: string }>(
  list: readonly T[],
  what: string,
  id: string,
): readonly T[] {
  const left = list.filter((element) => element.id !== id);
  if (left.length === list.length) throw notFound(`There is no ${what} with the id ${id}.`);
  return left;
}

/** The list with that element changed. Throws ResourceNotFoundException when there is none. */
export function withChanged<T extends { readonly id: string }>(
  list: readonly T[],
  what: string,
  id: string,
  change: (element: T) => T,
): readonly T[] {
  if (!list.some((element) => element.id === id)) throw notFound(`There is no ${what} with the id ${id}.`);
  return list.map((element) => (element.id === id ? change(element) : element));
}

export function accountOf({ caller, region }: Pick<Call, 'caller' | 'region'>) {
  return { account: caller.account, region };
}
