import type { Catalog } from '../../catalog/catalog.ts';
import type { Clock } from '../../host/host.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { folded, placeOf, tableArns } from '../place.ts';
import { TABLES_PER_DATABASE } from '../quotas.ts';
import { CatalogIdString, NameString, TableInput } from '../shapes.ts';
import { alreadyExists, invalidInput } from '../table-errors.ts';
import { findDatabase, tableJson, versionsOf } from '../table-rows.ts';

export const CreateTable = operation({
  name: 'CreateTable',
  action: 'glue:CreateTable',
  resources: (input, call) => tableArns(input, call, input.DatabaseName, input.TableInput?.Name ?? '*'),
  input: structure('CreateTableRequest', {
    CatalogId: optional(CatalogIdString),
    DatabaseName: required(NameString),
    // Of Iceberg tables, which are not served: the table's name is TableInput's.
    Name: optional(NameString),
    TableInput: optional(TableInput),
  }),
  output: structure('CreateTableResponse', {}),
  errors: [
    'AlreadyExistsException',
    'InvalidInputException',
    'EntityNotFoundException',
    'ResourceNumberLimitExceededException',
  ],
});

export function createTable(parts: {
  readonly catalog: Catalog;
  readonly clock: Clock;
}): Handler<typeof CreateTable> {
  return async (input, call) => {
    const place = placeOf(input, call);
    const table = input.TableInput;
    if (table === undefined) throw invalidInput('TableInput is required: Iceberg tables are not served.');
    const nowMs = parts.clock.now();
    await parts.catalog.transact(async (transaction) => {
      const database = await findDatabase(transaction, place, input.DatabaseName);
      const existing = await versionsOf(transaction, place, database.name, table.Name)
        .limit(1)
        .executeTakeFirst();
      if (existing !== undefined) throw alreadyExists('Table');
      const { count } = await transaction
        .selectFrom('table_versions')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('catalog_id', '=', place.catalog_id)
        .where('region', '=', place.region)
        .where('database_name', '=', database.name)
        .where('is_newest', '=', 1)
        .executeTakeFirstOrThrow();
      if (count >= TABLES_PER_DATABASE) {
        throw new ServiceError(
          'ResourceNumberLimitExceededException',
          `A database has ${TABLES_PER_DATABASE} tables at most.`,
        );
      }
      await transaction
        .insertInto('table_versions')
        .values({
          ...place,
          database_name: database.name,
          name: folded(table.Name),
          version: 0,
          is_newest: 1,
          definition_json: tableJson(table),
          created_by: call.caller.arn,
          created_ms: nowMs,
          updated_ms: nowMs,
        })
        .execute();
    });
    return {};
  };
}
