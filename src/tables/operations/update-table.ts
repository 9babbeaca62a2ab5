import type { Catalog } from '../../catalog/catalog.ts';
import type { Clock } from '../../host/host.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { boolean, optional, required, structure } from '../../wire/shape/shape.ts';
import { placeOf, tableArns } from '../place.ts';
import { VERSIONS_PER_TABLE } from '../quotas.ts';
import { CatalogIdString, NameString, TableInput, VersionString } from '../shapes.ts';
import { invalidInput } from '../table-errors.ts';
import { findTable, tableJson, versionsOf } from '../table-rows.ts';

export const UpdateTable = operation({
  name: 'UpdateTable',
  action: 'glue:UpdateTable',
  resources: (input, call) => tableArns(input, call, input.DatabaseName, input.TableInput?.Name ?? '*'),
  input: structure('UpdateTableRequest', {
    CatalogId: optional(CatalogIdString),
    DatabaseName: required(NameString),
    // Of Iceberg tables, which are not served: the table's name is TableInput's.
    Name: optional(NameString),
    TableInput: optional(TableInput),
    SkipArchive: optional(boolean()),
    VersionId: optional(VersionString),
  }),
  output: structure('UpdateTableResponse', {}),
  errors: [
    'EntityNotFoundException',
    'InvalidInputException',
    'ConcurrentModificationException',
    'ResourceNumberLimitExceededException',
  ],
});

/** The whole definition is replaced. The one before stays as a version, unless SkipArchive says otherwise. */
export function updateTable(parts: {
  readonly catalog: Catalog;
  readonly clock: Clock;
}): Handler<typeof UpdateTable> {
  return async (input, call) => {
    const place = placeOf(input, call);
    const table = input.TableInput;
    if (table === undefined) throw invalidInput('TableInput is required: Iceberg tables are not served.');
    const nowMs = parts.clock.now();
    await parts.catalog.transact(async (transaction) => {
      const newest = await findTable(transaction, place, input.DatabaseName, table.Name);
      if (input.VersionId !== undefined && input.VersionId !== String(newest.version)) {
        throw new ServiceError(
          'ConcurrentModificationException',
          `Update table failed due to concurrent modifications: the version is ${newest.version}, not ${input.VersionId}.`,
        );
      }
      const older = versionsOf(transaction, place, input.DatabaseName, table.Name);
      const { count } = await older
        .clearSelect()
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      if (count >= VERSIONS_PER_TABLE && input.SkipArchive !== true) {
        throw new ServiceError(
          'ResourceNumberLimitExceededException',
          `A table has ${VERSIONS_PER_TABLE} versions at most.`,
        );
      }
      const { database_name, name } = newest;
      const before = { ...place, database_name, name, version: newest.version };
      if (input.SkipArchive === true) {
        await transaction
          .deleteFrom('table_versions')
          .where((is) => is.and(before))
          .execute();
      } else {
        await transaction
          .updateTable('table_versions')
          .set({ is_newest: 0 })
          .where((is) => is.and(before))
          .execute();
      }
      await transaction
        .insertInto('table_versions')
        .values({
          ...newest,
          version: newest.version + 1,
          definition_json: tableJson(table),
          updated_ms: nowMs,
        })
        .execute();
    });
    return {};
  };
}
