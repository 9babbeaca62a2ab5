/** What was done to an application: the rows of ListApplicationOperations. */
import type { CatalogTransaction } from '../../catalog/catalog.ts';
import type { ApplicationOperationRow } from '../../catalog/tables.ts';
import type { Dice } from '../../host/host.ts';

/** Kept for each application; older ones are forgotten. */
const KEPT = 200;

export function newOperationId(dice: Dice): string {
  return Buffer.from(dice.bytes(16)).toString('base64url');
}

export async function beginOperation(
  transaction: CatalogTransaction,
  begun: Pick<
    ApplicationOperationRow,
    'operation_id' | 'application_id' | 'operation' | 'started_ms' | 'from_version' | 'to_version'
  >,
  endedMs?: number,
): Promise<void> {
  await transaction
    .insertInto('application_operations')
    .values({
      ...begun,
      ended_ms: endedMs ?? null,
      status: endedMs === undefined ? 'IN_PROGRESS' : 'SUCCESSFUL',
      error: null,
    })
    .execute();
  const old = await transaction
    .selectFrom('application_operations')
    .select('operation_id')
    .where('application_id', '=', begun.application_id)
    .orderBy('started_ms', 'desc')
    .orderBy('operation_id')
    .offset(KEPT)
    .limit(KEPT)
    .execute();
  if (old.length === 0) return;
  await transaction
    .deleteFrom('application_operations')
    .where(
      'operation_id',
      'in',
      old.map(({ operation_id }) => operation_id),
    )
    .execute();
}

export async function endOperation(
  transaction: CatalogTransaction,
  operationId: string | undefined,
  endedMs: number,
  status: ApplicationOperationRow['status'] = 'SUCCESSFUL',
  error: string | null = null,
): Promise<void> {
  if (operationId === undefined) return;
  await transaction
    .updateTable('application_operations')
    .set({ status, ended_ms: endedMs, error })
    .where('operation_id', '=', operationId)
    .execute();
}
