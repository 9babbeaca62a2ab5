import { operation, type Handler } from '../../wire/shape/operation.ts';
import {
  applicationResource,
  resolveApplication,
  resolveApplicationV1,
} from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName, ApplicationVersionId, ResourceARN } from '../shapes/both.ts';
import { ReferenceDataSource as ReferenceDataSourceV1 } from '../shapes/v1/reference-data.ts';
import {
  ReferenceDataSource as ReferenceDataSourceV2,
  ReferenceDataSourceDescriptions as ReferenceDataSourceDescriptionsV2,
} from '../shapes/v2/reference-data.ts';
import { answerOf, configure } from './configure.ts';
import { describeReference, readReference } from '../settings/references.ts';
import { requireSql } from '../directory/versions.ts';
import type { OperationParts } from './parts.ts';

export const AddApplicationReferenceDataSourceV1 = operation({
  name: 'AddApplicationReferenceDataSource',
  action: 'kinesisanalytics:AddApplicationReferenceDataSource',
  resources: applicationResource,
  input: structure('AddApplicationReferenceDataSourceRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: required(ApplicationVersionId),
    ReferenceDataSource: required(ReferenceDataSourceV1),
  }),
  output: structure('AddApplicationReferenceDataSourceResponse', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'UnsupportedOperationException',
  ],
});

export const AddApplicationReferenceDataSourceV2 = operation({
  name: 'AddApplicationReferenceDataSource',
  action: 'kinesisanalytics:AddApplicationReferenceDataSource',
  resources: applicationResource,
  input: structure('AddApplicationReferenceDataSourceRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: required(ApplicationVersionId),
    ReferenceDataSource: required(ReferenceDataSourceV2),
  }),
  output: structure('AddApplicationReferenceDataSourceResponse', {
    ApplicationARN: optional(ResourceARN),
    ApplicationVersionId: optional(ApplicationVersionId),
    ReferenceDataSourceDescriptions: optional(ReferenceDataSourceDescriptionsV2),
  }),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'InvalidRequestException',
  ],
});

export function addApplicationReferenceDataSourceV1(
  parts: OperationParts,
): Handler<typeof AddApplicationReferenceDataSourceV1> {
  return async (input, call) => {
    const application = resolveApplicationV1(parts.directory, input, call);
    await configure(parts, application, input, 'AddApplicationReferenceDataSource', (settings, version) => ({
      ...settings,
      references: [...settings.references, readReference(`${version}.1`, input.ReferenceDataSource)],
    }));
    return {};
  };
}

export function addApplicationReferenceDataSourceV2(
  parts: OperationParts,
): Handler<typeof AddApplicationReferenceDataSourceV2> {
  return async (input, call) => {
    const application = resolveApplication(parts.directory, input, call);
    requireSql(application.name, application.settings);
    const configured = await configure(
      parts,
      application,
      input,
      'AddApplicationReferenceDataSource',
      (settings, version) => ({
        ...settings,
        references: [...settings.references, readReference(`${version}.1`, input.ReferenceDataSource)],
      }),
    );
    return {
      ...answerOf(configured),
      ReferenceDataSourceDescriptions: configured.application.settings.references.map((one) =>
        describeReference(one, configured.application.settings.roleArn),
      ),
    };
  };
}
