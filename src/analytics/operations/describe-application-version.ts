import { operation, type Handler } from '../../wire/shape/operation.ts';
import { applicationResource, resolveApplication } from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName, ApplicationVersionId } from '../shapes/both.ts';
import { ApplicationDetail } from '../shapes/v2/application.ts';
import { requireFlink } from '../directory/versions.ts';
import type { OperationParts } from './parts.ts';
import { notFound } from '../directory/application-errors.ts';
import { versionOf } from '../directory/directory.ts';
import { openSettings } from '../directory/sealed-settings.ts';
import { detailV2 } from '../settings/describe.ts';

export const DescribeApplicationVersionV2 = operation({
  name: 'DescribeApplicationVersion',
  action: 'kinesisanalytics:DescribeApplicationVersion',
  resources: applicationResource,
  input: structure('DescribeApplicationVersionRequest', {
    ApplicationName: required(ApplicationName),
    ApplicationVersionId: required(ApplicationVersionId),
  }),
  output: structure('DescribeApplicationVersionResponse', {
    ApplicationVersionDetail: optional(ApplicationDetail),
  }),
  errors: ['InvalidArgumentException', 'ResourceNotFoundException', 'UnsupportedOperationException'],
});

/** "This operation is supported only for Managed Service for Apache Flink" (model). */
export function describeApplicationVersionV2({
  directory,
  catalog,
  keys,
}: OperationParts): Handler<typeof DescribeApplicationVersionV2> {
  return async (input, call) => {
    const application = resolveApplication(directory, input, call);
    requireFlink(application.name, application.settings);
    const { id, name } = application;
    const row = await catalog.read((transaction) =>
      transaction
        .selectFrom('application_versions')
        .selectAll()
        .where('application_id', '=', id)
        .where('version_id', '=', input.ApplicationVersionId)
        .executeTakeFirst(),
    );
    if (row === undefined)
      throw notFound(`Application ${name} has no version ${input.ApplicationVersionId}.`);
    const settings = openSettings(keys, id, row.version_id, row);
    return { ApplicationVersionDetail: detailV2(application, versionOf(row), settings) };
  };
}
