/**
 * The shapes of Glue's Data Catalog, as the model of `AWSGlue` declares them, with the members that a schema of a table needs. Left out are views,
 * Iceberg, federation, Lake Formation's transactions and the schema registry: such members of an input are read over.
 */
import {
  boolean,
  enumeration,
  integer,
  list,
  map,
  optional,
  required,
  string,
  structure,
  timestamp,
} from '../wire/shape/shape.ts';

const ONE_LINE = '[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\t]*';
const LINES = '[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*';

export const CatalogIdString = string({ min: 1, max: 255, pattern: ONE_LINE });

export const NameString = string({ min: 1, max: 255, pattern: ONE_LINE });

export const DescriptionString = string({ min: 0, max: 2048, pattern: LINES });

export const VersionString = string({ min: 1, max: 255, pattern: ONE_LINE });

export const FilterString = string({ min: 0, max: 2048, pattern: ONE_LINE });

export const Token = string();

export const CatalogGetterPageSize = integer({ min: 1, max: 100 });

export const Timestamp = timestamp();

export const KeyString = string({ min: 1, max: 255, pattern: ONE_LINE });

export const ParametersMap = map(KeyString, string({ max: 512000 }));

export const TagsMap = map(string({ min: 1, max: 128 }), string({ min: 0, max: 256 }), { min: 0, max: 50 });

export const DataLakePrincipal = structure('DataLakePrincipal', {
  DataLakePrincipalIdentifier: optional(string({ min: 1, max: 255 })),
});

export const PrincipalPermissions = structure('PrincipalPermissions', {
  Principal: optional(DataLakePrincipal),
  Permissions: optional(
    list(
      enumeration(
        'ALL',
        'SELECT',
        'ALTER',
        'DROP',
        'DELETE',
        'INSERT',
        'CREATE_DATABASE',
        'CREATE_TABLE',
        'DATA_LOCATION_ACCESS',
      ),
    ),
  ),
});

export const PrincipalPermissionsList = list(PrincipalPermissions);

export const DatabaseIdentifier = structure('DatabaseIdentifier', {
  CatalogId: optional(CatalogIdString),
  DatabaseName: optional(NameString),
  Region: optional(NameString),
});

const databaseMembers = {
  Name: required(NameString),
  Description: optional(DescriptionString),
  LocationUri: optional(string({ min: 1, max: 1024, pattern: LINES })),
  Parameters: optional(ParametersMap),
  CreateTableDefaultPermissions: optional(PrincipalPermissionsList),
  TargetDatabase: optional(DatabaseIdentifier),
};

export const DatabaseInput = structure('DatabaseInput', databaseMembers);

export const Database = structure('Database', {
  ...databaseMembers,
  CreateTime: optional(Timestamp),
  CatalogId: optional(CatalogIdString),
});

export const Column = structure('Column', {
  Name: required(NameString),
  Type: optional(string({ min: 0, max: 131072, pattern: ONE_LINE })),
  Comment: optional(string({ min: 0, max: 255, pattern: ONE_LINE })),
  Parameters: optional(ParametersMap),
});

export const ColumnList = list(Column);

export const SerDeInfo = structure('SerDeInfo', {
  Name: optional(NameString),
  SerializationLibrary: optional(NameString),
  Parameters: optional(ParametersMap),
});

export const Order = structure('Order', {
  Column: required(NameString),
  SortOrder: required(integer({ min: 0, max: 1 })),
});

export const SkewedInfo = structure('SkewedInfo', {
  SkewedColumnNames: optional(list(NameString)),
  SkewedColumnValues: optional(list(string())),
  SkewedColumnValueLocationMaps: optional(map(string(), string())),
});

const LocationString = string({ max: 2056, pattern: LINES });
const FormatString = string({ max: 128, pattern: ONE_LINE });

export const StorageDescriptor = structure('StorageDescriptor', {
  Columns: optional(ColumnList),
  Location: optional(LocationString),
  AdditionalLocations: optional(list(LocationString)),
  InputFormat: optional(FormatString),
  OutputFormat: optional(FormatString),
  Compressed: optional(boolean()),
  NumberOfBuckets: optional(integer()),
  SerdeInfo: optional(SerDeInfo),
  BucketColumns: optional(list(NameString)),
  SortColumns: optional(list(Order)),
  Parameters: optional(ParametersMap),
  SkewedInfo: optional(SkewedInfo),
  StoredAsSubDirectories: optional(boolean()),
});

export const TableIdentifier = structure('TableIdentifier', {
  CatalogId: optional(CatalogIdString),
  DatabaseName: optional(NameString),
  Name: optional(NameString),
  Region: optional(NameString),
});

const ViewTextString = string({ max: 409600 });

const tableMembers = {
  Name: required(NameString),
  Description: optional(DescriptionString),
  Owner: optional(NameString),
  LastAccessTime: optional(Timestamp),
  LastAnalyzedTime: optional(Timestamp),
  Retention: optional(integer({ min: 0 })),
  StorageDescriptor: optional(StorageDescriptor),
  PartitionKeys: optional(ColumnList),
  ViewOriginalText: optional(ViewTextString),
  ViewExpandedText: optional(ViewTextString),
  TableType: optional(string({ max: 255 })),
  Parameters: optional(ParametersMap),
  TargetTable: optional(TableIdentifier),
};

export const TableInput = structure('TableInput', tableMembers);

export const Table = structure('Table', {
  ...tableMembers,
  DatabaseName: optional(NameString),
  CreateTime: optional(Timestamp),
  UpdateTime: optional(Timestamp),
  CreatedBy: optional(NameString),
  IsRegisteredWithLakeFormation: optional(boolean()),
  CatalogId: optional(CatalogIdString),
  VersionId: optional(VersionString),
});

export const TableVersion = structure('TableVersion', {
  Table: optional(Table),
  VersionId: optional(VersionString),
});
