import { boolean, optional, required, string, structure } from '../../../wire/shape/shape.ts';
import {
  CheckpointInterval,
  ConfigurationType,
  LogLevel,
  MetricsLevel,
  MinPauseBetweenCheckpoints,
  Parallelism,
  ParallelismPerKPU,
} from './names.ts';

export const CheckpointConfiguration = structure('CheckpointConfiguration', {
  ConfigurationType: required(ConfigurationType),
  CheckpointingEnabled: optional(boolean()),
  CheckpointInterval: optional(CheckpointInterval),
  MinPauseBetweenCheckpoints: optional(MinPauseBetweenCheckpoints),
});

export const MonitoringConfiguration = structure('MonitoringConfiguration', {
  ConfigurationType: required(ConfigurationType),
  MetricsLevel: optional(MetricsLevel),
  LogLevel: optional(LogLevel),
});

export const ParallelismConfiguration = structure('ParallelismConfiguration', {
  ConfigurationType: required(ConfigurationType),
  Parallelism: optional(Parallelism),
  ParallelismPerKPU: optional(ParallelismPerKPU),
  AutoScalingEnabled: optional(boolean()),
});

export const FlinkApplicationConfiguration = structure('FlinkApplicationConfiguration', {
  CheckpointConfiguration: optional(CheckpointConfiguration),
  MonitoringConfiguration: optional(MonitoringConfiguration),
  ParallelismConfiguration: optional(ParallelismConfiguration),
});

export const FlinkRunConfiguration = structure('FlinkRunConfiguration', {
  AllowNonRestoredState: optional(boolean()),
});

export const CheckpointConfigurationDescription = structure('CheckpointConfigurationDescription', {
  ConfigurationType: optional(ConfigurationType),
  CheckpointingEnabled: optional(boolean()),
  CheckpointInterval: optional(CheckpointInterval),
  MinPauseBetweenCheckpoints: optional(MinPauseBetweenCheckpoints),
});

export const MonitoringConfigurationDescription = structure('MonitoringConfigurationDescription', {
  ConfigurationType: optional(ConfigurationType),
  MetricsLevel: optional(MetricsLevel),
  LogLevel: optional(LogLevel),
});

export const ParallelismConfigurationDescription = structure('ParallelismConfigurationDescription', {
  ConfigurationType: optional(ConfigurationType),
  Parallelism: optional(Parallelism),
  ParallelismPerKPU: optional(ParallelismPerKPU),
  CurrentParallelism: optional(Parallelism),
  AutoScalingEnabled: optional(boolean()),
});

export const FlinkApplicationConfigurationDescription = structure(
  'FlinkApplicationConfigurationDescription',
  {
    CheckpointConfigurationDescription: optional(CheckpointConfigurationDescription),
    MonitoringConfigurationDescription: optional(MonitoringConfigurationDescription),
    ParallelismConfigurationDescription: optional(ParallelismConfigurationDescription),
    JobPlanDescription: optional(string()),
  },
);

export const CheckpointConfigurationUpdate = structure('CheckpointConfigurationUpdate', {
  ConfigurationTypeUpdate: optional(ConfigurationType),
  CheckpointingEnabledUpdate: optional(boolean()),
  CheckpointIntervalUpdate: optional(CheckpointInterval),
  MinPauseBetweenCheckpointsUpdate: optional(MinPauseBetweenCheckpoints),
});

export const MonitoringConfigurationUpdate = structure('MonitoringConfigurationUpdate', {
  ConfigurationTypeUpdate: optional(ConfigurationType),
  MetricsLevelUpdate: optional(MetricsLevel),
  LogLevelUpdate: optional(LogLevel),
});

export const ParallelismConfigurationUpdate = structure('ParallelismConfigurationUpdate', {
  ConfigurationTypeUpdate: optional(ConfigurationType),
  ParallelismUpdate: optional(Parallelism),
  ParallelismPerKPUUpdate: optional(ParallelismPerKPU),
  AutoScalingEnabledUpdate: optional(boolean()),
});

export const FlinkApplicationConfigurationUpdate = structure('FlinkApplicationConfigurationUpdate', {
  CheckpointConfigurationUpdate: optional(CheckpointConfigurationUpdate),
  MonitoringConfigurationUpdate: optional(MonitoringConfigurationUpdate),
  ParallelismConfigurationUpdate: optional(ParallelismConfigurationUpdate),
});
