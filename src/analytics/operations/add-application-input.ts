import { operation, type Handler } from '../../wire/shape/operation.ts';
import {
  applicationResource,
  resolveApplication,
  resolveApplicationV1,
} from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName, ApplicationVersionId, ResourceARN } from '../shapes/both.ts';
import { Input as InputV1 } from '../shapes/v1/inputs.ts';
import { Input as InputV2, InputDescriptions as InputDescriptionsV2 } from '../shapes/v2/inputs.ts';
import { answerOf, configure } from './configure.ts';
import { describeInput, readInput } from '../settings/inputs.ts';
import { requireSql } from '../directory/versions.ts';
import type { OperationParts } from './parts.ts';

export const AddApplicationInputV1 = operation({
  name: 'AddApplicationInput',
  action: 'kinesisanalytics:AddApplicationInput',
  resources: applicationResource,
  input: structure('AddApplicationInputRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: required(ApplicationVersionId),
    Input: required(InputV1),
  }),
  output: structure('AddApplicationInputResponse', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'CodeValidationException',
    'UnsupportedOperationException',
  ],
});

export const AddApplicationInputV2 = operation({
  name: 'AddApplicationInput',
  action: 'kinesisanalytics:AddApplicationInput',
  resources: applicationResource,
  input: structure('AddApplicationInputRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: required(ApplicationVersionId),
    Input: required(InputV2),
  }),
  output: structure('AddApplicationInputResponse', {
    ApplicationARN: optional(ResourceARN),
    ApplicationVersionId: optional(ApplicationVersionId),
    InputDescriptions: optional(InputDescriptionsV2),
  }),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'CodeValidationException',
    'InvalidRequestException',
  ],
});

export function addApplicationInputV1(parts: OperationParts): Handler<typeof AddApplicationInputV1> {
  return async (input, call) => {
    const application = resolveApplicationV1(parts.directory, input, call);
    await configure(parts, application, input, 'AddApplicationInput', (settings, version) => ({
      ...settings,
      inputs: [...settings.inputs, readInput(`${version}.1`, input.Input)],
    }));
    return {};
  };
}

export function addApplicationInputV2(parts: OperationParts): Handler<typeof AddApplicationInputV2> {
  return async (input, call) => {
    const application = resolveApplication(parts.directory, input, call);
    requireSql(application.name, application.settings);
    const configured = await configure(
      parts,
      application,
      input,
      'AddApplicationInput',
      (settings, version) => ({
        ...settings,
        inputs: [...settings.inputs, readInput(`${version}.1`, input.Input)],
      }),
    );
    return {
      ...answerOf(configured),
      InputDescriptions: configured.application.settings.inputs.map((one) =>
        describeInput(one, configured.application.settings.roleArn, configured.application.run),
      ),
    };
  };
}
