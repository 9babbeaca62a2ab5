import { operation, type Handler } from '../../wire/shape/operation.ts';
import { applicationResource, resolveApplication } from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName } from '../shapes/both.ts';
import { ListSnapshotsInputLimit, NextToken } from '../shapes/v2/names.ts';
import { SnapshotSummaries } from '../shapes/v2/snapshots.ts';
import { requireFlink } from '../directory/versions.ts';
import type { OperationParts } from './parts.ts';

export const ListApplicationSnapshotsV2 = operation({
  name: 'ListApplicationSnapshots',
  action: 'kinesisanalytics:ListApplicationSnapshots',
  resources: applicationResource,
  input: structure('ListApplicationSnapshotsRequest', {
    ApplicationName: required(ApplicationName),
    Limit: optional(ListSnapshotsInputLimit),
    NextToken: optional(NextToken),
  }),
  output: structure('ListApplicationSnapshotsResponse', {
    SnapshotSummaries: optional(SnapshotSummaries),
    NextToken: optional(NextToken),
  }),
  errors: ['InvalidArgumentException', 'UnsupportedOperationException'],
});

/** Of Flink applications, which do not run yet, so that there are no snapshots. */
export function listApplicationSnapshotsV2({
  directory,
}: OperationParts): Handler<typeof ListApplicationSnapshotsV2> {
  return (input, call) => {
    const application = resolveApplication(directory, input, call);
    requireFlink(application.name, application.settings);
    return { SnapshotSummaries: [] };
  };
}
