/** Rows of the catalog and what is answered of them. Definitions are kept as they are on the wire. */
import type { CatalogTransaction } from '../catalog/catalog.ts';
import type { TableDatabaseRow, TableVersionRow } from '../catalog/tables.ts';
import { compileJsonDecoder } from '../wire/shape/json-decoder.ts';
import { compileJsonEncoder } from '../wire/shape/json-encoder.ts';
import type { TypeOf } from '../wire/shape/shape.ts';
import { folded, type CatalogPlace } from './place.ts';
import { type Database, DatabaseInput, type Table, TableInput } from './shapes.ts';
import { databaseNotFound, tableNotFound } from './table-errors.ts';

const encodeDatabase = compileJsonEncoder(DatabaseInput);
const decodeDatabase = compileJsonDecoder(DatabaseInput);
const encodeTable = compileJsonEncoder(TableInput);
const decodeTable = compileJsonDecoder(TableInput);

export function databaseJson(input: TypeOf<typeof DatabaseInput>): string {
  return Buffer.from(encodeDatabase(input)).toString();
}

export function tableJson(input: TypeOf<typeof TableInput>): string {
  return Buffer.from(encodeTable(input)).toString();
}

/** What Glue fills in where nothing is given: Lake Formation is out of the way. */
const DEFAULT_PERMISSIONS = [
  {
    Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' },
    Permissions: ['ALL'],
  },
] as const;

export function describeDatabase(row: TableDatabaseRow): TypeOf<typeof Database> {
  const input = decodeDatabase(Buffer.from(row.definition_json)) as TypeOf<typeof DatabaseInput>;
  return {
    CreateTableDefaultPermissions: DEFAULT_PERMISSIONS,
    ...input,
    Name: row.name,
    CreateTime: row.created_ms,
    CatalogId: row.catalog_id,
  };
}

export function describeTable(row: TableVersionRow): TypeOf<typeof Table> {
  const input = decodeTable(Buffer.from(row.definition_json)) as TypeOf<typeof TableInput>;
  const storage = input.StorageDescriptor;
  return {
    Retention: 0,
    PartitionKeys: [],
    ...input,
    ...(storage === undefined
      ? {}
      : {
          StorageDescriptor: {
            Compressed: false,
            NumberOfBuckets: 0,
            SortColumns: [],
            StoredAsSubDirectories: false,
            ...storage,
          },
        }),
    Name: row.name,
    DatabaseName: row.database_name,
    CreateTime: row.created_ms,
    UpdateTime: row.updated_ms,
    CreatedBy: row.created_by,
    IsRegisteredWithLakeFormation: false,
    CatalogId: row.catalog_id,
    VersionId: String(row.version),
  };
}

export function tableDefinition(row: TableVersionRow): TypeOf<typeof TableInput> {
  return decodeTable(Buffer.from(row.definition_json)) as TypeOf<typeof TableInput>;
}

/** Throws EntityNotFoundException. */
export async function findDatabase(
  transaction: CatalogTransaction,
  place: CatalogPlace,
  name: string,
): Promise<TableDatabaseRow> {
  const row = await transaction
    .selectFrom('table_databases')
    .selectAll()
    .where('catalog_id', '=', place.catalog_id)
    .where('region', '=', place.region)
    .where('name', '=', folded(name))
    .executeTakeFirst();
  if (row === undefined) throw databaseNotFound(name);
  return row;
}

/** All versions of a table. */
export function versionsOf(
  transaction: CatalogTransaction,
  place: CatalogPlace,
  database: string,
  table: string,
) {
  return transaction
    .selectFrom('table_versions')
    .selectAll()
    .where('catalog_id', '=', place.catalog_id)
    .where('region', '=', place.region)
    .where('database_name', '=', folded(database))
    .where('name', '=', folded(table));
}

/** The newest version. Throws EntityNotFoundException, of the database when there is none either. */
export async function findTable(
  transaction: CatalogTransaction,
  place: CatalogPlace,
  database: string,
  table: string,
): Promise<TableVersionRow> {
  const row = await versionsOf(transaction, place, database, table)
    .where('is_newest', '=', 1)
    .executeTakeFirst();
  if (row !== undefined) return row;
  await findDatabase(transaction, place, database);
  throw tableNotFound(table);
}
