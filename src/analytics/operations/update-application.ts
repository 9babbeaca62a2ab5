import { operation, type Handler } from '../../wire/shape/operation.ts';
import {
  applicationResource,
  resolveApplication,
  resolveApplicationV1,
} from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName, ApplicationVersionId } from '../shapes/both.ts';
import { ApplicationUpdate as ApplicationUpdateV1 } from '../shapes/v1/application.ts';
import {
  ApplicationConfigurationUpdate as ApplicationConfigurationUpdateV2,
  ApplicationDetail as ApplicationDetailV2,
} from '../shapes/v2/application.ts';
import { CloudWatchLoggingOptionUpdates as CloudWatchLoggingOptionUpdatesV2 } from '../shapes/v2/logging.ts';
import {
  ConditionalToken as ConditionalTokenV2,
  OperationId as OperationIdV2,
  RoleARN as RoleARNV2,
  RuntimeEnvironment as RuntimeEnvironmentV2,
} from '../shapes/v2/names.ts';
import { RunConfigurationUpdate as RunConfigurationUpdateV2 } from '../shapes/v2/run.ts';
import { configure, withChanged } from './configure.ts';

import { isSql, type Settings } from '../settings/settings.ts';
import { invalidArgument } from '../directory/application-errors.ts';
import { updateCode } from '../settings/code.ts';
import { detailV2 } from '../settings/describe.ts';
import { updateFlink, updateZeppelin } from '../settings/flink.ts';
import { propertiesOf } from '../settings/initial-settings.ts';
import { updateInput } from '../settings/inputs.ts';
import { updateLogging } from '../settings/logging.ts';
import { updateOutput } from '../settings/outputs.ts';
import { updateReference } from '../settings/references.ts';
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { OperationParts } from './parts.ts';

export const UpdateApplicationV1 = operation({
  name: 'UpdateApplication',
  action: 'kinesisanalytics:UpdateApplication',
  resources: applicationResource,
  input: structure('UpdateApplicationRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: required(ApplicationVersionId),
    ApplicationUpdate: required(ApplicationUpdateV1),
  }),
  output: structure('UpdateApplicationResponse', {}),
  errors: [
    'CodeValidationException',
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'UnsupportedOperationException',
  ],
});

export const UpdateApplicationV2 = operation({
  name: 'UpdateApplication',
  action: 'kinesisanalytics:UpdateApplication',
  resources: applicationResource,
  input: structure('UpdateApplicationRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: optional(ApplicationVersionId),
    ApplicationConfigurationUpdate: optional(ApplicationConfigurationUpdateV2),
    ServiceExecutionRoleUpdate: optional(RoleARNV2),
    RunConfigurationUpdate: optional(RunConfigurationUpdateV2),
    CloudWatchLoggingOptionUpdates: optional(CloudWatchLoggingOptionUpdatesV2),
    ConditionalToken: optional(ConditionalTokenV2),
    RuntimeEnvironmentUpdate: optional(RuntimeEnvironmentV2),
  }),
  output: structure('UpdateApplicationResponse', {
    ApplicationDetail: required(ApplicationDetailV2),
    OperationId: optional(OperationIdV2),
  }),
  errors: [
    'CodeValidationException',
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'InvalidRequestException',
    'InvalidApplicationConfigurationException',
    'LimitExceededException',
  ],
});

export function updateApplicationV1(parts: OperationParts): Handler<typeof UpdateApplicationV1> {
  return async (input, call) => {
    const application = resolveApplicationV1(parts.directory, input, call);
    const update = input.ApplicationUpdate;
    const code = update.ApplicationCodeUpdate;
    await configure(parts, application, input, 'UpdateApplication', (settings) => ({
      ...updatedSql(settings, update),
      ...(code === undefined ? {} : { code: { kind: 'text', text: code } }),
      logging: updatedLogging(settings, update.CloudWatchLoggingOptionUpdates),
    }));
    return {};
  };
}

