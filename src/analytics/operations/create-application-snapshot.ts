import { operation, type Handler } from '../../wire/shape/operation.ts';
import { applicationResource, resolveApplication } from '../directory/resolve-application.ts';
import { required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName } from '../shapes/both.ts';
import { SnapshotName } from '../shapes/v2/names.ts';
import { requireFlink } from '../directory/versions.ts';
import type { OperationParts } from './parts.ts';
import { invalidRequest } from '../directory/application-errors.ts';

export const CreateApplicationSnapshotV2 = operation({
  name: 'CreateApplicationSnapshot',
  action: 'kinesisanalytics:CreateApplicationSnapshot',
  resources: applicationResource,
  input: structure('CreateApplicationSnapshotRequest', {
    ApplicationName: required(ApplicationName),
    SnapshotName: required(SnapshotName),
  }),
  output: structure('CreateApplicationSnapshotResponse', {}),
  errors: [
    'ResourceInUseException',
    'ResourceNotFoundException',
    'LimitExceededException',
    'InvalidArgumentException',
    'UnsupportedOperationException',
    'InvalidRequestException',
    'InvalidApplicationConfigurationException',
  ],
});

/** Of Flink applications, which do not run yet, so that there are no snapshots. */
export function createApplicationSnapshotV2({
  directory,
}: OperationParts): Handler<typeof CreateApplicationSnapshotV2> {
  return (input, call) => {
    const application = resolveApplication(directory, input, call);
    requireFlink(application.name, application.settings);
    throw invalidRequest(
      `Application ${application.name} is not running: a snapshot is taken of one that runs.`,
    );
  };
}
