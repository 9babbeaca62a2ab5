/** Iceberg tables. Decoded, so that what the model forbids is answered in AWS's words; creating one is refused. */
import { enumeration, list, optional, required, string, structure } from '../../wire/shape/shape.ts';
import { ListOfNonEmptyStringsWithoutWhitespace } from './conversion.ts';
import {
  BooleanObject,
  CloudWatchLoggingOptions,
  NonEmptyStringWithoutWhitespace,
  RoleARN,
} from './names.ts';
import { ProcessingConfiguration } from './processing.ts';
import {
  BufferingHints,
  ErrorOutputPrefix,
  RetryOptions,
  S3DestinationConfiguration,
  S3DestinationDescription,
} from './s3.ts';

export const GlueDataCatalogARN = string({
  min: 1,
  max: 512,
  pattern: 'arn:.*:glue:.*:\\d{12}:catalog(?:(/[a-z0-9_-]+){1,2})?',
});

export const WarehouseLocation = string({ min: 1, max: 2048, pattern: 's3:\\/\\/.*' });

export const CatalogConfiguration = structure('CatalogConfiguration', {
  CatalogARN: optional(GlueDataCatalogARN),
  WarehouseLocation: optional(WarehouseLocation),
});

export const StringWithLettersDigitsUnderscoresDots = string({
  min: 1,
  max: 255,
  pattern: '[a-zA-Z0-9\\.\\_]+',
});

export const PartitionField = structure('PartitionField', {
  SourceName: required(NonEmptyStringWithoutWhitespace),
});

export const PartitionFields = list(PartitionField);

export const PartitionSpec = structure('PartitionSpec', {
  Identity: optional(PartitionFields),
});

export const DestinationTableConfiguration = structure('DestinationTableConfiguration', {
  DestinationTableName: required(StringWithLettersDigitsUnderscoresDots),
  DestinationDatabaseName: required(StringWithLettersDigitsUnderscoresDots),
  UniqueKeys: optional(ListOfNonEmptyStringsWithoutWhitespace),
  PartitionSpec: optional(PartitionSpec),
  S3ErrorOutputPrefix: optional(ErrorOutputPrefix),
});

export const DestinationTableConfigurationList = list(DestinationTableConfiguration);

export const SchemaEvolutionConfiguration = structure('SchemaEvolutionConfiguration', {
  Enabled: required(BooleanObject),
});

export const TableCreationConfiguration = structure('TableCreationConfiguration', {
  Enabled: required(BooleanObject),
});

export const IcebergS3BackupMode = enumeration('FailedDataOnly', 'AllData');

export const IcebergDestinationConfiguration = structure('IcebergDestinationConfiguration', {
  DestinationTableConfigurationList: optional(DestinationTableConfigurationList),
  SchemaEvolutionConfiguration: optional(SchemaEvolutionConfiguration),
  TableCreationConfiguration: optional(TableCreationConfiguration),
  BufferingHints: optional(BufferingHints),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  S3BackupMode: optional(IcebergS3BackupMode),
  RetryOptions: optional(RetryOptions),
  RoleARN: required(RoleARN),
  AppendOnly: optional(BooleanObject),
  CatalogConfiguration: required(CatalogConfiguration),
  S3Configuration: required(S3DestinationConfiguration),
});

export const IcebergDestinationDescription = structure('IcebergDestinationDescription', {
  DestinationTableConfigurationList: optional(DestinationTableConfigurationList),
  SchemaEvolutionConfiguration: optional(SchemaEvolutionConfiguration),
  TableCreationConfiguration: optional(TableCreationConfiguration),
  BufferingHints: optional(BufferingHints),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  S3BackupMode: optional(IcebergS3BackupMode),
  RetryOptions: optional(RetryOptions),
  RoleARN: optional(RoleARN),
  AppendOnly: optional(BooleanObject),
  CatalogConfiguration: optional(CatalogConfiguration),
  S3DestinationDescription: optional(S3DestinationDescription),
});

export const IcebergDestinationUpdate = structure('IcebergDestinationUpdate', {
  DestinationTableConfigurationList: optional(DestinationTableConfigurationList),
  SchemaEvolutionConfiguration: optional(SchemaEvolutionConfiguration),
  TableCreationConfiguration: optional(TableCreationConfiguration),
  BufferingHints: optional(BufferingHints),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  S3BackupMode: optional(IcebergS3BackupMode),
  RetryOptions: optional(RetryOptions),
  RoleARN: optional(RoleARN),
  AppendOnly: optional(BooleanObject),
  CatalogConfiguration: optional(CatalogConfiguration),
  S3Configuration: optional(S3DestinationConfiguration),
});
