import { operation, type Handler } from '../../wire/shape/operation.ts';
import { applicationResource, resolveApplication } from '../directory/resolve-application.ts';
import { required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName } from '../shapes/both.ts';
import { SnapshotName } from '../shapes/v2/names.ts';
import { SnapshotDetails } from '../shapes/v2/snapshots.ts';
import { requireFlink } from '../directory/versions.ts';
import type { OperationParts } from './parts.ts';
import { notFound } from '../directory/application-errors.ts';

export const DescribeApplicationSnapshotV2 = operation({
  name: 'DescribeApplicationSnapshot',
  action: 'kinesisanalytics:DescribeApplicationSnapshot',
  resources: applicationResource,
  input: structure('DescribeApplicationSnapshotRequest', {
    ApplicationName: required(ApplicationName),
    SnapshotName: required(SnapshotName),
  }),
  output: structure('DescribeApplicationSnapshotResponse', { SnapshotDetails: required(SnapshotDetails) }),
  errors: ['ResourceNotFoundException', 'InvalidArgumentException', 'UnsupportedOperationException'],
});

/** Of Flink applications, which do not run yet, so that there are no snapshots. */
export function describeApplicationSnapshotV2({
  directory,
}: OperationParts): Handler<typeof DescribeApplicationSnapshotV2> {
  return (input, call) => {
    const application = resolveApplication(directory, input, call);
    requireFlink(application.name, application.settings);
    throw notFound(`Application ${application.name} has no snapshot ${input.SnapshotName}.`);
  };
}
