import { operation, type Handler } from '../../wire/shape/operation.ts';
import { applicationResource, resolveApplication } from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName, ApplicationVersionId } from '../shapes/both.ts';
import { ApplicationDetail } from '../shapes/v2/application.ts';
import { OperationId } from '../shapes/v2/names.ts';
import { requireFlink } from '../directory/versions.ts';
import type { OperationParts } from './parts.ts';
import { invalidRequest, resourceInUse } from '../directory/application-errors.ts';
import { requireVersion } from '../directory/versions.ts';

export const RollbackApplicationV2 = operation({
  name: 'RollbackApplication',
  action: 'kinesisanalytics:RollbackApplication',
  resources: applicationResource,
  input: structure('RollbackApplicationRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: required(ApplicationVersionId),
  }),
  output: structure('RollbackApplicationResponse', {
    ApplicationDetail: required(ApplicationDetail),
    OperationId: optional(OperationId),
  }),
  errors: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'ResourceInUseException',
    'InvalidRequestException',
    'ConcurrentModificationException',
    'UnsupportedOperationException',
  ],
});

/** Of Flink applications that run, which none does yet. */
export function rollbackApplicationV2({ directory }: OperationParts): Handler<typeof RollbackApplicationV2> {
  return (input, call) => {
    const { id, name, status, version, settings } = resolveApplication(directory, input, call);
    requireFlink(name, settings);
    requireVersion({ application_id: id, name, version_id: version.id, status }, input);
    if (status !== 'RUNNING' && status !== 'UPDATING') {
      throw resourceInUse(`Application ${name} cannot be rolled back: its status is ${status}.`);
    }
    throw invalidRequest(`Application ${name} has no snapshots, without which it cannot be rolled back.`);
  };
}
