import { operation, type Handler } from '../../wire/shape/operation.ts';
import {
  applicationResource,
  resolveApplication,
  resolveApplicationV1,
} from '../directory/resolve-application.ts';
import { boolean, optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName } from '../shapes/both.ts';
import { OperationId as OperationIdV2 } from '../shapes/v2/names.ts';
import { invalidRequest, resourceInUse } from '../directory/application-errors.ts';
import type { ApplicationState } from '../directory/application-state.ts';
import { changeApplication } from '../directory/change-application.ts';
import { beginOperation, newOperationId } from '../directory/history.ts';
import type { Pending } from '../lifecycle/pending.ts';
import { isSql } from '../settings/settings.ts';
import type { OperationParts } from './parts.ts';

export const StopApplicationV1 = operation({
  name: 'StopApplication',
  action: 'kinesisanalytics:StopApplication',
  resources: applicationResource,
  input: structure('StopApplicationRequest', { ApplicationName: required(ApplicationName) }),
  output: structure('StopApplicationResponse', {}),
  errors: ['ResourceNotFoundException', 'ResourceInUseException', 'UnsupportedOperationException'],
});

export const StopApplicationV2 = operation({
  name: 'StopApplication',
  action: 'kinesisanalytics:StopApplication',
  resources: applicationResource,
  input: structure('StopApplicationRequest', {
    ApplicationName: required(ApplicationName),
    Force: optional(boolean()),
  }),
  output: structure('StopApplicationResponse', { OperationId: optional(OperationIdV2) }),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'InvalidRequestException',
    'InvalidApplicationConfigurationException',
    'ConcurrentModificationException',
  ],
});

export function stopApplicationV1(parts: OperationParts): Handler<typeof StopApplicationV1> {
  return async (input, call) => {
    await stop(parts, resolveApplicationV1(parts.directory, input, call), false);
    return {};
  };
}

export function stopApplicationV2(parts: OperationParts): Handler<typeof StopApplicationV2> {
  return async (input, call) => {
    const application = resolveApplication(parts.directory, input, call);
    const force = input.Force ?? false;
    if (force && isSql(application.settings)) {
      throw invalidRequest('Force is not supported for runtime environment SQL-1_0.');
    }
    return { OperationId: await stop(parts, application, force) };
  };
}

/** Gives the id of the operation. Throws ResourceInUseException unless it runs. */
async function stop(parts: OperationParts, application: ApplicationState, force: boolean): Promise<string> {
  const operationId = newOperationId(parts.dice);
  await changeApplication(parts, application, async (row, transaction) => {
    if (row.status !== 'RUNNING' && !(force && (row.status === 'STARTING' || row.status === 'UPDATING'))) {
      throw resourceInUse(`Application ${row.name} cannot be stopped: its status is ${row.status}.`);
    }
    const nowMs = parts.clock.now();
    await beginOperation(transaction, {
      operation_id: operationId,
      application_id: row.application_id,
      operation: 'StopApplication',
      started_ms: nowMs,
      from_version: row.version_id,
      to_version: row.version_id,
    });
    const kind = force ? 'force-stop' : 'stop';
    const pending: Pending = { kind, dueMs: nowMs + parts.stateDurationMs, operationId };
    return { status: force ? 'FORCE_STOPPING' : 'STOPPING', pending_json: JSON.stringify(pending) };
  });
  return operationId;
}
