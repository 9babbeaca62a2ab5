import type { Catalog } from '../../catalog/catalog.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { placeOf, tableArns } from '../place.ts';
import { CatalogIdString, NameString, Table } from '../shapes.ts';
import { describeTable, findTable } from '../table-rows.ts';

export const GetTable = operation({
  name: 'GetTable',
  action: 'glue:GetTable',
  resources: (input, call) => tableArns(input, call, input.DatabaseName, input.Name),
  input: structure('GetTableRequest', {
    CatalogId: optional(CatalogIdString),
    DatabaseName: required(NameString),
    Name: required(NameString),
  }),
  output: structure('GetTableResponse', { Table: optional(Table) }),
  errors: ['EntityNotFoundException', 'InvalidInputException'],
});

export function getTable({ catalog }: { readonly catalog: Catalog }): Handler<typeof GetTable> {
  return async (input, call) => {
    const place = placeOf(input, call);
    const row = await catalog.read((transaction) =>
      findTable(transaction, place, input.DatabaseName, input.Name),
    );
    return { Table: describeTable(row) };
  };
}
