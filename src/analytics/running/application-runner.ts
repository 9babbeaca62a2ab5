/**
 * One application at work. Readers fill a batch; a batch becomes a step: its records and a time. The step is computed on another thread, recorded, and
 * then its rows leave; a checkpoint follows every few seconds. One step after another, so that a checkpoint never holds what has not left.
 *
 * After a restart the steps that no checkpoint has in it are done again with the same records and times, and their rows leave again, the same to the byte.
 */
import type { Clock } from '../../host/host.ts';
import type { Resident, Residents } from '../../host/residents.ts';
import { Reader } from '../../readers/reader.ts';
import type { RecordSource, SourceRead } from '../../readers/record-source.ts';
import { assert } from '../../base/assert.ts';
import { execution } from '../execution/execution.ts';
import type {
  ExecutionAnswer,
  ExecutionCall,
  StepAnswer,
  StepPart,
  StreamSample,
} from '../execution/execution-calls.ts';
import type { ExecutionConfig } from '../execution/execution-config.ts';
import type {
  ApplicationState,
  CellChange,
  Checkpoint,
  LoadedState,
  Step,
} from '../state/application-state.ts';
import { Batch, type BatchUnit, inputRecords, piecesOf, stepPart, type Wanted } from './batch.ts';
import type { OutputTarget, RunnerInput } from './ports.ts';

/** Of records in one step: what a thread computes in some ten milliseconds. */
const STEP_BYTES_MAX = 1024 * 1024;
/** Small, because reading takes the thread that answers requests. */
const READ_RECORDS_MAX = 1_000;
const READ_BYTES_MAX = 256 * 1024;
const PARALLEL_READS = 4;
/** Without records time goes on in steps of this length, so that windows end. */
const BOUND_MS = 250;
/** Steps are no shorter: each costs a write, and rows that wait this long are still fresh. */
const STEP_MS_MIN = 40;
const CHECKPOINT_MS = 8_000;
const FAILURE_PAUSE_MS = 1_000;
const SAMPLE_ROWS = 10;

export type RunnerParts = {
  readonly clock: Clock;
  readonly residents: Residents;
  readonly state: ApplicationState;
  readonly config: Omit<ExecutionConfig, 'cells'>;
  readonly inputs: readonly RunnerInput[];
  /** In the order of the configuration's outputs. */
  readonly outputs: readonly OutputTarget[];
  /** Names the program and its inputs: a state of other ones is not taken. */
  readonly fingerprint: string;
  /** What failed and is tried again, for the log of the server. */
  readonly onFailure: (error: unknown, doing: string) => void;
};

export type RunnerStatus = {
  readonly checkpoint: Checkpoint | undefined;
  readonly stateBytes: number;
  readonly storedBytes: number;
  readonly step: number;
  readonly recordsIn: number;
  readonly bytesIn: number;
  readonly rowsOut: number;
  readonly errors: number;
  /** How far behind the newest record of its input it was at the last step; 0 without records. */
  readonly behindMs: number;
};

export type Sampled = { readonly nowMs: number; readonly streams: readonly StreamSample[] };

type StepCall = ExecutionCall & { readonly kind: 'step' };
type Thread = Resident<ExecutionCall, ExecutionAnswer>;
type Position = { position: number; isFinished: boolean };

export class ApplicationRunner implements AsyncDisposable {
  readonly #parts: RunnerParts;
  /** Nothing new is begun. */
  readonly #leaving = new AbortController();
  /** Nothing is waited for either. */
  readonly #stopping = new AbortController();
  readonly #watchers = new Set<(sampled: Sampled) => void>();
  /** Up to where everything of a unit is in a step that has left. */
  #positions = new Map<string, Position>();
  #readers: readonly Reader[] = [];
  #batch = new Batch();
  #thread: Thread | undefined;
  #step = 0;
  #nowMs = 0;
  #checkpointedMs = 0;
  #checkpointedStep = 0;
  /** Changes that a failed checkpoint has not written. */
  #unwritten = new Map<string, CellChange>();
  #wake: () => void = () => {};
  #running: Promise<void> | undefined;
  #counts = { recordsIn: 0, bytesIn: 0, rowsOut: 0, errors: 0, behindMs: 0 };

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when it is at work, and its place in the input is durable.
   * @param resumes Goes on from the state that is there, if it is of this program; else it begins anew, and says so.
   */
  async start(resumes: boolean): Promise<{ readonly resumed: boolean }> {
    const { state, fingerprint } = this.#parts;
    const loaded = await state.load();
    const resumed = resumes && loaded.checkpoint?.fingerprint === fingerprint;
    this.#step = Math.max(loaded.checkpoint?.step ?? 0, loaded.steps.at(-1)?.number ?? 0);
    this.#nowMs = Math.max(loaded.checkpoint?.nowMs ?? 0, loaded.steps.at(-1)?.nowMs ?? 0);
    let from: LoadedState = loaded;
    if (!resumed) {
      const checkpoint = await this.#freshCheckpoint();
      await state.startEmpty(checkpoint);
      from = { checkpoint, cells: new Map(), steps: [] };
    }
    this.#running = this.#run(from);
    return { resumed };
  }

