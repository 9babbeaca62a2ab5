import { list, optional, required, structure, timestamp } from '../../../wire/shape/shape.ts';
import { ApplicationDescription, ApplicationName, ApplicationVersionId, ResourceARN } from '../both.ts';
import {
  ApplicationCodeConfiguration,
  ApplicationCodeConfigurationDescription,
  ApplicationCodeConfigurationUpdate,
} from './code.ts';
import {
  ApplicationEncryptionConfiguration,
  ApplicationEncryptionConfigurationDescription,
  ApplicationEncryptionConfigurationUpdate,
} from './encryption.ts';
import {
  EnvironmentProperties,
  EnvironmentPropertyDescriptions,
  EnvironmentPropertyUpdates,
} from './environment.ts';
import {
  FlinkApplicationConfiguration,
  FlinkApplicationConfigurationDescription,
  FlinkApplicationConfigurationUpdate,
} from './flink.ts';
import { CloudWatchLoggingOptionDescriptions } from './logging.ts';
import {
  ApplicationMaintenanceWindowEndTime,
  ApplicationMaintenanceWindowStartTime,
  ApplicationMode,
  ApplicationStatus,
  ConditionalToken,
  RoleARN,
  RuntimeEnvironment,
} from './names.ts';
import { RunConfigurationDescription } from './run.ts';
import {
  ApplicationSnapshotConfiguration,
  ApplicationSnapshotConfigurationDescription,
  ApplicationSnapshotConfigurationUpdate,
  ApplicationSystemRollbackConfiguration,
  ApplicationSystemRollbackConfigurationDescription,
  ApplicationSystemRollbackConfigurationUpdate,
} from './snapshots.ts';
import {
  SqlApplicationConfiguration,
  SqlApplicationConfigurationDescription,
  SqlApplicationConfigurationUpdate,
} from './sql.ts';
import { VpcConfigurationDescriptions, VpcConfigurationUpdates, VpcConfigurations } from './vpc.ts';
import {
  ZeppelinApplicationConfiguration,
  ZeppelinApplicationConfigurationDescription,
  ZeppelinApplicationConfigurationUpdate,
} from './zeppelin.ts';

export const ApplicationConfiguration = structure('ApplicationConfiguration', {
  SqlApplicationConfiguration: optional(SqlApplicationConfiguration),
  FlinkApplicationConfiguration: optional(FlinkApplicationConfiguration),
  EnvironmentProperties: optional(EnvironmentProperties),
  ApplicationCodeConfiguration: optional(ApplicationCodeConfiguration),
  ApplicationSnapshotConfiguration: optional(ApplicationSnapshotConfiguration),
  ApplicationSystemRollbackConfiguration: optional(ApplicationSystemRollbackConfiguration),
  VpcConfigurations: optional(VpcConfigurations),
  ZeppelinApplicationConfiguration: optional(ZeppelinApplicationConfiguration),
  ApplicationEncryptionConfiguration: optional(ApplicationEncryptionConfiguration),
});

export const ApplicationConfigurationDescription = structure('ApplicationConfigurationDescription', {
  SqlApplicationConfigurationDescription: optional(SqlApplicationConfigurationDescription),
  ApplicationCodeConfigurationDescription: optional(ApplicationCodeConfigurationDescription),
  RunConfigurationDescription: optional(RunConfigurationDescription),
  FlinkApplicationConfigurationDescription: optional(FlinkApplicationConfigurationDescription),
  EnvironmentPropertyDescriptions: optional(EnvironmentPropertyDescriptions),
  ApplicationSnapshotConfigurationDescription: optional(ApplicationSnapshotConfigurationDescription),
  ApplicationSystemRollbackConfigurationDescription: optional(
    ApplicationSystemRollbackConfigurationDescription,
  ),
  VpcConfigurationDescriptions: optional(VpcConfigurationDescriptions),
  ZeppelinApplicationConfigurationDescription: optional(ZeppelinApplicationConfigurationDescription),
  ApplicationEncryptionConfigurationDescription: optional(ApplicationEncryptionConfigurationDescription),
});

export const ApplicationMaintenanceConfigurationDescription = structure(
  'ApplicationMaintenanceConfigurationDescription',
  {
    ApplicationMaintenanceWindowStartTime: required(ApplicationMaintenanceWindowStartTime),
    ApplicationMaintenanceWindowEndTime: required(ApplicationMaintenanceWindowEndTime),
  },
);

export const ApplicationDetail = structure('ApplicationDetail', {
  ApplicationARN: required(ResourceARN),
  ApplicationDescription: optional(ApplicationDescription),
  ApplicationName: required(ApplicationName),
  RuntimeEnvironment: required(RuntimeEnvironment),
  ServiceExecutionRole: optional(RoleARN),
  ApplicationStatus: required(ApplicationStatus),
  ApplicationVersionId: required(ApplicationVersionId),
  CreateTimestamp: optional(timestamp()),
  LastUpdateTimestamp: optional(timestamp()),
  ApplicationConfigurationDescription: optional(ApplicationConfigurationDescription),
  CloudWatchLoggingOptionDescriptions: optional(CloudWatchLoggingOptionDescriptions),
  ApplicationMaintenanceConfigurationDescription: optional(ApplicationMaintenanceConfigurationDescription),
  ApplicationVersionUpdatedFrom: optional(ApplicationVersionId),
  ApplicationVersionRolledBackFrom: optional(ApplicationVersionId),
  ApplicationVersionCreateTimestamp: optional(timestamp()),
  ConditionalToken: optional(ConditionalToken),
  ApplicationVersionRolledBackTo: optional(ApplicationVersionId),
  ApplicationMode: optional(ApplicationMode),
});

export const ApplicationSummary = structure('ApplicationSummary', {
  ApplicationName: required(ApplicationName),
  ApplicationARN: required(ResourceARN),
  ApplicationStatus: required(ApplicationStatus),
  ApplicationVersionId: required(ApplicationVersionId),
  RuntimeEnvironment: required(RuntimeEnvironment),
  ApplicationMode: optional(ApplicationMode),
});

export const ApplicationSummaries = list(ApplicationSummary);

export const ApplicationConfigurationUpdate = structure('ApplicationConfigurationUpdate', {
  SqlApplicationConfigurationUpdate: optional(SqlApplicationConfigurationUpdate),
  ApplicationCodeConfigurationUpdate: optional(ApplicationCodeConfigurationUpdate),
  FlinkApplicationConfigurationUpdate: optional(FlinkApplicationConfigurationUpdate),
  EnvironmentPropertyUpdates: optional(EnvironmentPropertyUpdates),
  ApplicationSnapshotConfigurationUpdate: optional(ApplicationSnapshotConfigurationUpdate),
  ApplicationSystemRollbackConfigurationUpdate: optional(ApplicationSystemRollbackConfigurationUpdate),
  VpcConfigurationUpdates: optional(VpcConfigurationUpdates),
  ZeppelinApplicationConfigurationUpdate: optional(ZeppelinApplicationConfigurationUpdate),
  ApplicationEncryptionConfigurationUpdate: optional(ApplicationEncryptionConfigurationUpdate),
});

export const ApplicationMaintenanceConfigurationUpdate = structure(
  'ApplicationMaintenanceConfigurationUpdate',
  { ApplicationMaintenanceWindowStartTimeUpdate: required(ApplicationMaintenanceWindowStartTime) },
);
