import { list, optional, required, structure } from '../../../wire/shape/shape.ts';
import { Id, InputStartingPositionConfiguration } from '../both.ts';
import { FlinkRunConfiguration } from './flink.ts';
import { ApplicationRestoreConfiguration } from './snapshots.ts';

export const RunConfigurationDescription = structure('RunConfigurationDescription', {
  ApplicationRestoreConfigurationDescription: optional(ApplicationRestoreConfiguration),
  FlinkRunConfigurationDescription: optional(FlinkRunConfiguration),
});

export const SqlRunConfiguration = structure('SqlRunConfiguration', {
  InputId: required(Id),
  InputStartingPositionConfiguration: required(InputStartingPositionConfiguration),
});

export const SqlRunConfigurations = list(SqlRunConfiguration);

export const RunConfiguration = structure('RunConfiguration', {
  FlinkRunConfiguration: optional(FlinkRunConfiguration),
  SqlRunConfigurations: optional(SqlRunConfigurations),
  ApplicationRestoreConfiguration: optional(ApplicationRestoreConfiguration),
});

export const RunConfigurationUpdate = structure('RunConfigurationUpdate', {
  FlinkRunConfiguration: optional(FlinkRunConfiguration),
  ApplicationRestoreConfiguration: optional(ApplicationRestoreConfiguration),
});
