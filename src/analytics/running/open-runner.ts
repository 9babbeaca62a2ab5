/**
 * Applications at work: each with its source, its program on another thread, its outputs, and its state in a log of its own. Loaded when the first
 * application starts.
 */
import { createHash } from 'node:crypto';
import type { Clock, Dice } from '../../host/host.ts';
import type { Residents } from '../../host/residents.ts';
import type { Functions } from '../../functions/functions.ts';
import type { RecordLog } from '../../log/log.ts';
import type { ObjectStore } from '../../objects/objects.ts';
import { ObjectStoreError } from '../../objects/object-store-error.ts';
import type { RecordSource, StartingPoint } from '../../readers/record-source.ts';
import type { ApplicationState } from '../directory/application-state.ts';
import type { DiscoverParts } from '../discovering/open-discover.ts';
import { ERROR_STREAM, type ExecutionConfig } from '../execution/execution-config.ts';
import { fromKeptPositions } from '../inputs/kept-positions.ts';
import { createPreprocessor } from '../inputs/preprocessor.ts';
import { deliveryOutput, type PutToDeliveryStream } from '../outputs/delivery-output.ts';
import { functionOutput } from '../outputs/function-output.ts';
import type { OutputPort } from '../outputs/output-port.ts';
import { sendRows } from '../outputs/send.ts';
import { streamOutput, type PutToStream } from '../outputs/stream-output.ts';
import { planOf, ProgramFault } from '../program/plan-program.ts';
import { recordSchemaOf, SchemaFault } from '../program/record-schema-of.ts';
import { streamNames, type InputSettings, type OutputSettings, type Settings } from '../settings/settings.ts';
import { LogState } from '../state/log-state.ts';
import { CELLS_PARTITION, STEPS_PARTITION } from '../state/state-records.ts';
import { ApplicationRunner } from './application-runner.ts';
import type { OutputTarget, RunnerInput } from './ports.ts';
import { StartFailed, type Runner } from './runner.ts';

export type OpenRunnerParts = {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly log: RecordLog;
  readonly residents: Residents;
  readonly functions: Functions;
  readonly objects: ObjectStore;
  readonly openSource: DiscoverParts['openSource'];
  readonly putToStream: PutToStream;
  readonly putToDeliveryStream: PutToDeliveryStream;
  /** Told of what failed and is tried again. */
  readonly onFailure: (error: unknown, application: ApplicationState, doing: string) => void;
};

type Running = {
  readonly runner: ApplicationRunner;
  readonly source: Disposable;
  readonly restored: string;
  readonly failing: ReadonlyMap<string, string>;
};

/** How long rows under way may take when an application stops, and when the server does. */
const STOP_MS = 10_000;
const CLOSE_MS = 2_000;

export function openRunner(parts: OpenRunnerParts): Runner {
  const running = new Map<string, Running>();
  const starting = new Map<string, Promise<void>>();

  async function stop(id: string, graceMs: number): Promise<void> {
    await starting.get(id)?.catch(() => {});
    const found = running.get(id);
    if (found === undefined) return;
    running.delete(id);
    await found.runner.stop(graceMs);
    found.source[Symbol.dispose]();
  }

  return {
    async start(application) {
      const { id } = application;
      if (running.has(id)) return;
      let begun = starting.get(id);
      if (begun === undefined) {
        begun = begin(parts, application).then((begun) => void running.set(id, begun));
        starting.set(id, begun);
      }
      try {
        await begun;
      } finally {
        starting.delete(id);
      }
    },
    stop: (id, how) => stop(id, how === 'at once' ? 0 : STOP_MS),
    state(id) {
      const found = running.get(id);
      if (found === undefined) return undefined;
      const { runner, restored, failing } = found;
      return { ...runner.status(), restored, failing };
    },
    watch: (id, onSample) => running.get(id)?.runner.watch(onSample),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(
        [...new Set([...running.keys(), ...starting.keys()])].map((id) => stop(id, CLOSE_MS)),
      );
    },
  };
}

async function begin(parts: OpenRunnerParts, application: ApplicationState): Promise<Running> {
  const { clock, log, residents, onFailure } = parts;
  const { id, settings } = application;
  const [input] = settings.inputs;
  if (input === undefined) throw new StartFailed('The application has no input.');
  const config = await configOf(parts, application);
  const { kind, arn } = input.source;
  const source = parts.openSource(kind, arn, application);
  if (source === undefined) throw new StartFailed(`${arn} is not there.`);
  try {
    await log.createLog(id, [STEPS_PARTITION, CELLS_PARTITION]);
    const { resumes, restored, positioned } = await stateOf(parts, application, input, source);
    const failing = new Map<string, string>();
    const known = new Set([ERROR_STREAM, ...config.plan.streams.map(({ name }) => name)]);
    for (const { id: output, name } of settings.outputs) {
      if (!known.has(name)) failing.set(output, `The program has no stream ${name}: nothing can come.`);
    }
    const runner = new ApplicationRunner({
      ...{ clock, residents, config },
      state: new LogState({ log, clock, logId: id }),
      fingerprint: fingerprintOf(settings),
      inputs: [runnerInput(parts, application, input, positioned, failing)],
      outputs: settings.outputs.map((output) => outputTarget(parts, application, output, failing)),
      onFailure: (error, doing) => onFailure(error, application, doing),
    });
    await runner.start(resumes);
    return { runner, source, restored, failing };
  } catch (error) {
    source[Symbol.dispose]();
    throw error;
  }
}

