import { operation, type Handler } from '../../wire/shape/operation.ts';
import {
  applicationResource,
  resolveApplication,
  resolveApplicationV1,
} from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName, ApplicationVersionId, ResourceARN } from '../shapes/both.ts';
import { CloudWatchLoggingOption as CloudWatchLoggingOptionV1 } from '../shapes/v1/logging.ts';
import {
  CloudWatchLoggingOption as CloudWatchLoggingOptionV2,
  CloudWatchLoggingOptionDescriptions as CloudWatchLoggingOptionDescriptionsV2,
} from '../shapes/v2/logging.ts';
import { ConditionalToken as ConditionalTokenV2, OperationId as OperationIdV2 } from '../shapes/v2/names.ts';
import { answerOf, configure } from './configure.ts';
import { describeLogging, readLogging } from '../settings/logging.ts';
import type { OperationParts } from './parts.ts';

export const AddApplicationCloudWatchLoggingOptionV1 = operation({
  name: 'AddApplicationCloudWatchLoggingOption',
  action: 'kinesisanalytics:AddApplicationCloudWatchLoggingOption',
  resources: applicationResource,
  input: structure('AddApplicationCloudWatchLoggingOptionRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: required(ApplicationVersionId),
    CloudWatchLoggingOption: required(CloudWatchLoggingOptionV1),
  }),
  output: structure('AddApplicationCloudWatchLoggingOptionResponse', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'UnsupportedOperationException',
  ],
});

export const AddApplicationCloudWatchLoggingOptionV2 = operation({
  name: 'AddApplicationCloudWatchLoggingOption',
  action: 'kinesisanalytics:AddApplicationCloudWatchLoggingOption',
  resources: applicationResource,
  input: structure('AddApplicationCloudWatchLoggingOptionRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: optional(ApplicationVersionId),
    CloudWatchLoggingOption: required(CloudWatchLoggingOptionV2),
    ConditionalToken: optional(ConditionalTokenV2),
  }),
  output: structure('AddApplicationCloudWatchLoggingOptionResponse', {
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

export function addApplicationCloudWatchLoggingOptionV1(
  parts: OperationParts,
): Handler<typeof AddApplicationCloudWatchLoggingOptionV1> {
  return async (input, call) => {
    const application = resolveApplicationV1(parts.directory, input, call);
    await configure(
      parts,
      application,
      input,
      'AddApplicationCloudWatchLoggingOption',
      (settings, version) => ({
        ...settings,
        logging: [...settings.logging, readLogging(`${version}.1`, input.CloudWatchLoggingOption)],
      }),
    );
    return {};
  };
}

export function addApplicationCloudWatchLoggingOptionV2(
  parts: OperationParts,
): Handler<typeof AddApplicationCloudWatchLoggingOptionV2> {
  return async (input, call) => {
    const application = resolveApplication(parts.directory, input, call);
    const configured = await configure(
      parts,
      application,
      input,
      'AddApplicationCloudWatchLoggingOption',
      (settings, version) => ({
        ...settings,
        logging: [...settings.logging, readLogging(`${version}.1`, input.CloudWatchLoggingOption)],
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