export function updateApplicationV2(parts: OperationParts): Handler<typeof UpdateApplicationV2> {
  return async (input, call) => {
    const application = resolveApplication(parts.directory, input, call);
    const { application: updated, operationId } = await configure(
      parts,
      application,
      input,
      'UpdateApplication',
      (settings) => updatedSettings(settings, input),
    );
    return { ApplicationDetail: detailV2(updated), OperationId: operationId };
  };
}

type InputV2 = TypeOf<typeof UpdateApplicationV2.input>;

function updatedSettings(settings: Settings, input: InputV2): Settings {
  const update = input.ApplicationConfigurationUpdate ?? {};
  const runtime = input.RuntimeEnvironmentUpdate ?? settings.runtime;
  if (isSql({ runtime }) !== isSql(settings)) {
    throw invalidArgument(`The runtime environment ${settings.runtime} cannot be changed into ${runtime}.`);
  }
  const sql = update.SqlApplicationConfigurationUpdate;
  const flink = update.FlinkApplicationConfigurationUpdate;
  const zeppelin = update.ZeppelinApplicationConfigurationUpdate;
  const encryption = update.ApplicationEncryptionConfigurationUpdate;
  const groups = update.EnvironmentPropertyUpdates?.PropertyGroups;
  return {
    ...(sql === undefined ? settings : updatedSql(settings, sql)),
    runtime,
    roleArn: input.ServiceExecutionRoleUpdate ?? settings.roleArn,
    code: updateCode(settings.code, update.ApplicationCodeConfigurationUpdate),
    logging: updatedLogging(settings, input.CloudWatchLoggingOptionUpdates),
    flink: flink === undefined ? settings.flink : updateFlink(settings.flink, flink),
    zeppelin: zeppelin === undefined ? settings.zeppelin : updateZeppelin(settings.zeppelin, zeppelin),
    properties: groups === undefined ? settings.properties : propertiesOf(groups),
    snapshotsEnabled:
      update.ApplicationSnapshotConfigurationUpdate?.SnapshotsEnabledUpdate ?? settings.snapshotsEnabled,
    rollbackEnabled:
      update.ApplicationSystemRollbackConfigurationUpdate?.RollbackEnabledUpdate ?? settings.rollbackEnabled,
    encryption:
      encryption === undefined
        ? settings.encryption
        : { KeyType: encryption.KeyTypeUpdate, KeyId: encryption.KeyIdUpdate },
    vpcs: (update.VpcConfigurationUpdates ?? []).reduce(
      (vpcs, one) =>
        vpcs.map((vpc) =>
          vpc.VpcConfigurationId === one.VpcConfigurationId
            ? {
                ...vpc,
                SubnetIds: one.SubnetIdUpdates ?? vpc.SubnetIds,
                SecurityGroupIds: one.SecurityGroupIdUpdates ?? vpc.SecurityGroupIds,
              }
            : vpc,
        ),
      settings.vpcs,
    ),
  };
}

type SqlUpdate =
  | TypeOf<typeof ApplicationUpdateV1>
  | NonNullable<TypeOf<typeof ApplicationConfigurationUpdateV2>['SqlApplicationConfigurationUpdate']>;

/** Throws InvalidArgumentException, ResourceNotFoundException. */
function updatedSql(settings: Settings, update: SqlUpdate): Settings {
  let { inputs, outputs, references } = settings;
  for (const one of update.InputUpdates ?? []) {
    inputs = withChanged(inputs, 'input', one.InputId, (input) => updateInput(input, one));
  }
  for (const one of update.OutputUpdates ?? []) {
    outputs = withChanged(outputs, 'output', one.OutputId, (output) => updateOutput(output, one));
  }
  for (const one of update.ReferenceDataSourceUpdates ?? []) {
    references = withChanged(references, 'reference data source', one.ReferenceId, (reference) =>
      updateReference(reference, one),
    );
  }
  return { ...settings, inputs, outputs, references };
}

function updatedLogging(
  { logging }: Settings,
  updates: InputV2['CloudWatchLoggingOptionUpdates'],
): Settings['logging'] {
  return (updates ?? []).reduce(
    (options, one) =>
      withChanged(options, 'logging option', one.CloudWatchLoggingOptionId, (option) =>
        updateLogging(option, one),
      ),
    logging,
  );
}
