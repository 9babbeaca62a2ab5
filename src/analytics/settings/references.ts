/** Reference data, as both APIs give, change and describe it. */
import type { TypeOf } from '../../wire/shape/shape.ts';
import { invalidArgument } from '../directory/application-errors.ts';
import type { ReferenceDataSource, ReferenceDataSourceUpdate } from '../shapes/v1/reference-data.ts';
import type {
  ReferenceDataSource as ReferenceDataSourceV2,
  ReferenceDataSourceUpdate as ReferenceDataSourceUpdateV2,
} from '../shapes/v2/reference-data.ts';
import type { ReferenceSettings } from './settings.ts';

/** Throws InvalidArgumentException. */
export function readReference(
  id: string,
  source: TypeOf<typeof ReferenceDataSource> | TypeOf<typeof ReferenceDataSourceV2>,
): ReferenceSettings {
  const object = source.S3ReferenceDataSource;
  if (object?.BucketARN === undefined || object.FileKey === undefined) {
    throw invalidArgument('S3ReferenceDataSource, with its BucketARN and FileKey, is missing.');
  }
  return {
    id,
    tableName: source.TableName,
    bucketArn: object.BucketARN,
    fileKey: object.FileKey,
    roleArn: 'ReferenceRoleARN' in object ? object.ReferenceRoleARN : undefined,
    schema: source.ReferenceSchema,
  };
}

export function updateReference(
  now: ReferenceSettings,
  update: TypeOf<typeof ReferenceDataSourceUpdate> | TypeOf<typeof ReferenceDataSourceUpdateV2>,
): ReferenceSettings {
  const object = update.S3ReferenceDataSourceUpdate;
  const role = object && 'ReferenceRoleARNUpdate' in object ? object.ReferenceRoleARNUpdate : undefined;
  return {
    id: now.id,
    tableName: update.TableNameUpdate ?? now.tableName,
    bucketArn: object?.BucketARNUpdate ?? now.bucketArn,
    fileKey: object?.FileKeyUpdate ?? now.fileKey,
    roleArn: role ?? now.roleArn,
    schema: update.ReferenceSchemaUpdate ?? now.schema,
  };
}

export function describeReference(reference: ReferenceSettings, role: string | undefined) {
  const { id, tableName, bucketArn, fileKey, roleArn, schema } = reference;
  return {
    ReferenceId: id,
    TableName: tableName,
    S3ReferenceDataSourceDescription: {
      BucketARN: bucketArn,
      FileKey: fileKey,
      // The first API's shape has it always; one is there, unless the application has none at all.
      ReferenceRoleARN: (roleArn ?? role)!,
    },
    ReferenceSchema: schema,
  };
}
