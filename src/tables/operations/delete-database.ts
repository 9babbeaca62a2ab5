import type { Catalog } from '../../catalog/catalog.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { databaseArns, folded, placeOf } from '../place.ts';
import { CatalogIdString, NameString } from '../shapes.ts';
import { findDatabase } from '../table-rows.ts';

export const DeleteDatabase = operation({
  name: 'DeleteDatabase',
  action: 'glue:DeleteDatabase',
  resources: (input, call) => databaseArns(input, call, input.Name),
  input: structure('DeleteDatabaseRequest', {
    CatalogId: optional(CatalogIdString),
    Name: required(NameString),
  }),
  output: structure('DeleteDatabaseResponse', {}),
  errors: ['EntityNotFoundException', 'InvalidInputException'],
});

/** Its tables go with it; at once, where AWS takes its time. */
export function deleteDatabase({ catalog }: { readonly catalog: Catalog }): Handler<typeof DeleteDatabase> {
  return async (input, call) => {
    const place = placeOf(input, call);
    const name = folded(input.Name);
    await catalog.transact(async (transaction) => {
      await findDatabase(transaction, place, input.Name);
      await transaction
        .deleteFrom('table_versions')
        .where('catalog_id', '=', place.catalog_id)
        .where('region', '=', place.region)
        .where('database_name', '=', name)
        .execute();
      await transaction
        .deleteFrom('table_databases')
        .where('catalog_id', '=', place.catalog_id)
        .where('region', '=', place.region)
        .where('name', '=', name)
        .execute();
    });
    return {};
  };
}
