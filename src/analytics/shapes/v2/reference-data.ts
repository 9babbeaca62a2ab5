import { list, optional, required, structure } from '../../../wire/shape/shape.ts';
import { BucketARN, FileKey, Id, InAppTableName } from '../both.ts';
import { RoleARN } from './names.ts';
import { SourceSchema } from './record-format.ts';

export const S3ReferenceDataSource = structure('S3ReferenceDataSource', {
  BucketARN: optional(BucketARN),
  FileKey: optional(FileKey),
});

export const ReferenceDataSource = structure('ReferenceDataSource', {
  TableName: required(InAppTableName),
  S3ReferenceDataSource: optional(S3ReferenceDataSource),
  ReferenceSchema: required(SourceSchema),
});

export const S3ReferenceDataSourceDescription = structure('S3ReferenceDataSourceDescription', {
  BucketARN: required(BucketARN),
  FileKey: required(FileKey),
  ReferenceRoleARN: optional(RoleARN),
});

export const ReferenceDataSourceDescription = structure('ReferenceDataSourceDescription', {
  ReferenceId: required(Id),
  TableName: required(InAppTableName),
  S3ReferenceDataSourceDescription: required(S3ReferenceDataSourceDescription),
  ReferenceSchema: optional(SourceSchema),
});

export const ReferenceDataSourceDescriptions = list(ReferenceDataSourceDescription);

export const ReferenceDataSources = list(ReferenceDataSource);

export const S3ReferenceDataSourceUpdate = structure('S3ReferenceDataSourceUpdate', {
  BucketARNUpdate: optional(BucketARN),
  FileKeyUpdate: optional(FileKey),
});

export const ReferenceDataSourceUpdate = structure('ReferenceDataSourceUpdate', {
  ReferenceId: required(Id),
  TableNameUpdate: optional(InAppTableName),
  S3ReferenceDataSourceUpdate: optional(S3ReferenceDataSourceUpdate),
  ReferenceSchemaUpdate: optional(SourceSchema),
});

export const ReferenceDataSourceUpdates = list(ReferenceDataSourceUpdate);
