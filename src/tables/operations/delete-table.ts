import type { Catalog } from '../../catalog/catalog.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { placeOf, tableArns } from '../place.ts';
import { CatalogIdString, NameString } from '../shapes.ts';
import { findTable } from '../table-rows.ts';

export const DeleteTable = operation({
  name: 'DeleteTable',
  action: 'glue:DeleteTable',
  resources: (input, call) => tableArns(input, call, input.DatabaseName, input.Name),
  input: structure('DeleteTableRequest', {
    CatalogId: optional(CatalogIdString),
    DatabaseName: required(NameString),
    Name: required(NameString),
  }),
  output: structure('DeleteTableResponse', {}),
  errors: ['EntityNotFoundException', 'InvalidInputException'],
});

/** With all of its versions. */
export function deleteTable({ catalog }: { readonly catalog: Catalog }): Handler<typeof DeleteTable> {
  return async (input, call) => {
    const place = placeOf(input, call);
    await catalog.transact(async (transaction) => {
      const { database_name, name } = await findTable(transaction, place, input.DatabaseName, input.Name);
      await transaction
        .deleteFrom('table_versions')
        .where((is) => is.and({ ...place, database_name, name }))
        .execute();
    });
    return {};
  };
}
