import { operation, type Handler } from '../../wire/shape/operation.ts';
import { applicationResource, resolveApplication } from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName } from '../shapes/both.ts';
import { ApplicationVersionSummaries } from '../shapes/v2/history.ts';
import { ListApplicationVersionsInputLimit, NextToken } from '../shapes/v2/names.ts';
import { requireFlink } from '../directory/versions.ts';
import type { OperationParts } from './parts.ts';
import { pageAfter } from './pages.ts';

export const ListApplicationVersionsV2 = operation({
  name: 'ListApplicationVersions',
  action: 'kinesisanalytics:ListApplicationVersions',
  resources: applicationResource,
  input: structure('ListApplicationVersionsRequest', {
    ApplicationName: required(ApplicationName),
    Limit: optional(ListApplicationVersionsInputLimit),
    NextToken: optional(NextToken),
  }),
  output: structure('ListApplicationVersionsResponse', {
    ApplicationVersionSummaries: optional(ApplicationVersionSummaries),
    NextToken: optional(NextToken),
  }),
  errors: ['InvalidArgumentException', 'ResourceNotFoundException', 'UnsupportedOperationException'],
});

/** The newest first. "This operation is supported only for Managed Service for Apache Flink" (model). */
export function listApplicationVersionsV2({
  directory,
  catalog,
}: OperationParts): Handler<typeof ListApplicationVersionsV2> {
  return async (input, call) => {
    const application = resolveApplication(directory, input, call);
    requireFlink(application.name, application.settings);
    const rows = await catalog.read((transaction) =>
      transaction
        .selectFrom('application_versions')
        .select(['version_id', 'last_status'])
        .where('application_id', '=', application.id)
        .orderBy('version_id', 'desc')
        .execute(),
    );
    const { page, nextToken } = pageAfter(rows, ({ version_id }) => String(version_id), input);
    return {
      ApplicationVersionSummaries: page.map((row) => ({
        ApplicationVersionId: row.version_id,
        ApplicationStatus: row.last_status ?? application.status,
      })),
      NextToken: nextToken,
    };
  };
}
