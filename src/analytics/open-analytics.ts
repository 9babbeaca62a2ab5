/**
 * Analytics as a whole: opened once, serves until it is disposed. Opening recovers what a crash left and resumes what was pending or ran; disposing
 * ends the applications with a last checkpoint. The log, the catalog and the keys are the caller's. What runs programs is loaded when the first
 * one starts.
 */
import type { Catalog } from '../catalog/catalog.ts';
import { DueWork } from '../catalog/due-work.ts';
import type { Config } from '../config/config.ts';
import type { Host } from '../host/host.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { RecordLog } from '../log/log.ts';
import { openApplications, type CatalogApplications } from './directory/directory.ts';
import type { ApplicationDirectory, ApplicationState } from './directory/application-state.ts';
import type { Discover } from './discovering/discover.ts';
import { completePending } from './lifecycle/complete-pending.ts';
import { recoverApplications } from './lifecycle/recover.ts';
import { StartFailed, type Runner } from './running/runner.ts';
import { createOperatorService, type OperatorService } from './operator/service.ts';
import { analyticsServices, type AnalyticsServices } from './service.ts';
import type { SettingsChecks } from './settings/check-settings.ts';

export type Analytics = AsyncDisposable & {
  readonly services: AnalyticsServices;
  /** Operations of Millrace's own service. */
  readonly operatorService: OperatorService;
  readonly applications: CatalogApplications;
  /** Ends what watches applications, so that a server that drains is not kept by it. */
  drain(): void;
  /** After which position applications that run still need the records of a delivery stream, of which `unit` is the only unit; undefined when none reads it. */
  neededAfter(deliveryStreamArn: string, unit: string): number | undefined;
};

export type AnalyticsParts = {
  readonly host: Pick<Host, 'clock' | 'dice'>;
  readonly config: Pick<Config, 'limits' | 'stateDurationMs'>;
  readonly catalog: Catalog;
  readonly log: RecordLog;
  readonly keys: KeyRing;
  readonly checks: SettingsChecks;
  readonly discover: Discover;
  /** Disposed of with the rest. */
  readonly runner: Runner;
  /** Told of background work that failed and will be tried again. */
  readonly onFailure: (error: unknown, application: ApplicationState) => void;
};

export async function openAnalytics(parts: AnalyticsParts): Promise<Analytics> {
  const { config, catalog, log, keys, runner, onFailure } = parts;
  const { clock, dice } = parts.host;
  const { limits, stateDurationMs } = config;
  const directory = await openApplications(catalog, keys);
  await recoverApplications({ catalog, directory, log, keys });
  /** What ran when the last process ended. */
  const resuming = new Set(
    [...directory.all()].filter(({ status }) => status === 'RUNNING').map(({ id }) => id),
  );

  await using opened = new AsyncDisposableStack();
  opened.use(runner);
  const completeParts = { ...{ catalog, directory, log, keys, clock }, runner };
  opened.use(
    new DueWork({
      clock,
      directory,
      dueMs: ({ id, pending }) => pending?.dueMs ?? (resuming.has(id) ? 0 : undefined),
      async complete(application) {
        if (application.pending !== undefined) resuming.delete(application.id);
        if (resuming.has(application.id)) {
          await resume(runner, application, onFailure);
          resuming.delete(application.id);
        } else await completePending(completeParts, application);
      },
      onFailure,
      pendingMsMax: Math.max(stateDurationMs, 1000),
    }),
  );

  const services = analyticsServices({
    ...{ clock, dice, catalog, directory, keys, limits, stateDurationMs },
    checks: parts.checks,
    discover: parts.discover,
  });
  const draining = new AbortController();
  const operatorService = createOperatorService({
    ...{ catalog, clock, directory, runner },
    draining: draining.signal,
  });
  const life = opened.move();
  return {
    services,
    operatorService,
    applications: directory,
    drain: () => draining.abort(new Error('The server drains')),
    neededAfter: (arn, unit) => neededAfter(directory, runner, arn, unit),
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

/** One that has only begun, or begins again after a restart of the server, may need everything. */
function neededAfter(
  directory: ApplicationDirectory,
  runner: Runner,
  arn: string,
  unit: string,
): number | undefined {
  let needed: number | undefined;
  for (const { id, status, settings } of directory.all()) {
    if (status === 'READY' || status === 'DELETING') continue;
    if (!settings.inputs.some(({ source }) => source.arn === arn)) continue;
    const positions = runner.state(id)?.checkpoint?.positions;
    const position = positions?.find((one) => one.unit === unit)?.position ?? 0;
    needed = Math.min(needed ?? position, position);
  }
  return needed;
}

/** What cannot run as it is configured stays RUNNING, as at AWS, and reads nothing until it is updated or stopped. */
async function resume(
  runner: Runner,
  application: ApplicationState,
  onFailure: AnalyticsParts['onFailure'],
): Promise<void> {
  try {
    await runner.start(application);
  } catch (error) {
    if (!(error instanceof StartFailed)) throw error;
    onFailure(error, application);
  }
}
