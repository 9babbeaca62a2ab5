/** A service of Glue's shape, `AWSGlue`: the databases and tables of its Data Catalog. */
import type { Catalog } from '../catalog/catalog.ts';
import type { Clock } from '../host/host.ts';
import type { Service } from '../wire/shape/operation.ts';
import { CreateDatabase, createDatabase } from './operations/create-database.ts';
import { CreateTable, createTable } from './operations/create-table.ts';
import { DeleteDatabase, deleteDatabase } from './operations/delete-database.ts';
import { DeleteTable, deleteTable } from './operations/delete-table.ts';
import { GetDatabase, getDatabase } from './operations/get-database.ts';
import { GetDatabases, getDatabases } from './operations/get-databases.ts';
import { GetTable, getTable } from './operations/get-table.ts';
import { GetTables, getTables } from './operations/get-tables.ts';
import { GetTableVersion, getTableVersion } from './operations/get-table-version.ts';
import { GetTableVersions, getTableVersions } from './operations/get-table-versions.ts';
import { UpdateTable, updateTable } from './operations/update-table.ts';

export const operations = {
  CreateDatabase,
  CreateTable,
  DeleteDatabase,
  DeleteTable,
  GetDatabase,
  GetDatabases,
  GetTable,
  GetTables,
  GetTableVersion,
  GetTableVersions,
  UpdateTable,
} as const;

export function createTableService(parts: {
  readonly catalog: Catalog;
  readonly clock: Clock;
}): Service<typeof operations> {
  return {
    targetPrefix: 'AWSGlue',
    signingName: 'glue',
    operations,
    handlers: {
      CreateDatabase: createDatabase(parts),
      CreateTable: createTable(parts),
      DeleteDatabase: deleteDatabase(parts),
      DeleteTable: deleteTable(parts),
      GetDatabase: getDatabase(parts),
      GetDatabases: getDatabases(parts),
      GetTable: getTable(parts),
      GetTables: getTables(parts),
      GetTableVersion: getTableVersion(parts),
      GetTableVersions: getTableVersions(parts),
      UpdateTable: updateTable(parts),
    },
  };
}
