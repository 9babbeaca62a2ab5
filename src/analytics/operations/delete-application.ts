import { operation, type Handler } from '../../wire/shape/operation.ts';
import {
  applicationResource,
  resolveApplication,
  resolveApplicationV1,
} from '../directory/resolve-application.ts';
import { required, structure, timestamp } from '../../wire/shape/shape.ts';
import { ApplicationName } from '../shapes/both.ts';
import type { TypeOf } from '../../wire/shape/shape.ts';
import { invalidArgument, resourceInUse } from '../directory/application-errors.ts';
import type { ApplicationState } from '../directory/application-state.ts';
import { changeApplication } from '../directory/change-application.ts';
import type { Pending } from '../lifecycle/pending.ts';
import type { OperationParts } from './parts.ts';

export const DeleteApplicationV1 = operation({
  name: 'DeleteApplication',
  action: 'kinesisanalytics:DeleteApplication',
  resources: applicationResource,
  input: structure('DeleteApplicationRequest', {
    ApplicationName: required(ApplicationName),
    CreateTimestamp: required(timestamp()),
  }),
  output: structure('DeleteApplicationResponse', {}),
  errors: [
    'ConcurrentModificationException',
    'ResourceNotFoundException',
    'ResourceInUseException',
    'UnsupportedOperationException',
  ],
});

export const DeleteApplicationV2 = operation({
  name: 'DeleteApplication',
  action: 'kinesisanalytics:DeleteApplication',
  resources: applicationResource,
  input: structure('DeleteApplicationRequest', {
    ApplicationName: required(ApplicationName),
    CreateTimestamp: required(timestamp()),
  }),
  output: structure('DeleteApplicationResponse', {}),
  errors: [
    'ConcurrentModificationException',
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'InvalidRequestException',
    'InvalidApplicationConfigurationException',
  ],
});

type Input = TypeOf<typeof DeleteApplicationV1.input>;

export function deleteApplicationV1(parts: OperationParts): Handler<typeof DeleteApplicationV1> {
  return (input, call) => remove(parts, resolveApplicationV1(parts.directory, input, call), input);
}

export function deleteApplicationV2(parts: OperationParts): Handler<typeof DeleteApplicationV2> {
  return (input, call) => remove(parts, resolveApplication(parts.directory, input, call), input);
}

/** It may run: then it is ended first. */
async function remove(parts: OperationParts, application: ApplicationState, input: Input): Promise<object> {
  // On the wire it has whole seconds, or milliseconds as a fraction.
  const isMeant = Math.floor(application.createdMs / 1000) === Math.floor(input.CreateTimestamp / 1000);
  if (!isMeant) {
    throw invalidArgument(`CreateTimestamp is not the one of application ${application.name}.`);
  }
  await changeApplication(parts, application, (row) => {
    if (row.status === 'DELETING') throw resourceInUse(`Application ${row.name} is being deleted already.`);
    const pending: Pending = { kind: 'delete', dueMs: parts.clock.now() + parts.stateDurationMs };
    return { status: 'DELETING', pending_json: JSON.stringify(pending) };
  });
  return {};
}
