/** The schemas for whoever converts or reads by them, straight from the catalog. */
import type { Catalog } from '../catalog/catalog.ts';
import type { TableVersionRow } from '../catalog/tables.ts';
import type { TypeOf } from '../wire/shape/shape.ts';
import type { Column } from './shapes.ts';
import { tableDefinition, versionsOf } from './table-rows.ts';
import type { TableColumn, TableSchema, TableSchemas } from './tables.ts';

export function tableSchemas(catalog: Catalog): TableSchemas {
  return {
    async find({ catalogId, region, database, table, version }) {
      if (version !== 'LATEST' && !/^\d{1,15}$/.test(version)) return undefined;
      const row = await catalog.read((transaction) => {
        const versions = versionsOf(transaction, { catalog_id: catalogId, region }, database, table);
        return version === 'LATEST'
          ? versions.where('is_newest', '=', 1).executeTakeFirst()
          : versions.where('version', '=', Number(version)).executeTakeFirst();
      });
      return row && schemaOf(row);
    },
  };
}

function schemaOf(row: TableVersionRow): TableSchema {
  const { StorageDescriptor: storage, PartitionKeys: keys } = tableDefinition(row);
  return {
    versionId: String(row.version),
    columns: (storage?.Columns ?? []).map(columnOf),
    partitionKeys: (keys ?? []).map(columnOf),
  };
}

/** A column without a type has one that nothing can convert. */
function columnOf({ Name, Type }: TypeOf<typeof Column>): TableColumn {
  return { name: Name, type: Type ?? '' };
}
