/** What is configured of a Flink application, with the values that the model names for CONFIGURATION TYPE DEFAULT. */
import type { TypeOf } from '../../wire/shape/shape.ts';
import type {
  FlinkApplicationConfiguration,
  FlinkApplicationConfigurationDescription,
  FlinkApplicationConfigurationUpdate,
} from '../shapes/v2/flink.ts';
import type {
  ZeppelinApplicationConfiguration,
  ZeppelinApplicationConfigurationDescription,
  ZeppelinApplicationConfigurationUpdate,
} from '../shapes/v2/zeppelin.ts';
import { described, updatedDescription } from './configurations.ts';

type Flink = TypeOf<typeof FlinkApplicationConfigurationDescription>;

const CHECKPOINT = {
  ConfigurationType: 'DEFAULT',
  CheckpointingEnabled: true,
  CheckpointInterval: 60_000,
  MinPauseBetweenCheckpoints: 5_000,
} as const;
const MONITORING = { ConfigurationType: 'DEFAULT', MetricsLevel: 'APPLICATION', LogLevel: 'INFO' } as const;
const PARALLELISM = {
  ConfigurationType: 'DEFAULT',
  Parallelism: 1,
  ParallelismPerKPU: 1,
  AutoScalingEnabled: true,
} as const;

export function readFlink(given: TypeOf<typeof FlinkApplicationConfiguration> | undefined): Flink {
  return withDefaults(described(given ?? {}) as Flink);
}

export function updateFlink(
  now: Flink | undefined,
  update: TypeOf<typeof FlinkApplicationConfigurationUpdate>,
): Flink {
  return withDefaults(updatedDescription(now, update) as Flink);
}

/** DEFAULT means these values "even if they are set to other values" (model). */
function withDefaults(flink: Flink): Flink {
  const checkpoint = flink.CheckpointConfigurationDescription;
  const monitoring = flink.MonitoringConfigurationDescription;
  const parallelism = flink.ParallelismConfigurationDescription;
  const settled = isCustom(parallelism) ? { ...PARALLELISM, ...parallelism } : PARALLELISM;
  return {
    CheckpointConfigurationDescription: isCustom(checkpoint) ? { ...CHECKPOINT, ...checkpoint } : CHECKPOINT,
    MonitoringConfigurationDescription: isCustom(monitoring) ? { ...MONITORING, ...monitoring } : MONITORING,
    ParallelismConfigurationDescription: { ...settled, CurrentParallelism: settled.Parallelism },
  };
}

function isCustom(configuration: { readonly ConfigurationType?: string | undefined } | undefined): boolean {
  return configuration?.ConfigurationType === 'CUSTOM';
}

type Zeppelin = TypeOf<typeof ZeppelinApplicationConfigurationDescription>;

export function readZeppelin(given: TypeOf<typeof ZeppelinApplicationConfiguration> | undefined): Zeppelin {
  const monitoring = given?.MonitoringConfiguration ?? { LogLevel: 'INFO' };
  return described({ ...given, MonitoringConfiguration: monitoring }) as Zeppelin;
}

export function updateZeppelin(
  now: Zeppelin | undefined,
  update: TypeOf<typeof ZeppelinApplicationConfigurationUpdate>,
): Zeppelin {
  return updatedDescription(now, update) as Zeppelin;
}