/** Throws `StartFailed` for what will not work later either. */
async function configOf(
  { objects }: OpenRunnerParts,
  { id, settings, run }: ApplicationState,
): Promise<Omit<ExecutionConfig, 'cells'>> {
  try {
    const plan = planOf(settings, false);
    return {
      plan,
      inputs: settings.inputs.map((input) => ({
        streams: streamNames(input),
        schema: recordSchemaOf(input.schema),
        hasShards: input.source.kind === 'stream',
      })),
      tables: await Promise.all(
        settings.references.map(async ({ tableName, bucketArn, fileKey, schema }) => {
          const bucket = bucketArn.slice(bucketArn.lastIndexOf(':') + 1);
          const { body } = await objects.get(bucket, fileKey);
          return { table: tableName, schema: recordSchemaOf(schema), object: body };
        }),
      ),
      outputs: settings.outputs.map(({ name, format, destination }) => ({
        stream: name,
        format,
        // Objects of rows without ends cannot be read.
        endsLines: destination.kind === 'delivery-stream',
      })),
      startMs: run?.startMs ?? 0,
      seed: createHash('md5').update(id).digest().readUInt32BE(0),
    };
  } catch (error) {
    if (error instanceof ProgramFault || error instanceof SchemaFault) throw new StartFailed(error.message);
    if (error instanceof ObjectStoreError && error.code.startsWith('NoSuch')) {
      throw new StartFailed(`The reference data cannot be read: ${error.message}`);
    }
    throw error;
  }
}

/** Names what the state of a program depends on. */
function fingerprintOf({ code, inputs, references }: Settings): string {
  const named = {
    code: code.kind === 'text' ? code.text : '',
    inputs: inputs.map((input) => [streamNames(input), input.source.arn, input.schema]),
    references: references.map(({ tableName, schema }) => [tableName, schema]),
  };
  return createHash('sha256').update(JSON.stringify(named)).digest('hex');
}

type KeptState = {
  readonly resumes: boolean;
  /** In words, for whoever asks. */
  readonly restored: string;
  /** The source, beginning where this start begins. */
  readonly positioned: RecordSource;
};

/** What of the last run this start goes on with. */
async function stateOf(
  { clock, log }: OpenRunnerParts,
  { id, settings, run, pending }: ApplicationState,
  input: InputSettings,
  source: RecordSource,
): Promise<KeptState> {
  const asked = run?.positions[input.id] ?? 'NOW';
  // A server that was started again, and an application that was updated, go on; only a start of its own begins where it was asked to.
  if (pending?.kind === 'start' && asked !== 'LAST_STOPPED_POINT') {
    return { resumes: false, restored: `empty: it was started at ${asked}`, positioned: source };
  }
  const { checkpoint } = await new LogState({ log, clock, logId: id }).load();
  if (checkpoint === undefined) {
    return { resumes: false, restored: 'empty: there was no state', positioned: source };
  }
  if (checkpoint.fingerprint === fingerprintOf(settings)) {
    return { resumes: true, restored: 'restored', positioned: source };
  }
  return {
    resumes: false,
    restored: 'empty: the code, its input or its reference data were changed',
    positioned: fromKeptPositions(source, checkpoint.positions),
  };
}

function runnerInput(
  parts: OpenRunnerParts,
  application: ApplicationState,
  input: InputSettings,
  source: RecordSource,
  failing: Map<string, string>,
): RunnerInput {
  const hasShards = input.source.kind === 'stream';
  const streams = input.parallelism ?? 1;
  const asked = application.run?.positions[input.id];
  const start: StartingPoint = { kind: asked === 'TRIM_HORIZON' ? 'oldest' : 'latest' };
  const { processor } = input;
  return {
    ...{ source, start, hasShards, streams },
    shardOf: (unit) => (hasShards ? shardOf(unit) : undefined),
    streamOf: (unit) => (hasShards ? Number(shardOf(unit).replace(/\D+/, '')) % streams : 0),
    preprocessor:
      processor &&
      createPreprocessor({
        ...parts,
        arn: processor.arn,
        applicationArn: application.arn,
        streamArn: input.source.arn,
        onState: (reason) => note(failing, 'input', reason),
      }),
  };
}

/** The stream's id stands before it. */
function shardOf(unit: string): string {
  return unit.slice(unit.lastIndexOf('/') + 1);
}

function outputTarget(
  parts: OpenRunnerParts,
  application: ApplicationState,
  { id, destination }: OutputSettings,
  failing: Map<string, string>,
): OutputTarget {
  const port = portOf(parts, application, destination);
  const onState = (reason: string | undefined): void => note(failing, id, reason);
  return { deliver: (rows, signal) => sendRows({ clock: parts.clock, port, onState }, rows, signal) };
}

function portOf(
  parts: OpenRunnerParts,
  { arn: applicationArn }: ApplicationState,
  { kind, arn }: OutputSettings['destination'],
): OutputPort {
  if (kind === 'stream') return streamOutput(arn, parts.putToStream);
  if (kind === 'delivery-stream') return deliveryOutput(arn, parts.putToDeliveryStream);
  return functionOutput(arn, applicationArn, parts);
}

function note(failing: Map<string, string>, id: string, reason: string | undefined): void {
  if (reason === undefined) failing.delete(id);
  else failing.set(id, reason);
}
