import type { Catalog } from '../../catalog/catalog.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { databaseArns, placeOf } from '../place.ts';
import { CatalogIdString, Database, NameString } from '../shapes.ts';
import { describeDatabase, findDatabase } from '../table-rows.ts';

export const GetDatabase = operation({
  name: 'GetDatabase',
  action: 'glue:GetDatabase',
  resources: (input, call) => databaseArns(input, call, input.Name),
  input: structure('GetDatabaseRequest', {
    CatalogId: optional(CatalogIdString),
    Name: required(NameString),
  }),
  output: structure('GetDatabaseResponse', { Database: optional(Database) }),
  errors: ['InvalidInputException', 'EntityNotFoundException'],
});

export function getDatabase({ catalog }: { readonly catalog: Catalog }): Handler<typeof GetDatabase> {
  return async (input, call) => {
    const place = placeOf(input, call);
    const row = await catalog.read((transaction) => findDatabase(transaction, place, input.Name));
    return { Database: describeDatabase(row) };
  };
}
