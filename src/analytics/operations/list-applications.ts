import { operation, type Handler } from '../../wire/shape/operation.ts';
import { noResource } from '../directory/resolve-application.ts';
import { boolean, optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName, ListApplicationsInputLimit } from '../shapes/both.ts';
import { ApplicationSummaries as ApplicationSummariesV1 } from '../shapes/v1/application.ts';
import { ApplicationSummaries as ApplicationSummariesV2 } from '../shapes/v2/application.ts';
import { accountOf } from './configure.ts';
import { summaryV1, summaryV2 } from '../settings/describe.ts';
import { isSql } from '../settings/settings.ts';
import type { OperationParts } from './parts.ts';

export const ListApplicationsV1 = operation({
  name: 'ListApplications',
  action: 'kinesisanalytics:ListApplications',
  resources: noResource,
  input: structure('ListApplicationsRequest', {
    Limit: optional(ListApplicationsInputLimit),
    ExclusiveStartApplicationName: optional(ApplicationName),
  }),
  output: structure('ListApplicationsResponse', {
    ApplicationSummaries: required(ApplicationSummariesV1),
    HasMoreApplications: required(boolean()),
  }),
  errors: [],
});

export const ListApplicationsV2 = operation({
  name: 'ListApplications',
  action: 'kinesisanalytics:ListApplications',
  resources: noResource,
  input: structure('ListApplicationsRequest', {
    Limit: optional(ListApplicationsInputLimit),
    NextToken: optional(ApplicationName),
  }),
  output: structure('ListApplicationsResponse', {
    ApplicationSummaries: required(ApplicationSummariesV2),
    NextToken: optional(ApplicationName),
  }),
  errors: ['InvalidRequestException'],
});

/** Applications that a page has when the request does not say how many. */
const PAGE = 50;

/** In the order of their names; of SQL only. */
export function listApplicationsV1({ directory }: OperationParts): Handler<typeof ListApplicationsV1> {
  return (input, call) => {
    const { account, region } = accountOf(call);
    const after = input.ExclusiveStartApplicationName ?? '';
    const listed = directory
      .list(account, region)
      .filter(({ name, settings }) => name > after && isSql(settings));
    const page = listed.slice(0, input.Limit ?? PAGE);
    return { ApplicationSummaries: page.map(summaryV1), HasMoreApplications: page.length < listed.length };
  };
}

/** The NextToken is the last name of a page, as its shape says. */
export function listApplicationsV2({ directory }: OperationParts): Handler<typeof ListApplicationsV2> {
  return (input, call) => {
    const { account, region } = accountOf(call);
    const after = input.NextToken ?? '';
    const listed = directory.list(account, region).filter(({ name }) => name > after);
    const page = listed.slice(0, input.Limit ?? PAGE);
    return {
      ApplicationSummaries: page.map(summaryV2),
      NextToken: page.length < listed.length ? page.at(-1)!.name : undefined,
    };
  };
}
