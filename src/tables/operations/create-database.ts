import type { Catalog } from '../../catalog/catalog.ts';
import type { Clock } from '../../host/host.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { databaseArns, folded, placeOf } from '../place.ts';
import { DATABASES_PER_CATALOG } from '../quotas.ts';
import { CatalogIdString, DatabaseInput, TagsMap } from '../shapes.ts';
import { alreadyExists, invalidInput } from '../table-errors.ts';
import { databaseJson } from '../table-rows.ts';

export const CreateDatabase = operation({
  name: 'CreateDatabase',
  action: 'glue:CreateDatabase',
  resources: (input, call) => databaseArns(input, call, input.DatabaseInput.Name),
  input: structure('CreateDatabaseRequest', {
    CatalogId: optional(CatalogIdString),
    DatabaseInput: required(DatabaseInput),
    Tags: optional(TagsMap),
  }),
  output: structure('CreateDatabaseResponse', {}),
  errors: ['InvalidInputException', 'AlreadyExistsException', 'ResourceNumberLimitExceededException'],
});

export function createDatabase(parts: {
  readonly catalog: Catalog;
  readonly clock: Clock;
}): Handler<typeof CreateDatabase> {
  return async (input, call) => {
    const place = placeOf(input, call);
    if (input.Tags !== undefined && input.Tags.size > 0) {
      throw invalidInput('Tags of databases are not served by Millrace.');
    }
    const name = folded(input.DatabaseInput.Name);
    const created_ms = parts.clock.now();
    await parts.catalog.transact(async (transaction) => {
      const names = await transaction
        .selectFrom('table_databases')
        .select('name')
        .where('catalog_id', '=', place.catalog_id)
        .where('region', '=', place.region)
        .execute();
      if (names.some((row) => row.name === name)) throw alreadyExists('Database');
      if (names.length >= DATABASES_PER_CATALOG) {
        throw new ServiceError(
          'ResourceNumberLimitExceededException',
          `A catalog has ${DATABASES_PER_CATALOG} databases at most.`,
        );
      }
      await transaction
        .insertInto('table_databases')
        .values({ ...place, name, definition_json: databaseJson(input.DatabaseInput), created_ms })
        .execute();
    });
    return {};
  };
}
