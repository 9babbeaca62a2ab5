/**
 * The one way an application changes: a transaction that reads its row, checks and changes, grows `change`, and commits; then the directory
 * shows it. Because the checks run inside the transaction, two control operations on one application never both find it as it was.
 */
import type { Catalog, CatalogTransaction } from '../../catalog/catalog.ts';
import type { ApplicationRow } from '../../catalog/tables.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import type { Settings } from '../settings/settings.ts';
import { applicationNotFound } from './application-errors.ts';
import type { ApplicationState } from './application-state.ts';
import type { CatalogApplications } from './directory.ts';
import { sealSettings } from './sealed-settings.ts';

export type ChangeParts = {
  readonly catalog: Catalog;
  readonly directory: CatalogApplications;
  readonly keys: KeyRing;
};

export type Changed = Partial<Omit<ApplicationRow, 'application_id' | 'change' | 'version_id'>> & {
  /** A new version is made of these. */
  readonly settings?: Settings;
  readonly rolledBack?: { readonly from: number; readonly to: number };
};

/**
 * `change` gives the columns to change; it may be run again, so it must have no other effects. Durable and visible when this resolves, to the
 * application as it is then. Throws ResourceNotFoundException when it has gone meanwhile.
 */
export async function changeApplication(
  parts: ChangeParts,
  { id, name, account }: Pick<ApplicationState, 'id' | 'name' | 'account'>,
  change: (row: ApplicationRow, transaction: CatalogTransaction) => Changed | Promise<Changed>,
): Promise<ApplicationState> {
  await parts.catalog.transact(async (transaction) => {
    const row = await transaction
      .selectFrom('applications')
      .selectAll()
      .where('application_id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw applicationNotFound(name, account);
    const { settings, rolledBack, ...columns } = await change(row, transaction);
    const versionId = settings === undefined ? row.version_id : row.version_id + 1;
    if (settings !== undefined) {
      await transaction
        .updateTable('application_versions')
        .set({ last_status: row.status })
        .where('application_id', '=', id)
        .where('version_id', '=', row.version_id)
        .execute();
      await insertVersion(parts, transaction, id, versionId, settings, {
        createdMs: columns.updated_ms ?? row.updated_ms,
        updatedFrom: row.version_id,
        rolledBack,
      });
    }
    await transaction
      .updateTable('applications')
      .set({ ...columns, version_id: versionId, change: row.change + 1 })
      .where('application_id', '=', id)
      .execute();
  });
  await parts.directory.refresh(id);
  const state = parts.directory.byId(id);
  if (state === undefined) throw applicationNotFound(name, account);
  return state;
}

export async function insertVersion(
  { keys }: Pick<ChangeParts, 'keys'>,
  transaction: CatalogTransaction,
  id: string,
  versionId: number,
  settings: Settings,
  of: {
    readonly createdMs: number;
    readonly updatedFrom?: number;
    readonly rolledBack?: Changed['rolledBack'];
  },
): Promise<void> {
  await transaction
    .insertInto('application_versions')
    .values({
      application_id: id,
      version_id: versionId,
      created_ms: of.createdMs,
      updated_from: of.updatedFrom ?? null,
      rolled_back_from: of.rolledBack?.from ?? null,
      rolled_back_to: of.rolledBack?.to ?? null,
      last_status: null,
      ...sealSettings(keys, id, versionId, settings),
    })
    .execute();
}
