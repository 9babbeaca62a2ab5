import { operation, type Handler } from '../../wire/shape/operation.ts';
import {
  applicationResource,
  resolveApplication,
  resolveApplicationV1,
} from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName, ApplicationVersionId, Id, ResourceARN } from '../shapes/both.ts';
import { CloudWatchLoggingOptionDescriptions as CloudWatchLoggingOptionDescriptionsV2 } from '../shapes/v2/logging.ts';
import { ConditionalToken as ConditionalTokenV2, OperationId as OperationIdV2 } from '../shapes/v2/names.ts';
import { answerOf, configure, without } from './configure.ts';
import { describeLogging } from '../settings/logging.ts';
import type { OperationParts } from './parts.ts';

export const DeleteApplicationCloudWatchLoggingOptionV1 = operation({
  name: 'DeleteApplicationCloudWatchLoggingOption',
  action: 'kinesisanalytics:DeleteApplicationCloudWatchLoggingOption',
  resources: applicationResource,
  input: structure('DeleteApplicationCloudWatchLoggingOptionRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: required(ApplicationVersionId),
    CloudWatchLoggingOptionId: required(Id),
  }),
  output: structure('DeleteApplicationCloudWatchLoggingOptionResponse', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'UnsupportedOperationException',
  ],
});

export const DeleteApplicationCloudWatchLoggingOptionV2 = operation({
  name: 'DeleteApplicationCloudWatchLoggingOption',
  action: 'kinesisanalytics:DeleteApplicationCloudWatchLoggingOption',
  resources: applicationResource,
  input: structure('DeleteApplicationCloudWatchLoggingOptionRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: optional(ApplicationVersionId),
    CloudWatchLoggingOptionId: required(Id),
    ConditionalToken: optional(ConditionalTokenV2),
  }),
  output: structure('DeleteApplicationCloudWatchLoggingOptionResponse', {
    ApplicationARN: optional(ResourceARN),
    ApplicationVersionId: optional(ApplicationVersionId),
    CloudWatchLoggingOptionDescriptions: optional(CloudWatchLoggingOptionDescriptionsV2),
    OperationId: optional(OperationIdV2),
  }),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'InvalidRequestException',
    'InvalidApplicationConfigurationException',
  ],
});

export function deleteApplicationCloudWatchLoggingOptionV1(
  parts: OperationParts,
): Handler<typeof DeleteApplicationCloudWatchLoggingOptionV1> {
  return async (input, call) => {
    const application = resolveApplicationV1(parts.directory, input, call);
    await configure(parts, application, input, 'DeleteApplicationCloudWatchLoggingOption', (settings) => ({
      ...settings,
      logging: without(settings.logging, 'logging option', input.CloudWatchLoggingOptionId),
    }));
    return {};
  };
}

export function deleteApplicationCloudWatchLoggingOptionV2(
  parts: OperationParts,
): Handler<typeof DeleteApplicationCloudWatchLoggingOptionV2> {
  return async (input, call) => {
    const application = resolveApplication(parts.directory, input, call);
    const configured = await configure(
      parts,
      application,
      input,
      'DeleteApplicationCloudWatchLoggingOption',
      (settings) => ({
        ...settings,
        logging: without(settings.logging, 'logging option', input.CloudWatchLoggingOptionId),
      }),
    );
    return {
      ...answerOf(configured),
      CloudWatchLoggingOptionDescriptions: configured.application.settings.logging.map((one) =>
        describeLogging(one, configured.application.settings.roleArn),
      ),
      OperationId: configured.operationId,
    };
  };
}
