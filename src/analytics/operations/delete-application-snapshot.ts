import { operation, type Handler } from '../../wire/shape/operation.ts';
import { applicationResource, resolveApplication } from '../directory/resolve-application.ts';
import { required, structure, timestamp } from '../../wire/shape/shape.ts';
import { ApplicationName } from '../shapes/both.ts';
import { SnapshotName } from '../shapes/v2/names.ts';
import { requireFlink } from '../directory/versions.ts';
import type { OperationParts } from './parts.ts';
import { notFound } from '../directory/application-errors.ts';

export const DeleteApplicationSnapshotV2 = operation({
  name: 'DeleteApplicationSnapshot',
  action: 'kinesisanalytics:DeleteApplicationSnapshot',
  resources: applicationResource,
  input: structure('DeleteApplicationSnapshotRequest', {
    ApplicationName: required(ApplicationName),
    SnapshotName: required(SnapshotName),
    SnapshotCreationTimestamp: required(timestamp()),
  }),
  output: structure('DeleteApplicationSnapshotResponse', {}),
  errors: [
    'ResourceInUseException',
    'InvalidArgumentException',
    'UnsupportedOperationException',
    'InvalidRequestException',
    'ResourceNotFoundException',
    'ConcurrentModificationException',
  ],
});

/** Of Flink applications, which do not run yet, so that there are no snapshots. */
export function deleteApplicationSnapshotV2({
  directory,
}: OperationParts): Handler<typeof DeleteApplicationSnapshotV2> {
  return (input, call) => {
    const application = resolveApplication(directory, input, call);
    requireFlink(application.name, application.settings);
    throw notFound(`Application ${application.name} has no snapshot ${input.SnapshotName}.`);
  };
}
