import type { Catalog } from '../../catalog/catalog.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { list, optional, required, structure } from '../../wire/shape/shape.ts';
import { compileNamePattern } from '../name-pattern.ts';
import { nameBefore, PAGE_MAX, pageOf } from '../paging.ts';
import { placeOf, tableArns } from '../place.ts';
import { CatalogGetterPageSize, CatalogIdString, FilterString, NameString, Table, Token } from '../shapes.ts';
import { describeTable, findDatabase } from '../table-rows.ts';

export const GetTables = operation({
  name: 'GetTables',
  action: 'glue:GetTables',
  resources: (input, call) => tableArns(input, call, input.DatabaseName, '*'),
  input: structure('GetTablesRequest', {
    CatalogId: optional(CatalogIdString),
    DatabaseName: required(NameString),
    Expression: optional(FilterString),
    NextToken: optional(Token),
    MaxResults: optional(CatalogGetterPageSize),
  }),
  output: structure('GetTablesResponse', {
    TableList: optional(list(Table)),
    NextToken: optional(Token),
  }),
  errors: ['EntityNotFoundException', 'InvalidInputException'],
});

/** In the order of their names. */
export function getTables({ catalog }: { readonly catalog: Catalog }): Handler<typeof GetTables> {
  return async (input, call) => {
    const place = placeOf(input, call);
    const matches = compileNamePattern(input.Expression ?? '');
    const after = nameBefore(input.NextToken);
    const size = input.MaxResults ?? PAGE_MAX;
    const rows = await catalog.read(async (transaction) => {
      const database = await findDatabase(transaction, place, input.DatabaseName);
      const newest = transaction
        .selectFrom('table_versions')
        .where('catalog_id', '=', place.catalog_id)
        .where('region', '=', place.region)
        .where('database_name', '=', database.name)
        .where('is_newest', '=', 1);
      const names = await newest
        .select('name')
        .where('name', '>', after ?? '')
        .orderBy('name')
        .execute();
      const wanted = names
        .map(({ name }) => name)
        .filter(matches)
        .slice(0, size + 1);
      return await newest.selectAll().where('name', 'in', wanted).orderBy('name').execute();
    });
    const { page, nextToken } = pageOf(rows, size, ({ name }) => name);
    return { TableList: page.map(describeTable), NextToken: nextToken };
  };
}
