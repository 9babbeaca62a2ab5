/** What the catalog knows of an application: the snapshot that operations and the engine work with. */
import { awsPartition } from '../../base/aws-partition.ts';
import type { ApplicationRow } from '../../catalog/tables.ts';
import type { Pending } from '../lifecycle/pending.ts';
import type { Run } from '../lifecycle/run.ts';
import type { Settings } from '../settings/settings.ts';

export type ApplicationStatus = ApplicationRow['status'];

export type ApplicationVersion = {
  readonly id: number;
  readonly createdMs: number;
  readonly updatedFrom: number | undefined;
  readonly rolledBackFrom: number | undefined;
  readonly rolledBackTo: number | undefined;
};

export type ApplicationState = {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly status: ApplicationStatus;
  readonly createdMs: number;
  readonly updatedMs: number;
  /** The newest. */
  readonly version: ApplicationVersion;
  /** Of the newest version. */
  readonly settings: Settings;
  readonly conditionalToken: string;
  readonly maintenanceStart: string;
  /** The last start. */
  readonly run: Run | undefined;
  /** What it is doing in a transitional status; undefined when settled. */
  readonly pending: Pending | undefined;
  /** Grows with each change. */
  readonly change: number;
};

/** Read access to the applications in memory, synchronous, for every operation. */
export interface ApplicationDirectory {
  byName(account: string, region: string, name: string): ApplicationState | undefined;
  byId(id: string): ApplicationState | undefined;
  /** All of an account and region, by name ascending. */
  list(account: string, region: string): readonly ApplicationState[];
  all(): Iterable<ApplicationState>;
  /** Told of each change in the order of the commits; `now` is undefined once it is deleted. */
  watch(
    onChange: (before: ApplicationState | undefined, now: ApplicationState | undefined) => void,
  ): Disposable;
}

export function applicationArn(region: string, account: string, name: string): string {
  return `arn:${awsPartition(region)}:kinesisanalytics:${region}:${account}:application/${name}`;
}

/** Another one for each version, and for one of the same name that was made anew. */
export function conditionalTokenOf(id: string, version: number): string {
  return Buffer.from(`${id}/${version}`).toString('base64url');
}
