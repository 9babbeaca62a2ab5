import { operation, type Handler } from '../../wire/shape/operation.ts';
import {
  applicationResource,
  resolveApplication,
  resolveApplicationV1,
} from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName, ApplicationVersionId, Id, ResourceARN } from '../shapes/both.ts';
import { InputProcessingConfiguration as InputProcessingConfigurationV1 } from '../shapes/v1/inputs.ts';
import {
  InputProcessingConfiguration as InputProcessingConfigurationV2,
  InputProcessingConfigurationDescription as InputProcessingConfigurationDescriptionV2,
} from '../shapes/v2/inputs.ts';
import { answerOf, configure, withChanged } from './configure.ts';
import { describeProcessor } from '../settings/inputs.ts';
import { checked } from '../settings/resources.ts';
import { requireSql } from '../directory/versions.ts';
import type { OperationParts } from './parts.ts';

export const AddApplicationInputProcessingConfigurationV1 = operation({
  name: 'AddApplicationInputProcessingConfiguration',
  action: 'kinesisanalytics:AddApplicationInputProcessingConfiguration',
  resources: applicationResource,
  input: structure('AddApplicationInputProcessingConfigurationRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: required(ApplicationVersionId),
    InputId: required(Id),
    InputProcessingConfiguration: required(InputProcessingConfigurationV1),
  }),
  output: structure('AddApplicationInputProcessingConfigurationResponse', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'UnsupportedOperationException',
  ],
});

export const AddApplicationInputProcessingConfigurationV2 = operation({
  name: 'AddApplicationInputProcessingConfiguration',
  action: 'kinesisanalytics:AddApplicationInputProcessingConfiguration',
  resources: applicationResource,
  input: structure('AddApplicationInputProcessingConfigurationRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: required(ApplicationVersionId),
    InputId: required(Id),
    InputProcessingConfiguration: required(InputProcessingConfigurationV2),
  }),
  output: structure('AddApplicationInputProcessingConfigurationResponse', {
    ApplicationARN: optional(ResourceARN),
    ApplicationVersionId: optional(ApplicationVersionId),
    InputId: optional(Id),
    InputProcessingConfigurationDescription: optional(InputProcessingConfigurationDescriptionV2),
  }),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'InvalidRequestException',
  ],
});

export function addApplicationInputProcessingConfigurationV1(
  parts: OperationParts,
): Handler<typeof AddApplicationInputProcessingConfigurationV1> {
  return async (input, call) => {
    const application = resolveApplicationV1(parts.directory, input, call);
    await configure(parts, application, input, 'AddApplicationInputProcessingConfiguration', (settings) => ({
      ...settings,
      inputs: withChanged(settings.inputs, 'input', input.InputId, (one) => ({
        ...one,
        processor: checked('function', input.InputProcessingConfiguration.InputLambdaProcessor),
      })),
    }));
    return {};
  };
}

export function addApplicationInputProcessingConfigurationV2(
  parts: OperationParts,
): Handler<typeof AddApplicationInputProcessingConfigurationV2> {
  return async (input, call) => {
    const application = resolveApplication(parts.directory, input, call);
    requireSql(application.name, application.settings);
    const configured = await configure(
      parts,
      application,
      input,
      'AddApplicationInputProcessingConfiguration',
      (settings) => ({
        ...settings,
        inputs: withChanged(settings.inputs, 'input', input.InputId, (one) => ({
          ...one,
          processor: checked('function', input.InputProcessingConfiguration.InputLambdaProcessor),
        })),
      }),
    );
    return {
      ...answerOf(configured),
      InputId: input.InputId,
      InputProcessingConfigurationDescription: describeProcessor(
        checked('function', input.InputProcessingConfiguration.InputLambdaProcessor),
        configured.application.settings.roleArn,
      ),
    };
  };
}
