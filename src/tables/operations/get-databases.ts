import type { Catalog } from '../../catalog/catalog.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { list, optional, required, structure } from '../../wire/shape/shape.ts';
import { nameBefore, PAGE_MAX, pageOf } from '../paging.ts';
import { databaseArns, placeOf } from '../place.ts';
import { CatalogGetterPageSize, CatalogIdString, Database, Token } from '../shapes.ts';
import { describeDatabase } from '../table-rows.ts';

export const GetDatabases = operation({
  name: 'GetDatabases',
  action: 'glue:GetDatabases',
  resources: (input, call) => databaseArns(input, call, '*'),
  input: structure('GetDatabasesRequest', {
    CatalogId: optional(CatalogIdString),
    NextToken: optional(Token),
    MaxResults: optional(CatalogGetterPageSize),
  }),
  output: structure('GetDatabasesResponse', {
    DatabaseList: required(list(Database)),
    NextToken: optional(Token),
  }),
  errors: ['InvalidInputException', 'EntityNotFoundException'],
});

/** In the order of their names. */
export function getDatabases({ catalog }: { readonly catalog: Catalog }): Handler<typeof GetDatabases> {
  return async (input, call) => {
    const place = placeOf(input, call);
    const after = nameBefore(input.NextToken);
    const size = input.MaxResults ?? PAGE_MAX;
    const rows = await catalog.read((transaction) =>
      transaction
        .selectFrom('table_databases')
        .selectAll()
        .where('catalog_id', '=', place.catalog_id)
        .where('region', '=', place.region)
        .where('name', '>', after ?? '')
        .orderBy('name')
        .limit(size + 1)
        .execute(),
    );
    const { page, nextToken } = pageOf(rows, size, ({ name }) => name);
    return { DatabaseList: page.map(describeDatabase), NextToken: nextToken };
  };
}
