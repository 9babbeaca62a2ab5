import { operation, type Handler } from '../../wire/shape/operation.ts';
import { applicationResource, resolveApplication } from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName } from '../shapes/both.ts';
import { ApplicationOperationInfoList } from '../shapes/v2/history.ts';
import {
  ListApplicationOperationsInputLimit,
  NextToken,
  Operation,
  OperationStatus,
} from '../shapes/v2/names.ts';
import type { OperationParts } from './parts.ts';
import { pageAfter } from './pages.ts';

export const ListApplicationOperationsV2 = operation({
  name: 'ListApplicationOperations',
  action: 'kinesisanalytics:ListApplicationOperations',
  resources: applicationResource,
  input: structure('ListApplicationOperationsRequest', {
    ApplicationName: required(ApplicationName),
    Limit: optional(ListApplicationOperationsInputLimit),
    NextToken: optional(NextToken),
    Operation: optional(Operation),
    OperationStatus: optional(OperationStatus),
  }),
  output: structure('ListApplicationOperationsResponse', {
    ApplicationOperationInfoList: optional(ApplicationOperationInfoList),
    NextToken: optional(NextToken),
  }),
  errors: ['InvalidArgumentException', 'ResourceNotFoundException', 'UnsupportedOperationException'],
});

/** The newest first. */
export function listApplicationOperationsV2({
  directory,
  catalog,
}: OperationParts): Handler<typeof ListApplicationOperationsV2> {
  return async (input, call) => {
    const { id } = resolveApplication(directory, input, call);
    const rows = await catalog.read((transaction) =>
      transaction
        .selectFrom('application_operations')
        .selectAll()
        .where('application_id', '=', id)
        .orderBy('started_ms', 'desc')
        .orderBy('operation_id')
        .execute(),
    );
    const wanted = rows.filter(
      (row) =>
        (input.Operation === undefined || row.operation === input.Operation) &&
        (input.OperationStatus === undefined || row.status === input.OperationStatus),
    );
    const { page, nextToken } = pageAfter(wanted, ({ operation_id }) => operation_id, input);
    return {
      ApplicationOperationInfoList: page.map((row) => ({
        Operation: row.operation,
        OperationId: row.operation_id,
        StartTime: row.started_ms,
        EndTime: row.ended_ms ?? undefined,
        OperationStatus: row.status,
      })),
      NextToken: nextToken,
    };
  };
}
