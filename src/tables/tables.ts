/**
 * Schemas of tables, as the AWS Glue Data Catalog keeps them: Firehose converts records by them, and Analytics will read them. The service of
 * Glue's shape stands beside; whoever only needs a schema knows this port.
 */
export type TableColumn = {
  readonly name: string;
  /** In Hive's notation, such as `array<struct<a:int>>`. */
  readonly type: string;
};

export type TableSchema = {
  readonly versionId: string;
  readonly columns: readonly TableColumn[];
  readonly partitionKeys: readonly TableColumn[];
};

export type TableName = {
  /** The account, unless another catalog is named. */
  readonly catalogId: string;
  readonly region: string;
  readonly database: string;
  readonly table: string;
  /** A number, or LATEST. */
  readonly version: string;
};

export interface TableSchemas {
  /** Undefined when there is no such database, table or version. */
  find(name: TableName): Promise<TableSchema | undefined>;
}
