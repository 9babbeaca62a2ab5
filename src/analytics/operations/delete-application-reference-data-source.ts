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

export const DeleteApplicationReferenceDataSourceV1 = operation({
  name: 'DeleteApplicationReferenceDataSource',
  action: 'kinesisanalytics:DeleteApplicationReferenceDataSource',
  resources: applicationResource,
  input: structure('DeleteApplicationReferenceDataSourceRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: required(ApplicationVersionId),
    ReferenceId: required(Id),
  }),
  output: structure('DeleteApplicationReferenceDataSourceResponse', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'UnsupportedOperationException',
  ],
});

export const DeleteApplicationReferenceDataSourceV2 = operation({
  name: 'DeleteApplicationReferenceDataSource',
  action: 'kinesisanalytics:DeleteApplicationReferenceDataSource',
  resources: applicationResource,
  input: structure('DeleteApplicationReferenceDataSourceRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: required(ApplicationVersionId),
    ReferenceId: required(Id),
  }),
  output: structure('DeleteApplicationReferenceDataSourceResponse', {
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

export function deleteApplicationReferenceDataSourceV1(
  parts: OperationParts,
): Handler<typeof DeleteApplicationReferenceDataSourceV1> {
  return async (input, call) => {
    const application = resolveApplicationV1(parts.directory, input, call);
    await configure(parts, application, input, 'DeleteApplicationReferenceDataSource', (settings) => ({
      ...settings,
      references: without(settings.references, 'reference data source', input.ReferenceId),
    }));
    return {};
  };
}

export function deleteApplicationReferenceDataSourceV2(
  parts: OperationParts,
): Handler<typeof DeleteApplicationReferenceDataSourceV2> {
  return async (input, call) => {
    const application = resolveApplication(parts.directory, input, call);
    requireSql(application.name, application.settings);
    const configured = await configure(
      parts,
      application,
      input,
      'DeleteApplicationReferenceDataSource',
      (settings) => ({
        ...settings,
        references: without(settings.references, 'reference data source', input.ReferenceId),
      }),
    );
    return answerOf(configured);
  };
}
