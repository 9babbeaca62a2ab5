import type { Catalog } from '../../catalog/catalog.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { placeOf, tableArns } from '../place.ts';
import { CatalogIdString, NameString, TableVersion, VersionString } from '../shapes.ts';
import { invalidInput, versionNotFound } from '../table-errors.ts';
import { describeTable, findTable, versionsOf } from '../table-rows.ts';

export const GetTableVersion = operation({
  name: 'GetTableVersion',
  action: 'glue:GetTableVersion',
  resources: (input, call) => tableArns(input, call, input.DatabaseName, input.TableName),
  input: structure('GetTableVersionRequest', {
    CatalogId: optional(CatalogIdString),
    DatabaseName: required(NameString),
    TableName: required(NameString),
    VersionId: optional(VersionString),
  }),
  output: structure('GetTableVersionResponse', { TableVersion: optional(TableVersion) }),
  errors: ['EntityNotFoundException', 'InvalidInputException'],
});

/** The newest when none is named. */
export function getTableVersion({ catalog }: { readonly catalog: Catalog }): Handler<typeof GetTableVersion> {
  return async (input, call) => {
    const place = placeOf(input, call);
    const { VersionId } = input;
    if (VersionId !== undefined && !/^\d{1,15}$/.test(VersionId)) {
      throw invalidInput(`VersionId ${VersionId} is no number.`);
    }
    const row = await catalog.read(async (transaction) => {
      const newest = await findTable(transaction, place, input.DatabaseName, input.TableName);
      if (VersionId === undefined || Number(VersionId) === newest.version) return newest;
      return await versionsOf(transaction, place, input.DatabaseName, input.TableName)
        .where('version', '=', Number(VersionId))
        .executeTakeFirst();
    });
    if (row === undefined) throw versionNotFound(VersionId ?? '');
    return { TableVersion: { Table: describeTable(row), VersionId: String(row.version) } };
  };
}
