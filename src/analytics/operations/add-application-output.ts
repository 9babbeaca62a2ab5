import { operation, type Handler } from '../../wire/shape/operation.ts';
import {
  applicationResource,
  resolveApplication,
  resolveApplicationV1,
} from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName, ApplicationVersionId, ResourceARN } from '../shapes/both.ts';
import { Output as OutputV1 } from '../shapes/v1/outputs.ts';
import { Output as OutputV2, OutputDescriptions as OutputDescriptionsV2 } from '../shapes/v2/outputs.ts';
import { answerOf, configure } from './configure.ts';
import { describeOutput, readOutput } from '../settings/outputs.ts';
import { requireSql } from '../directory/versions.ts';
import type { OperationParts } from './parts.ts';

export const AddApplicationOutputV1 = operation({
  name: 'AddApplicationOutput',
  action: 'kinesisanalytics:AddApplicationOutput',
  resources: applicationResource,
  input: structure('AddApplicationOutputRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: required(ApplicationVersionId),
    Output: required(OutputV1),
  }),
  output: structure('AddApplicationOutputResponse', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'UnsupportedOperationException',
  ],
});

export const AddApplicationOutputV2 = operation({
  name: 'AddApplicationOutput',
  action: 'kinesisanalytics:AddApplicationOutput',
  resources: applicationResource,
  input: structure('AddApplicationOutputRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: required(ApplicationVersionId),
    Output: required(OutputV2),
  }),
  output: structure('AddApplicationOutputResponse', {
    ApplicationARN: optional(ResourceARN),
    ApplicationVersionId: optional(ApplicationVersionId),
    OutputDescriptions: optional(OutputDescriptionsV2),
  }),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'InvalidRequestException',
  ],
});

export function addApplicationOutputV1(parts: OperationParts): Handler<typeof AddApplicationOutputV1> {
  return async (input, call) => {
    const application = resolveApplicationV1(parts.directory, input, call);
    await configure(parts, application, input, 'AddApplicationOutput', (settings, version) => ({
      ...settings,
      outputs: [...settings.outputs, readOutput(`${version}.1`, input.Output)],
    }));
    return {};
  };
}

export function addApplicationOutputV2(parts: OperationParts): Handler<typeof AddApplicationOutputV2> {
  return async (input, call) => {
    const application = resolveApplication(parts.directory, input, call);
    requireSql(application.name, application.settings);
    const configured = await configure(
      parts,
      application,
      input,
      'AddApplicationOutput',
      (settings, version) => ({
        ...settings,
        outputs: [...settings.outputs, readOutput(`${version}.1`, input.Output)],
      }),
    );
    return {
      ...answerOf(configured),
      OutputDescriptions: configured.application.settings.outputs.map((one) =>
        describeOutput(one, configured.application.settings.roleArn),
      ),
    };
  };
}
