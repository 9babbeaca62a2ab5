import { operation, type Handler } from '../../wire/shape/operation.ts';
import {
  applicationResource,
  resolveApplication,
  resolveApplicationV1,
} from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName, ApplicationVersionId, Id, ResourceARN } from '../shapes/both.ts';
import { answerOf, configure, without } from './configure.ts';
import { requireSql } from '../directory/versions.ts';
import type { OperationParts } from './parts.ts';

export const DeleteApplicationOutputV1 = operation({
  name: 'DeleteApplicationOutput',
  action: 'kinesisanalytics:DeleteApplicationOutput',
  resources: applicationResource,
  input: structure('DeleteApplicationOutputRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: required(ApplicationVersionId),
    OutputId: required(Id),
  }),
  output: structure('DeleteApplicationOutputResponse', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'UnsupportedOperationException',
  ],
});

export const DeleteApplicationOutputV2 = operation({
  name: 'DeleteApplicationOutput',
  action: 'kinesisanalytics:DeleteApplicationOutput',
  resources: applicationResource,
  input: structure('DeleteApplicationOutputRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: required(ApplicationVersionId),
    OutputId: required(Id),
  }),
  output: structure('DeleteApplicationOutputResponse', {
    ApplicationARN: optional(ResourceARN),
    ApplicationVersionId: optional(ApplicationVersionId),
  }),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'InvalidRequestException',
  ],
});

export function deleteApplicationOutputV1(parts: OperationParts): Handler<typeof DeleteApplicationOutputV1> {
  return async (input, call) => {
    const application = resolveApplicationV1(parts.directory, input, call);
    await configure(parts, application, input, 'DeleteApplicationOutput', (settings) => ({
      ...settings,
      outputs: without(settings.outputs, 'output', input.OutputId),
    }));
    return {};
  };
}

export function deleteApplicationOutputV2(parts: OperationParts): Handler<typeof DeleteApplicationOutputV2> {
  return async (input, call) => {
    const application = resolveApplication(parts.directory, input, call);
    requireSql(application.name, application.settings);
    const configured = await configure(parts, application, input, 'DeleteApplicationOutput', (settings) => ({
      ...settings,
      outputs: without(settings.outputs, 'output', input.OutputId),
    }));
    return answerOf(configured);
  };
}
