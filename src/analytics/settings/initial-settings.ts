/** The settings of the first version, as the second API gives them. */
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { CreateApplicationV2 } from '../operations/create-application.ts';
import type { PropertyGroups } from '../shapes/v2/environment.ts';
import { readCode } from './code.ts';
import { readFlink, readZeppelin } from './flink.ts';
import { readInput } from './inputs.ts';
import { readLogging } from './logging.ts';
import { readOutput } from './outputs.ts';
import { readReference } from './references.ts';
import type { PropertyGroupSettings, Settings } from './settings.ts';

/** Throws InvalidArgumentException. */
export function initialSettings(input: TypeOf<typeof CreateApplicationV2.input>): Settings {
  const { RuntimeEnvironment: runtime, ApplicationConfiguration: given = {} } = input;
  const sql = given.SqlApplicationConfiguration;
  const isFlink = runtime.startsWith('FLINK');
  const isZeppelin = runtime.startsWith('ZEPPELIN');
  return {
    runtime,
    mode: input.ApplicationMode,
    description: input.ApplicationDescription,
    roleArn: input.ServiceExecutionRole,
    code: readCode(given.ApplicationCodeConfiguration),
    inputs: (sql?.Inputs ?? []).map((one, at) => readInput(`1.${at + 1}`, one)),
    outputs: (sql?.Outputs ?? []).map((one, at) => readOutput(`1.${at + 1}`, one)),
    references: (sql?.ReferenceDataSources ?? []).map((one, at) => readReference(`1.${at + 1}`, one)),
    logging: (input.CloudWatchLoggingOptions ?? []).map((one, at) => readLogging(`1.${at + 1}`, one)),
    // Of a network nothing is known here, not even its id.
    vpcs: (given.VpcConfigurations ?? []).map((vpc, at) => ({
      VpcConfigurationId: `1.${at + 1}`,
      VpcId: 'vpc-00000000',
      ...vpc,
    })),
    properties: propertiesOf(given.EnvironmentProperties?.PropertyGroups ?? []),
    flink:
      isFlink || given.FlinkApplicationConfiguration !== undefined
        ? readFlink(given.FlinkApplicationConfiguration)
        : undefined,
    zeppelin:
      isZeppelin || given.ZeppelinApplicationConfiguration !== undefined
        ? readZeppelin(given.ZeppelinApplicationConfiguration)
        : undefined,
    snapshotsEnabled:
      given.ApplicationSnapshotConfiguration?.SnapshotsEnabled ?? (isFlink ? true : undefined),
    rollbackEnabled: given.ApplicationSystemRollbackConfiguration?.RollbackEnabled,
    encryption: given.ApplicationEncryptionConfiguration,
  };
}

export function propertiesOf(groups: TypeOf<typeof PropertyGroups>): readonly PropertyGroupSettings[] {
  return groups.map((group) => ({ id: group.PropertyGroupId, properties: [...group.PropertyMap] }));
}
