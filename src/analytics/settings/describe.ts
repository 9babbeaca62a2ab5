/** An application as each API describes it. */
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { ApplicationState, ApplicationVersion } from '../directory/application-state.ts';
import type {
  ApplicationDetail as DetailV1,
  ApplicationSummary as SummaryV1,
} from '../shapes/v1/application.ts';
import type {
  ApplicationDetail as DetailV2,
  ApplicationSummary as SummaryV2,
} from '../shapes/v2/application.ts';
import { describeCode } from './code.ts';
import { describeInput } from './inputs.ts';
import { describeLogging } from './logging.ts';
import { describeOutput } from './outputs.ts';
import { describeReference } from './references.ts';
import { isSql, type Settings } from './settings.ts';

/** The first API knows fewer statuses. */
export function statusV1(status: ApplicationState['status']): TypeOf<typeof SummaryV1>['ApplicationStatus'] {
  if (status === 'FORCE_STOPPING') return 'STOPPING';
  return status === 'ROLLING_BACK' ? 'UPDATING' : status;
}

export function summaryV1(application: ApplicationState): TypeOf<typeof SummaryV1> {
  const { name, arn, status } = application;
  return { ApplicationName: name, ApplicationARN: arn, ApplicationStatus: statusV1(status) };
}

export function summaryV2(application: ApplicationState): TypeOf<typeof SummaryV2> {
  const { name, arn, status, version, settings } = application;
  return {
    ApplicationName: name,
    ApplicationARN: arn,
    ApplicationStatus: status,
    ApplicationVersionId: version.id,
    RuntimeEnvironment: settings.runtime,
    ApplicationMode: settings.mode,
  };
}

function sqlParts(application: ApplicationState, settings: Settings) {
  const { roleArn: role, inputs, outputs, references } = settings;
  return {
    InputDescriptions: inputs.map((input) => describeInput(input, role, application.run)),
    OutputDescriptions: outputs.map((output) => describeOutput(output, role)),
    ReferenceDataSourceDescriptions: references.map((reference) => describeReference(reference, role)),
  };
}

export function detailV1(application: ApplicationState): TypeOf<typeof DetailV1> {
  const { settings, version } = application;
  return {
    ...summaryV1(application),
    ApplicationDescription: settings.description,
    CreateTimestamp: application.createdMs,
    LastUpdateTimestamp: application.updatedMs,
    ...sqlParts(application, settings),
    CloudWatchLoggingOptionDescriptions: settings.logging.map((option) =>
      describeLogging(option, settings.roleArn),
    ),
    ApplicationCode: settings.code.kind === 'text' ? settings.code.text : undefined,
    ApplicationVersionId: version.id,
  };
}

/** The newest version unless another one is given. */
export function detailV2(
  application: ApplicationState,
  version: ApplicationVersion = application.version,
  settings: Settings = application.settings,
): TypeOf<typeof DetailV2> {
  return {
    ...summaryV2(application),
    ApplicationDescription: settings.description,
    RuntimeEnvironment: settings.runtime,
    ServiceExecutionRole: settings.roleArn,
    ApplicationVersionId: version.id,
    CreateTimestamp: application.createdMs,
    LastUpdateTimestamp: application.updatedMs,
    ApplicationConfigurationDescription: configurationOf(application, settings),
    CloudWatchLoggingOptionDescriptions: settings.logging.map((option) =>
      describeLogging(option, settings.roleArn),
    ),
    ApplicationMaintenanceConfigurationDescription: maintenanceOf(application),
    ApplicationVersionUpdatedFrom: version.updatedFrom,
    ApplicationVersionRolledBackFrom: version.rolledBackFrom,
    ApplicationVersionRolledBackTo: version.rolledBackTo,
    ApplicationVersionCreateTimestamp: version.createdMs,
    ConditionalToken: application.conditionalToken,
  };
}

function configurationOf(
  application: ApplicationState,
  settings: Settings,
): TypeOf<typeof DetailV2>['ApplicationConfigurationDescription'] {
  const { properties, vpcs, snapshotsEnabled, rollbackEnabled, encryption } = settings;
  return {
    SqlApplicationConfigurationDescription: isSql(settings) ? sqlParts(application, settings) : undefined,
    ApplicationCodeConfigurationDescription: describeCode(settings.code),
    RunConfigurationDescription: application.run?.flink,
    FlinkApplicationConfigurationDescription: settings.flink,
    ZeppelinApplicationConfigurationDescription: settings.zeppelin,
    EnvironmentPropertyDescriptions:
      properties.length === 0
        ? undefined
        : {
            PropertyGroupDescriptions: properties.map((group) => ({
              PropertyGroupId: group.id,
              PropertyMap: new Map(group.properties),
            })),
          },
    ApplicationSnapshotConfigurationDescription:
      snapshotsEnabled === undefined ? undefined : { SnapshotsEnabled: snapshotsEnabled },
    ApplicationSystemRollbackConfigurationDescription:
      rollbackEnabled === undefined ? undefined : { RollbackEnabled: rollbackEnabled },
    VpcConfigurationDescriptions: vpcs.length === 0 ? undefined : vpcs,
    ApplicationEncryptionConfigurationDescription: encryption,
  };
}

const WINDOW_HOURS = 8;

/** AWS maintains Flink applications, in a window of eight hours; nothing happens in it here. */
export function maintenanceOf({ settings, maintenanceStart }: ApplicationState) {
  if (isSql(settings)) return undefined;
  const [hours = '0', minutes = '00'] = maintenanceStart.split(':');
  const end = String((Number(hours) + WINDOW_HOURS) % 24).padStart(2, '0');
  return {
    ApplicationMaintenanceWindowStartTime: maintenanceStart,
    ApplicationMaintenanceWindowEndTime: `${end}:${minutes}`,
  };
}
