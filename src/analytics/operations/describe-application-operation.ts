import { operation, type Handler } from '../../wire/shape/operation.ts';
import { applicationResource, resolveApplication } from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName } from '../shapes/both.ts';
import { ApplicationOperationInfoDetails } from '../shapes/v2/history.ts';
import { OperationId } from '../shapes/v2/names.ts';
import type { OperationParts } from './parts.ts';
import { notFound } from '../directory/application-errors.ts';

export const DescribeApplicationOperationV2 = operation({
  name: 'DescribeApplicationOperation',
  action: 'kinesisanalytics:DescribeApplicationOperation',
  resources: applicationResource,
  input: structure('DescribeApplicationOperationRequest', {
    ApplicationName: required(ApplicationName),
    OperationId: required(OperationId),
  }),
  output: structure('DescribeApplicationOperationResponse', {
    ApplicationOperationInfoDetails: optional(ApplicationOperationInfoDetails),
  }),
  errors: ['InvalidArgumentException', 'ResourceNotFoundException', 'UnsupportedOperationException'],
});

export function describeApplicationOperationV2({
  directory,
  catalog,
}: OperationParts): Handler<typeof DescribeApplicationOperationV2> {
  return async (input, call) => {
    const { id, name } = resolveApplication(directory, input, call);
    const row = await catalog.read((transaction) =>
      transaction
        .selectFrom('application_operations')
        .selectAll()
        .where('application_id', '=', id)
        .where('operation_id', '=', input.OperationId)
        .executeTakeFirst(),
    );
    if (row === undefined) throw notFound(`Application ${name} has no operation ${input.OperationId}.`);
    const isChange = row.from_version !== row.to_version;
    return {
      ApplicationOperationInfoDetails: {
        Operation: row.operation,
        StartTime: row.started_ms,
        // The shape has it always; of one that goes on it is now, as far as anyone knows.
        EndTime: row.ended_ms ?? row.started_ms,
        OperationStatus: row.status,
        ApplicationVersionChangeDetails: isChange
          ? {
              ApplicationVersionUpdatedFrom: row.from_version,
              ApplicationVersionUpdatedTo: row.to_version,
            }
          : undefined,
        OperationFailureDetails: row.error === null ? undefined : { ErrorInfo: { ErrorString: row.error } },
      },
    };
  };
}
