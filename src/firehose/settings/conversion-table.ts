/** The table whose columns a conversion writes. AWS looks it up when the conversion is configured; so do we, and refuse columns that cannot be written. */
import type { TableName, TableSchemas } from '../../tables/tables.ts';
import { conversionOptions, type ConversionConfiguration } from '../conversion/conversion-options.ts';
import { parseColumns, SchemaError } from '../conversion/schema.ts';
import { UnsupportedConversion } from '../conversion/unsupported-conversion.ts';
import { conversionOf } from './delivery-settings.ts';
import type { ConversionSettings, DestinationSettings } from './destination-settings.ts';
import type { Place } from './place.ts';
import { invalidArgument, notServed } from './refusals.ts';

/** With the model's defaults: the account's catalog, the delivery stream's region, the newest version. */
export function tableNameOf({ SchemaConfiguration: schema }: ConversionSettings, place: Place): TableName {
  return {
    catalogId: schema?.CatalogId ?? place.account,
    region: schema?.Region ?? place.region,
    database: schema?.DatabaseName ?? '',
    table: schema?.TableName ?? '',
    version: schema?.VersionId ?? 'LATEST',
  };
}

/** What `conversionOptions` takes. */
export function formatsOf(conversion: ConversionSettings): ConversionConfiguration {
  return {
    Deserializer: conversion.InputFormatConfiguration?.Deserializer ?? {},
    Serializer: conversion.OutputFormatConfiguration?.Serializer ?? {},
  } as ConversionConfiguration;
}

/** Throws `ServiceError` InvalidArgumentException; does nothing when nothing is converted. */
export async function checkConversionTable(
  destination: DestinationSettings,
  tables: TableSchemas,
  place: Place,
): Promise<void> {
  const conversion = conversionOf(destination);
  if (conversion === undefined) return;
  const schema = await tables.find(tableNameOf(conversion, place));
  if (schema === undefined) {
    throw invalidArgument(
      'The specified table/database could not be found. Please ensure that the table/database exists and that the values provided in schema configuration are correct, especially with regards to casing.',
    );
  }
  if (schema.columns.length === 0) {
    throw invalidArgument('The schema is invalid. The specified table does not have any columns.');
  }
  const columns = served(() => parseColumns(schema.columns));
  served(() => conversionOptions(formatsOf(conversion), columns));
}

function served<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof SchemaError || error instanceof UnsupportedConversion) {
      throw notServed('DataFormatConversionConfiguration', error.message);
    }
    throw error;
  }
}
