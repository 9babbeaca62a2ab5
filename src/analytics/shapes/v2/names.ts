import { blob, enumeration, integer, long, string } from '../../../wire/shape/shape.ts';

export const ConditionalToken = string({ min: 1, max: 512, pattern: '[a-zA-Z0-9-_+/=]+' });

export const RoleARN = string({ min: 1, max: 2048, pattern: 'arn:.*' });

export const OperationId = string({ min: 1, max: 64 });

export const InAppStreamName = string({ min: 1, max: 32, pattern: '[^-\\s<>&]*' });

export const RecordRowPath = string({ min: 1, max: 65535, pattern: '^(?=^\\$)(?=^\\S+$).*$' });

export const RecordRowDelimiter = string({ min: 1, max: 1024 });

export const RecordColumnDelimiter = string({ min: 1, max: 1024 });

export const RecordEncoding = string({ min: 5, max: 5, pattern: 'UTF-8' });

export const RecordColumnName = string({ min: 1, max: 256, pattern: '[^-\\s<>&]*' });

export const RecordColumnMapping = string({ min: 0, max: 65535 });

export const RecordColumnSqlType = string({ min: 1, max: 100 });

export const RuntimeEnvironment = enumeration(
  'SQL-1_0',
  'FLINK-1_6',
  'FLINK-1_8',
  'ZEPPELIN-FLINK-1_0',
  'FLINK-1_11',
  'FLINK-1_13',
  'ZEPPELIN-FLINK-2_0',
  'FLINK-1_15',
  'ZEPPELIN-FLINK-3_0',
  'FLINK-1_18',
  'FLINK-1_19',
  'FLINK-1_20',
  'FLINK-2_2',
  'FLINK-2_3',
);

export const ConfigurationType = enumeration('DEFAULT', 'CUSTOM');

export const CheckpointInterval = long({ min: 1 });

export const MinPauseBetweenCheckpoints = long({ min: 0 });

export const MetricsLevel = enumeration('APPLICATION', 'TASK', 'OPERATOR', 'PARALLELISM');

export const LogLevel = enumeration('INFO', 'WARN', 'ERROR', 'DEBUG');

export const Parallelism = integer({ min: 1 });

export const ParallelismPerKPU = integer({ min: 1 });

export const PropertyKey = string({ min: 1, max: 2048 });

export const PropertyValue = string({ min: 1, max: 2048 });

export const TextContent = string({ min: 0, max: 102400 });

export const ZipFileContent = blob({ min: 0, max: 52428800 });

export const ObjectVersion = string({ min: 0, max: 1024 });

export const CodeContentType = enumeration('PLAINTEXT', 'ZIPFILE');

export const DatabaseARN = string({ min: 1, max: 2048, pattern: 'arn:.*' });

export const BasePath = string({ min: 1, max: 1024, pattern: "[a-zA-Z0-9/!-_.*'()]+" });

export const ArtifactType = enumeration('UDF', 'DEPENDENCY_JAR');

export const MavenGroupId = string({ min: 1, max: 256, pattern: '[a-zA-Z0-9_.-]+' });

export const MavenArtifactId = string({ min: 1, max: 256, pattern: '[a-zA-Z0-9_.-]+' });

export const MavenVersion = string({ min: 1, max: 256, pattern: '[a-zA-Z0-9_.-]+' });

export const KeyId = string({ min: 1, max: 2048 });

export const KeyType = enumeration('AWS_OWNED_KEY', 'CUSTOMER_MANAGED_KEY');

export const ApplicationMode = enumeration('STREAMING', 'INTERACTIVE');

export const ApplicationStatus = enumeration(
  'DELETING',
  'STARTING',
  'STOPPING',
  'READY',
  'RUNNING',
  'UPDATING',
  'AUTOSCALING',
  'FORCE_STOPPING',
  'ROLLING_BACK',
  'MAINTENANCE',
  'ROLLED_BACK',
);

export const CodeMD5 = string({ min: 128, max: 128 });

export const CodeSize = long({ min: 0, max: 52428800 });

export const ApplicationRestoreType = enumeration(
  'SKIP_RESTORE_FROM_SNAPSHOT',
  'RESTORE_FROM_LATEST_SNAPSHOT',
  'RESTORE_FROM_CUSTOM_SNAPSHOT',
);

export const SnapshotName = string({ min: 1, max: 256, pattern: '[a-zA-Z0-9_.-]+' });

export const ApplicationMaintenanceWindowStartTime = string({
  min: 5,
  max: 5,
  pattern: '([01][0-9]|2[0-3]):[0-5][0-9]',
});

export const ApplicationMaintenanceWindowEndTime = string({
  min: 5,
  max: 5,
  pattern: '([01][0-9]|2[0-3]):[0-5][0-9]',
});

export const UrlType = enumeration('FLINK_DASHBOARD_URL', 'ZEPPELIN_UI_URL');

export const SessionExpirationDurationInSeconds = long({ min: 1800, max: 43200 });

export const AuthorizedUrl = string({ min: 1, max: 2048 });

export const Operation = string({ min: 1, max: 64 });

export const OperationStatus = enumeration('IN_PROGRESS', 'CANCELLED', 'SUCCESSFUL', 'FAILED');

export const ErrorString = string({ min: 1, max: 512 });

export const SnapshotStatus = enumeration('CREATING', 'READY', 'DELETING', 'FAILED');

export const ListApplicationOperationsInputLimit = integer({ min: 1, max: 50 });

export const NextToken = string({ min: 1, max: 512 });

export const ListSnapshotsInputLimit = integer({ min: 1, max: 50 });

export const ListApplicationVersionsInputLimit = integer({ min: 1, max: 50 });

export const KinesisAnalyticsARN = string({ min: 1, max: 2048, pattern: 'arn:.*' });
