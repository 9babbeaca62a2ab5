import { boolean, list, optional, required, structure, timestamp } from '../../../wire/shape/shape.ts';
import { ApplicationVersionId } from '../both.ts';
import { ApplicationEncryptionConfigurationDescription } from './encryption.ts';
import { ApplicationRestoreType, RuntimeEnvironment, SnapshotName, SnapshotStatus } from './names.ts';

export const ApplicationSnapshotConfiguration = structure('ApplicationSnapshotConfiguration', {
  SnapshotsEnabled: required(boolean()),
});

export const ApplicationSystemRollbackConfiguration = structure('ApplicationSystemRollbackConfiguration', {
  RollbackEnabled: required(boolean()),
});

export const ApplicationRestoreConfiguration = structure('ApplicationRestoreConfiguration', {
  ApplicationRestoreType: required(ApplicationRestoreType),
  SnapshotName: optional(SnapshotName),
});

export const ApplicationSnapshotConfigurationDescription = structure(
  'ApplicationSnapshotConfigurationDescription',
  { SnapshotsEnabled: required(boolean()) },
);

export const ApplicationSystemRollbackConfigurationDescription = structure(
  'ApplicationSystemRollbackConfigurationDescription',
  { RollbackEnabled: required(boolean()) },
);

export const SnapshotDetails = structure('SnapshotDetails', {
  SnapshotName: required(SnapshotName),
  SnapshotStatus: required(SnapshotStatus),
  ApplicationVersionId: required(ApplicationVersionId),
  SnapshotCreationTimestamp: optional(timestamp()),
  RuntimeEnvironment: optional(RuntimeEnvironment),
  ApplicationEncryptionConfigurationDescription: optional(ApplicationEncryptionConfigurationDescription),
});

export const SnapshotSummaries = list(SnapshotDetails);

export const ApplicationSnapshotConfigurationUpdate = structure('ApplicationSnapshotConfigurationUpdate', {
  SnapshotsEnabledUpdate: required(boolean()),
});

export const ApplicationSystemRollbackConfigurationUpdate = structure(
  'ApplicationSystemRollbackConfigurationUpdate',
  { RollbackEnabledUpdate: required(boolean()) },
);
