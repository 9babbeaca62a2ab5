/** Which version of an application a change is meant for. */
import { isSql, type Settings } from '../settings/settings.ts';
import {
  concurrentModification,
  invalidArgument,
  resourceInUse,
  unsupportedOperation,
} from './application-errors.ts';
import { conditionalTokenOf, type ApplicationStatus } from './application-state.ts';

type Meant = {
  readonly CurrentApplicationVersionId?: number | undefined;
  readonly ConditionalToken?: string | undefined;
};

type Row = {
  readonly application_id: string;
  readonly name: string;
  readonly version_id: number;
  readonly status: ApplicationStatus;
};

/** Throws InvalidArgumentException when neither is given, ConcurrentModificationException when the application has moved on. */
export function requireVersion(
  row: Row,
  { CurrentApplicationVersionId: version, ConditionalToken: token }: Meant,
): void {
  if (version === undefined && token === undefined) {
    throw invalidArgument('Either CurrentApplicationVersionId or ConditionalToken must be provided.');
  }
  if (version !== undefined && version !== row.version_id) {
    throw concurrentModification(
      `Application ${row.name} is at version ${row.version_id}, and the request is for version ${version}.`,
    );
  }
  if (token !== undefined && token !== conditionalTokenOf(row.application_id, row.version_id)) {
    throw concurrentModification(
      `The conditional token is not of the current version of application ${row.name}.`,
    );
  }
}

/** What is configured changes while it rests or runs, and not on the way. Throws ResourceInUseException. */
export function requireSettled(row: Pick<Row, 'name' | 'status'>): void {
  if (row.status === 'READY' || row.status === 'RUNNING') return;
  throw resourceInUse(`Application ${row.name} is in status ${row.status}: it cannot be changed now.`);
}

/** Throws UnsupportedOperationException unless it is an application of SQL. */
export function requireSql(name: string, settings: Pick<Settings, 'runtime'>): void {
  if (isSql(settings)) return;
  throw unsupportedOperation(
    `Operation is not supported for runtime environment ${settings.runtime} of application ${name}: it is of SQL applications.`,
  );
}

/** Throws UnsupportedOperationException when it is one. */
export function requireFlink(name: string, settings: Pick<Settings, 'runtime'>): void {
  if (!isSql(settings)) return;
  throw unsupportedOperation(
    `Operation is not supported for runtime environment ${settings.runtime} of application ${name}.`,
  );
}