  /** Rows of every stream from now on, a few of each step. */
  watch(onSample: (sampled: Sampled) => void): Disposable {
    this.#watchers.add(onSample);
    return { [Symbol.dispose]: () => void this.#watchers.delete(onSample) };
  }

  status(): RunnerStatus {
    const { checkpoint, cellBytes, storedBytes } = this.#parts.state.describe();
    return { checkpoint, stateBytes: cellBytes, storedBytes, step: this.#step, ...this.#counts };
  }

  /** The same, but waits so long until the step under way has left, so that the last checkpoint has it in it and nothing is repeated. */
  async stop(graceMs: number): Promise<void> {
    this.#leaving.abort(new Error('The application stops'));
    this.#wake();
    const timer = this.#parts.clock.timer(graceMs, () => this.#stopping.abort(this.#leaving.signal.reason));
    await this.#running;
    timer.cancel();
    await this[Symbol.asyncDispose]();
  }

  /** Takes nothing more, and keeps what was done in a last checkpoint, where that is possible at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    const reason = new Error('The application stops');
    this.#leaving.abort(reason);
    this.#stopping.abort(reason);
    this.#wake();
    await this.#running;
  }

  async #freshCheckpoint(): Promise<Checkpoint> {
    const { clock, inputs, fingerprint } = this.#parts;
    const positions = await Promise.all(
      inputs.flatMap(({ source, start }) =>
        source.units().map(async ({ id }) => ({
          unit: id,
          position: await source.positionAt(id, start),
          isFinished: false,
        })),
      ),
    );
    const takenMs = clock.now();
    return { step: this.#step, nowMs: Math.max(this.#nowMs, takenMs), positions, takenMs, fingerprint };
  }

  async #run(first: LoadedState): Promise<void> {
    let from: LoadedState | undefined = first;
    const { clock, onFailure, state } = this.#parts;
    const { signal } = this.#leaving;
    while (!signal.aborted) {
      try {
        // Its thread is gone with the state; what is durable is where it goes on, and nothing older.
        from ??= await state.load();
        await this.#live(from);
        return;
      } catch (error) {
        if (signal.aborted) return;
        onFailure(error, from === undefined ? 'loading its state' : 'running');
        from = undefined;
        await clock.sleep(FAILURE_PAUSE_MS, signal).catch(() => {});
      }
    }
  }

  /** From a state to the stop, or to a failure of its thread or its state. */
  async #live(from: LoadedState): Promise<void> {
    const { clock, residents, config } = this.#parts;
    this.#unwritten.clear();
    this.#batch = new Batch();
    this.#positions = new Map(
      (from.checkpoint?.positions ?? []).map(({ unit, position, isFinished }) => [
        unit,
        { position, isFinished },
      ]),
    );
    this.#step = from.checkpoint?.step ?? 0;
    this.#nowMs = from.checkpoint?.nowMs ?? 0;
    this.#checkpointedStep = this.#step;
    this.#checkpointedMs = clock.monotonic();
    await using thread = await residents.open(execution, { ...config, cells: from.cells });
    this.#thread = thread;
    for (const step of from.steps) await this.#repeat(step);
    await using readers = new AsyncDisposableStack();
    this.#readers = this.#parts.inputs.map((input, index) => readers.use(this.#openReader(input, index)));
    try {
      for (const reader of this.#readers) reader.start();
      const leaving = this.#leaving.signal;
      while (!leaving.aborted) {
        await this.#gather();
        if (!leaving.aborted) await this.#advance();
        if (clock.monotonic() - this.#checkpointedMs >= CHECKPOINT_MS) await this.#checkpoint();
      }
      await this.#checkpoint();
    } finally {
      // Lets go of readers that wait for room.
      this.#batch = new Batch();
      for (const resolve of this.#waitingForRoom.splice(0)) resolve();
    }
  }

  readonly #waitingForRoom: (() => void)[] = [];

  #openReader(input: RunnerInput, index: number): Reader {
    const { clock, onFailure } = this.#parts;
    const mine = new Set(input.source.units().map(({ id }) => id));
    const checkpoints = new Map(
      [...this.#positions]
        .filter(([unit]) => mine.has(unit))
        .map(([unit, { position, isFinished }]) => [unit, { position, finished: isFinished }]),
    );
    const after = new Map<string, number>();
    const ownership = { reader: 'application', epoch: 1, checkpoints };
    return new Reader({
      source: input.source,
      clock,
      // Its places are in the checkpoints of the application.
      checkpoints: { claim: async () => ownership, write: async () => {}, forget: async () => {} },
      ownership,
      start: input.start,
      parallel: PARALLEL_READS,
      recordsMax: READ_RECORDS_MAX,
      bytesMax: READ_BYTES_MAX,
      room: () => this.#room(),
      take: async (unit, read) => this.#take(index, unit, after, read),
      onBegin: (unit, position) => {
        after.set(unit, position);
        if (!this.#positions.has(unit)) this.#positions.set(unit, { position, isFinished: false });
      },
      onGone: (unit) => {
        this.#positions.delete(unit);
      },
      onFailure: (error, unit) => onFailure(error, `reading ${unit}`),
    });
  }

  #room(): Promise<void> {
    if (this.#batch.bytes < STEP_BYTES_MAX || this.#leaving.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.#waitingForRoom.push(resolve));
  }

  #take(input: number, unit: string, after: Map<string, number>, read: SourceRead): void {
    this.#batch.add(input, unit, after.get(unit) ?? 0, read);
    after.set(unit, read.after);
    this.#wake();
  }

  /** Until there is something to do: records, the end of a unit, or the time for a bound. */
  async #gather(): Promise<void> {
    await this.#rest(STEP_MS_MIN, () => this.#batch.bytes >= STEP_BYTES_MAX);
    if (this.#batch.units.size === 0) await this.#rest(BOUND_MS, () => this.#batch.units.size > 0);
  }

  /** So long, or until a read makes it true. */
  async #rest(forMs: number, isEnough: () => boolean): Promise<void> {
    if (this.#leaving.signal.aborted || isEnough()) return;
    await new Promise<void>((resolve) => {
      const timer = this.#parts.clock.timer(forMs, resolve, { background: true });
      this.#wake = () => {
        if (!isEnough() && !this.#leaving.signal.aborted) return;
        timer.cancel();
        resolve();
      };
    });
    this.#wake = () => {};
  }

  async #advance(): Promise<void> {
    const { clock, state } = this.#parts;
    const batch = this.#batch;
    this.#batch = new Batch();
    for (const resolve of this.#waitingForRoom.splice(0)) resolve();
    const nowMs = Math.max(this.#nowMs, clock.now());
    const answer = await this.#compute(nowMs, await this.#partsOf([...batch.units.values()]));
    this.#nowMs = nowMs;
    // A bound that nothing came of need not be repeated.
    if (batch.units.size > 0 || answer.outputs.length > 0) {
      const step: Step = { number: this.#step + 1, nowMs, ranges: batch.ranges() };
      await state.recordStep(step);
      this.#step = step.number;
      await this.#deliver(answer, step.number);
    }
    this.#count(batch, answer);
    for (const { unit, last, isFinished } of batch.units.values()) {
      this.#positions.set(unit, { position: last, isFinished });
      if (isFinished) for (const reader of this.#readers) reader.finish(unit);
    }
  }

  /** The same step again: its records are read from where they were. */
  async #repeat(step: Step): Promise<void> {
    const units: BatchUnit[] = [];
    for (const { unit, after, last } of step.ranges) {
      const input = this.#parts.inputs.findIndex(({ source }) =>
        source.units().some(({ id }) => id === unit),
      );
      const source = this.#parts.inputs[input]?.source;
      if (source === undefined) continue;
      units.push(await this.#readAgain(source, input, { unit, after, last }));
    }
    const answer = await this.#compute(step.nowMs, await this.#partsOf(units));
    this.#step = step.number;
    this.#nowMs = step.nowMs;
    await this.#deliver(answer, step.number);
    for (const { unit, last, isFinished } of units) this.#positions.set(unit, { position: last, isFinished });
  }

  async #readAgain(
    source: RecordSource,
    input: number,
    range: { unit: string; after: number; last: number },
  ): Promise<BatchUnit> {
    const { unit, after, last } = range;
    const again: BatchUnit = { input, unit, after, last, isFinished: false, records: [], bytes: 0 };
    let from = after;
    while (from < last) {
      const read = await source.read(unit, from, READ_RECORDS_MAX, READ_BYTES_MAX);
      again.records.push(...read.records.filter(({ position }) => position <= last));
      if (read.finished && read.after <= last) again.isFinished = true;
      // What was trimmed meanwhile is lost, and was told when it happened.
      if (read.atEnd || read.after <= from) break;
      from = read.after;
    }
    return again;
  }

  async #partsOf(units: readonly BatchUnit[]): Promise<Pick<StepCall, 'parts' | 'rejected'>> {
    const { inputs } = this.#parts;
    const parts: StepPart[] = [];
    const rejected: { data: Uint8Array; reason: string }[] = [];
    for (const gathered of units) {
      const input = inputs[gathered.input];
      assert(input !== undefined, 'a unit belongs to an input');
      const wanted = this.#wanted(gathered.input);
      const shardId = input.shardOf(gathered.unit);
      const place = { input: gathered.input, stream: input.streamOf(gathered.unit), shardId };
      for (const piece of piecesOf(gathered)) {
        let records = inputRecords(piece, input.source, input.hasShards, wanted);
        if (input.preprocessor !== undefined) {
          const processed = await input.preprocessor.process(records, shardId, this.#stopping.signal);
          records = processed.records;
          rejected.push(...processed.failed);
        }
        parts.push(stepPart(records, place));
        // Others come in between.
        await this.#parts.clock.turn();
      }
    }
    return { parts, rejected };
  }

  /** Columns of the source that nobody reads are not made; a function is told everything. */
  #wanted(index: number): Wanted {
    const { config, inputs } = this.#parts;
    const streams = config.inputs[index]?.streams ?? [];
    const isUsed = (name: string): boolean =>
      config.plan.streams.some(({ name: stream, columns, isUsed: used }) => {
        const at = columns.findIndex((column) => column.isHidden === true && column.name === name);
        return streams.includes(stream) && used[at] === true;
      });
    const { hasShards, preprocessor } = inputs[index] as RunnerInput;
    const isAll = preprocessor !== undefined;
    return {
      partitionKeys: hasShards && (isAll || isUsed('PARTITION_KEY')),
      sequenceNumbers: hasShards && (isAll || isUsed('SEQUENCE_NUMBER')),
    };
  }

  async #compute(
    nowMs: number,
    { parts, rejected }: Pick<StepCall, 'parts' | 'rejected'>,
  ): Promise<StepAnswer> {
    const samples = this.#watchers.size > 0 ? SAMPLE_ROWS : 0;
    const answer = await this.#call(
      { kind: 'step', nowMs, parts, rejected, samples },
      parts.map(({ bytes }) => bytes.buffer as ArrayBuffer),
    );
    assert(answer.kind === 'step', 'a step is answered by a step');
    if (answer.samples.length > 0)
      for (const watcher of [...this.#watchers]) watcher({ nowMs, streams: answer.samples });
    return answer;
  }

  #call(call: ExecutionCall, given: readonly ArrayBuffer[] = []): Promise<ExecutionAnswer> {
    assert(this.#thread !== undefined, 'the application has its thread');
    return this.#thread.call(call, given);
  }

  async #deliver({ outputs }: StepAnswer, step: number): Promise<void> {
    await Promise.all(
      outputs.map(({ output, bytes, ends }) =>
        this.#parts.outputs[output]?.deliver({ bytes, ends, step }, this.#stopping.signal),
      ),
    );
  }

  async #checkpoint(): Promise<void> {
    const { clock, state, fingerprint } = this.#parts;
    this.#checkpointedMs = clock.monotonic();
    if (this.#step === this.#checkpointedStep) return;
    const answer = await this.#call({ kind: 'save' });
    assert(answer.kind === 'saved', 'a save is answered by what was saved');
    for (const change of answer.changes) this.#unwritten.set(change.cell, change);
    const positions = [...this.#positions].map(([unit, place]) => ({ unit, ...place }));
    const checkpoint: Checkpoint = {
      step: this.#step,
      nowMs: this.#nowMs,
      positions,
      takenMs: clock.now(),
      fingerprint,
    };
    try {
      await state.writeCheckpoint(checkpoint, [...this.#unwritten.values()]);
    } catch (error) {
      this.#parts.onFailure(error, 'writing a checkpoint');
      return;
    }
    this.#unwritten.clear();
    this.#checkpointedStep = this.#step;
  }

  #count(batch: Batch, answer: StepAnswer): void {
    const rowsOut = answer.outputs.reduce((sum, { ends }) => sum + ends.length, 0);
    const last = Math.max(
      0,
      ...[...batch.units.values()].map(({ records }) => records.at(-1)?.arrivalMs ?? 0),
    );
    this.#counts = {
      recordsIn: this.#counts.recordsIn + batch.records,
      bytesIn: this.#counts.bytesIn + batch.bytes,
      rowsOut: this.#counts.rowsOut + rowsOut,
      errors: this.#counts.errors + answer.errors,
      behindMs: last === 0 ? 0 : Math.max(0, this.#nowMs - last),
    };
  }
}
