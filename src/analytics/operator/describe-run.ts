import type { Catalog } from '../../catalog/catalog.ts';
import type { Clock } from '../../host/host.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import {
  double,
  list,
  long,
  optional,
  required,
  string,
  structure,
  timestamp,
} from '../../wire/shape/shape.ts';
import type { ApplicationDirectory } from '../directory/application-state.ts';
import { applicationResource, resolveApplication } from '../directory/resolve-application.ts';
import type { Runner } from '../running/runner.ts';
import { ApplicationName } from '../shapes/both.ts';

const RunCheckpoint = structure('RunCheckpoint', {
  /** Of the state that it holds. */
  Bytes: required(long()),
  TakenTimestamp: required(timestamp()),
  AgeMillis: required(long()),
});

const Failing = structure('Failing', {
  /** The id of an output, or `input`. */
  Id: required(string()),
  Reason: required(string()),
});

/** How a running application does, and what all its runs would be billed. */
export const DescribeRun = operation({
  name: 'DescribeRun',
  action: 'millrace:DescribeRun',
  resources: applicationResource,
  input: structure('DescribeRunInput', { ApplicationName: required(ApplicationName) }),
  output: structure('DescribeRunOutput', {
    ApplicationStatus: required(string()),
    /** Whether this run began with the state of the last one, and if not, why. */
    State: optional(string()),
    Checkpoint: optional(RunCheckpoint),
    /** What the log holds for the checkpoint and the steps after it. */
    StoredBytes: optional(long()),
    /** Since the application was started in this process. */
    RecordsIn: optional(long()),
    BytesIn: optional(long()),
    RowsOut: optional(long()),
    Errors: optional(long()),
    MillisBehindLatest: optional(long()),
    Failing: optional(list(Failing)),
    /** Of all runs together. */
    RunningSeconds: required(long()),
    KpuHours: required(double()),
  }),
  errors: ['ResourceNotFoundException'],
});

export function describeRun(parts: {
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly directory: ApplicationDirectory;
  readonly runner: Runner;
}): Handler<typeof DescribeRun> {
  const { catalog, clock, directory, runner } = parts;
  return async (input, call) => {
    const { id, status } = resolveApplication(directory, input, call);
    const nowMs = clock.now();
    const runs = await catalog.read((transaction) =>
      transaction.selectFrom('application_runs').selectAll().where('application_id', '=', id).execute(),
    );
    let runningMs = 0;
    let kpuMs = 0;
    for (const { started_ms, stopped_ms, kpus } of runs) {
      const tookMs = Math.max(0, (stopped_ms ?? nowMs) - started_ms);
      runningMs += tookMs;
      kpuMs += tookMs * kpus;
    }
    const billed = { RunningSeconds: Math.round(runningMs / 1000), KpuHours: kpuMs / 3_600_000 };
    const state = runner.state(id);
    if (state === undefined) return { ApplicationStatus: status, ...billed };
    const { checkpoint } = state;
    return {
      ApplicationStatus: status,
      State: state.restored,
      Checkpoint: checkpoint && {
        Bytes: state.stateBytes,
        TakenTimestamp: checkpoint.takenMs,
        AgeMillis: Math.max(0, nowMs - checkpoint.takenMs),
      },
      StoredBytes: state.storedBytes,
      RecordsIn: state.recordsIn,
      BytesIn: state.bytesIn,
      RowsOut: state.rowsOut,
      Errors: state.errors,
      MillisBehindLatest: state.behindMs,
      Failing: [...state.failing].map(([Id, Reason]) => ({ Id, Reason })),
      ...billed,
    };
  };
}
