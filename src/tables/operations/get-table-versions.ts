import type { Catalog } from '../../catalog/catalog.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { list, optional, required, structure } from '../../wire/shape/shape.ts';
import { nameBefore, PAGE_MAX, pageOf } from '../paging.ts';
import { placeOf, tableArns } from '../place.ts';
import { CatalogGetterPageSize, CatalogIdString, NameString, TableVersion, Token } from '../shapes.ts';
import { invalidInput } from '../table-errors.ts';
import { describeTable, findTable, versionsOf } from '../table-rows.ts';

export const GetTableVersions = operation({
  name: 'GetTableVersions',
  action: 'glue:GetTableVersions',
  resources: (input, call) => tableArns(input, call, input.DatabaseName, input.TableName),
  input: structure('GetTableVersionsRequest', {
    CatalogId: optional(CatalogIdString),
    DatabaseName: required(NameString),
    TableName: required(NameString),
    NextToken: optional(Token),
    MaxResults: optional(CatalogGetterPageSize),
  }),
  output: structure('GetTableVersionsResponse', {
    TableVersions: optional(list(TableVersion)),
    NextToken: optional(Token),
  }),
  errors: ['EntityNotFoundException', 'InvalidInputException'],
});

/** The newest first. */
export function getTableVersions({
  catalog,
}: {
  readonly catalog: Catalog;
}): Handler<typeof GetTableVersions> {
  return async (input, call) => {
    const place = placeOf(input, call);
    const before = nameBefore(input.NextToken);
    if (before !== undefined && !/^\d{1,15}$/.test(before)) throw invalidInput('Invalid NextToken.');
    const size = input.MaxResults ?? PAGE_MAX;
    const rows = await catalog.read(async (transaction) => {
      await findTable(transaction, place, input.DatabaseName, input.TableName);
      return await versionsOf(transaction, place, input.DatabaseName, input.TableName)
        .where('version', '<', before === undefined ? Number.MAX_SAFE_INTEGER : Number(before))
        .orderBy('version', 'desc')
        .limit(size + 1)
        .execute();
    });
    const { page, nextToken } = pageOf(rows, size, ({ version }) => String(version));
    return {
      TableVersions: page.map((row) => ({ Table: describeTable(row), VersionId: String(row.version) })),
      NextToken: nextToken,
    };
  };
}
