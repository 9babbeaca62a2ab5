import { operation, type Handler } from '../../wire/shape/operation.ts';
import {
  applicationResource,
  resolveApplication,
  resolveApplicationV1,
} from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName } from '../shapes/both.ts';
import { InputConfigurations as InputConfigurationsV1 } from '../shapes/v1/run.ts';
import { OperationId as OperationIdV2 } from '../shapes/v2/names.ts';
import { RunConfiguration as RunConfigurationV2 } from '../shapes/v2/run.ts';
import {
  codeInvalid,
  invalidArgument,
  invalidConfiguration,
  resourceInUse,
} from '../directory/application-errors.ts';
import type { ApplicationState } from '../directory/application-state.ts';
import { changeApplication } from '../directory/change-application.ts';
import { beginOperation, newOperationId } from '../directory/history.ts';
import type { Pending } from '../lifecycle/pending.ts';
import type { Run, StartingPosition } from '../lifecycle/run.ts';
import { checkSettings } from '../settings/check-settings.ts';
import { isSql } from '../settings/settings.ts';
import type { OperationParts } from './parts.ts';

export const StartApplicationV1 = operation({
  name: 'StartApplication',
  action: 'kinesisanalytics:StartApplication',
  resources: applicationResource,
  input: structure('StartApplicationRequest', {
    ApplicationName: required(ApplicationName),
    InputConfigurations: required(InputConfigurationsV1),
  }),
  output: structure('StartApplicationResponse', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'InvalidApplicationConfigurationException',
    'UnsupportedOperationException',
  ],
});

export const StartApplicationV2 = operation({
  name: 'StartApplication',
  action: 'kinesisanalytics:StartApplication',
  resources: applicationResource,
  input: structure('StartApplicationRequest', {
    ApplicationName: required(ApplicationName),
    RunConfiguration: optional(RunConfigurationV2),
  }),
  output: structure('StartApplicationResponse', { OperationId: optional(OperationIdV2) }),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'InvalidApplicationConfigurationException',
    'InvalidRequestException',
  ],
});

type Position = {
  readonly id: string;
  readonly position: StartingPosition | undefined;
};

export function startApplicationV1(parts: OperationParts): Handler<typeof StartApplicationV1> {
  return async (input, call) => {
    const application = resolveApplicationV1(parts.directory, input, call);
    const positions = input.InputConfigurations.map((one) => ({
      id: one.Id,
      position: one.InputStartingPositionConfiguration.InputStartingPosition,
    }));
    await start(parts, application, positions);
    return {};
  };
}

export function startApplicationV2(parts: OperationParts): Handler<typeof StartApplicationV2> {
  return async (input, call) => {
    const application = resolveApplication(parts.directory, input, call);
    if (!isSql(application.settings)) throw noCluster(application);
    const positions = (input.RunConfiguration?.SqlRunConfigurations ?? []).map((one) => ({
      id: one.InputId,
      position: one.InputStartingPositionConfiguration.InputStartingPosition,
    }));
    return { OperationId: await start(parts, application, positions) };
  };
}

/** Flink applications are kept and described; a cluster to run them on cannot be configured yet (decision 0602). */
function noCluster({ name, settings: { runtime } }: ApplicationState) {
  return invalidConfiguration(
    `Application ${name} has the runtime environment ${runtime}: a Flink cluster must be configured to start it, and none is.`,
  );
}

/** Gives the id of the operation. Throws InvalidApplicationConfigurationException, ResourceInUseException. */
async function start(
  parts: OperationParts,
  application: ApplicationState,
  positions: readonly Position[],
): Promise<string> {
  const { settings, account, region } = application;
  if (settings.code.kind !== 'text') {
    throw invalidConfiguration(`Application ${application.name} has no code.`);
  }
  if (settings.inputs.length === 0) {
    throw invalidConfiguration(`Application ${application.name} has no input.`);
  }
  for (const { id, position } of positions) {
    const input = settings.inputs.find((one) => one.id === id);
    if (input === undefined)
      throw invalidArgument(`Application ${application.name} has no input with the id ${id}.`);
    if (position === 'TRIM_HORIZON' && input.source.kind === 'delivery-stream') {
      throw invalidArgument('TRIM_HORIZON is not a starting position of a delivery stream.');
    }
  }
  await checkSettings(parts.checks, settings, { account, region });
  const fault = await parts.checks.programFault(settings, false);
  if (fault !== undefined) throw codeInvalidAtStart(fault);
  const operationId = newOperationId(parts.dice);
  await changeApplication(parts, application, async (row, transaction) => {
    if (row.status !== 'READY') {
      throw resourceInUse(`Application ${row.name} cannot be started: its status is ${row.status}.`);
    }
    const nowMs = parts.clock.now();
    await beginOperation(transaction, {
      operation_id: operationId,
      application_id: row.application_id,
      operation: 'StartApplication',
      started_ms: nowMs,
      from_version: row.version_id,
      to_version: row.version_id,
    });
    const pending: Pending = { kind: 'start', dueMs: nowMs + parts.stateDurationMs, operationId };
    const before = row.run_json === null ? undefined : (JSON.parse(row.run_json) as Run);
    const run: Run = {
      number: (before?.number ?? 0) + 1,
      startMs: nowMs,
      positions: Object.fromEntries(
        // The first start of all begins now, the others where the last one stopped.
        settings.inputs.map(({ id }) => [
          id,
          positions.find((one) => one.id === id)?.position ??
            (before === undefined ? 'NOW' : 'LAST_STOPPED_POINT'),
        ]),
      ),
    };
    return { status: 'STARTING', run_json: JSON.stringify(run), pending_json: JSON.stringify(pending) };
  });
  return operationId;
}

/** The model names no CodeValidationException for a start. */
function codeInvalidAtStart(fault: string) {
  return invalidConfiguration(codeInvalid(fault).message);
}
