import { operation, type Handler } from '../../wire/shape/operation.ts';
import {
  applicationResource,
  resolveApplication,
  resolveApplicationV1,
} from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName, ApplicationVersionId, Id, ResourceARN } from '../shapes/both.ts';
import { answerOf, configure, withChanged } from './configure.ts';
import { requireSql } from '../directory/versions.ts';
import type { OperationParts } from './parts.ts';

export const DeleteApplicationInputProcessingConfigurationV1 = operation({
  name: 'DeleteApplicationInputProcessingConfiguration',
  action: 'kinesisanalytics:DeleteApplicationInputProcessingConfiguration',
  resources: applicationResource,
  input: structure('DeleteApplicationInputProcessingConfigurationRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: required(ApplicationVersionId),
    InputId: required(Id),
  }),
  output: structure('DeleteApplicationInputProcessingConfigurationResponse', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'UnsupportedOperationException',
  ],
});

export const DeleteApplicationInputProcessingConfigurationV2 = operation({
  name: 'DeleteApplicationInputProcessingConfiguration',
  action: 'kinesisanalytics:DeleteApplicationInputProcessingConfiguration',
  resources: applicationResource,
  input: structure('DeleteApplicationInputProcessingConfigurationRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: required(ApplicationVersionId),
    InputId: required(Id),
  }),
  output: structure('DeleteApplicationInputProcessingConfigurationResponse', {
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

export function deleteApplicationInputProcessingConfigurationV1(
  parts: OperationParts,
): Handler<typeof DeleteApplicationInputProcessingConfigurationV1> {
  return async (input, call) => {
    const application = resolveApplicationV1(parts.directory, input, call);
    await configure(
      parts,
      application,
      input,
      'DeleteApplicationInputProcessingConfiguration',
      (settings) => ({
        ...settings,
        inputs: withChanged(settings.inputs, 'input', input.InputId, (one) => ({
          ...one,
          processor: undefined,
        })),
      }),
    );
    return {};
  };
}

export function deleteApplicationInputProcessingConfigurationV2(
  parts: OperationParts,
): Handler<typeof DeleteApplicationInputProcessingConfigurationV2> {
  return async (input, call) => {
    const application = resolveApplication(parts.directory, input, call);
    requireSql(application.name, application.settings);
    const configured = await configure(
      parts,
      application,
      input,
      'DeleteApplicationInputProcessingConfiguration',
      (settings) => ({
        ...settings,
        inputs: withChanged(settings.inputs, 'input', input.InputId, (one) => ({
          ...one,
          processor: undefined,
        })),
      }),
    );
    return answerOf(configured);
  };
}
