/**
 * The applications in memory. Loaded whole from the catalog at start and, after each committed change, one at a time; all reads of the service are
 * answered from here.
 */
import type { Catalog, CatalogTransaction } from '../../catalog/catalog.ts';
import { Snapshots } from '../../catalog/snapshots.ts';
import type { ApplicationRow, ApplicationVersionRow } from '../../catalog/tables.ts';
import type { Sealers } from '../../keys/sealing.ts';
import type { Pending } from '../lifecycle/pending.ts';
import type { Run } from '../lifecycle/run.ts';
import {
  applicationArn,
  conditionalTokenOf,
  type ApplicationDirectory,
  type ApplicationState,
  type ApplicationVersion,
} from './application-state.ts';
import { openSettings } from './sealed-settings.ts';

/** `sealers` have every key that settings were sealed under. */
export async function openApplications(catalog: Catalog, sealers: Sealers): Promise<CatalogApplications> {
  const directory = new CatalogApplications(catalog, sealers);
  await directory.load();
  return directory;
}

export class CatalogApplications extends Snapshots<ApplicationState> implements ApplicationDirectory {
  readonly #catalog: Catalog;
  readonly #sealers: Sealers;

  constructor(catalog: Catalog, sealers: Sealers) {
    super(({ change }) => change);
    this.#catalog = catalog;
    this.#sealers = sealers;
  }

  /** Every application, at start. */
  load(): Promise<void> {
    return this.inOrder(async () => {
      const states = await this.#catalog.read(async (transaction) => {
        const rows = await transaction.selectFrom('applications').selectAll().execute();
        return await Promise.all(rows.map((row) => this.#stateOf(transaction, row)));
      });
      for (const state of states) this.put(state.id, state);
    });
  }

  /** The application as the catalog has it now. Call after a commit; resolves when readers see it. */
  refresh(id: string): Promise<void> {
    return this.inOrder(async () => {
      const state = await this.#catalog.read(async (transaction) => {
        const row = await transaction
          .selectFrom('applications')
          .selectAll()
          .where('application_id', '=', id)
          .executeTakeFirst();
        return row && (await this.#stateOf(transaction, row));
      });
      this.put(id, state);
    });
  }

  async #stateOf(transaction: CatalogTransaction, row: ApplicationRow): Promise<ApplicationState> {
    const { application_id: id, account, region, name } = row;
    const version = await transaction
      .selectFrom('application_versions')
      .selectAll()
      .where('application_id', '=', id)
      .where('version_id', '=', row.version_id)
      .executeTakeFirstOrThrow();
    return Object.freeze({
      ...{ id, account, region, name },
      arn: applicationArn(region, account, name),
      status: row.status,
      createdMs: row.created_ms,
      updatedMs: row.updated_ms,
      version: versionOf(version),
      settings: openSettings(this.#sealers, id, row.version_id, version),
      conditionalToken: conditionalTokenOf(id, row.version_id),
      maintenanceStart: row.maintenance_start,
      run: row.run_json === null ? undefined : (JSON.parse(row.run_json) as Run),
      pending: row.pending_json === null ? undefined : (JSON.parse(row.pending_json) as Pending),
      change: row.change,
    });
  }
}

export function versionOf(row: ApplicationVersionRow): ApplicationVersion {
  return {
    id: row.version_id,
    createdMs: row.created_ms,
    updatedFrom: row.updated_from ?? undefined,
    rolledBackFrom: row.rolled_back_from ?? undefined,
    rolledBackTo: row.rolled_back_to ?? undefined,
  };
}
