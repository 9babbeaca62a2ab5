/**
 * Live rows of a running application: of its sources, of every in-application stream and of the error stream, a few of each where there are many. An
 * event stream, as SubscribeToShard is one. A client that does not keep up gets fewer rows; the application never waits for one.
 */
import type { Clock } from '../../host/host.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import {
  eventStream,
  list,
  long,
  optional,
  required,
  string,
  structure,
  timestamp,
} from '../../wire/shape/shape.ts';
import type { ApplicationDirectory } from '../directory/application-state.ts';
import { resourceInUse } from '../directory/application-errors.ts';
import { applicationResource, resolveApplication } from '../directory/resolve-application.ts';
import type { Runner } from '../running/runner.ts';
import type { Sampled } from '../running/application-runner.ts';
import { ApplicationName } from '../shapes/both.ts';

/** Steps that wait for a client; of more, the rows of the oldest are counted and not shown. */
const WAITING_MAX = 20;
/** An event without rows says that there are none. */
const QUIET_MS = 5_000;

const TailedStream = structure('TailedStream', {
  StreamName: required(string()),
  /** JSON objects, ROWTIME first. */
  Rows: required(list(string())),
  /** Rows that were left out. */
  More: required(long()),
});

const TailEvent = structure('TailEvent', {
  Timestamp: required(timestamp()),
  Streams: required(list(TailedStream)),
});

export const TailApplication = operation({
  name: 'TailApplication',
  action: 'millrace:TailApplication',
  resources: applicationResource,
  input: structure('TailApplicationInput', {
    ApplicationName: required(ApplicationName),
    /** All of them when absent. */
    StreamNames: optional(list(string({ min: 1, max: 128 }), { max: 100 })),
  }),
  output: structure('TailApplicationOutput', {
    EventStream: required(eventStream('TailEventStream', { TailEvent: optional(TailEvent) })),
  }),
  errors: ['ResourceNotFoundException', 'ResourceInUseException'],
});

export function tailApplication(parts: {
  readonly clock: Clock;
  readonly directory: ApplicationDirectory;
  readonly runner: Runner;
  /** Aborted when the server drains, so that nobody who watches keeps it. */
  readonly draining: AbortSignal;
}): Handler<typeof TailApplication> {
  const { clock, directory, runner, draining } = parts;
  return (input, call) => {
    const { id, name, status } = resolveApplication(directory, input, call);
    const tail = new Tail(clock, input.StreamNames);
    const watching = runner.watch(id, (sampled) => tail.add(sampled));
    if (watching === undefined) {
      throw resourceInUse(`Application ${name} does not run: its status is ${status}.`);
    }
    const isRunning = (): boolean => runner.state(id) !== undefined;
    return { EventStream: tail.events(watching, isRunning, AbortSignal.any([call.signal, draining])) };
  };
}

type Waiting = { readonly nowMs: number; readonly streams: Sampled['streams'] };

class Tail {
  readonly #clock: Clock;
  readonly #wanted: ReadonlySet<string> | undefined;
  readonly #waiting: Waiting[] = [];
  /** Left out because the client was slow, by stream. */
  readonly #left = new Map<string, number>();
  #wake: () => void = () => {};

  constructor(clock: Clock, wanted: readonly string[] | undefined) {
    this.#clock = clock;
    this.#wanted = wanted && new Set(wanted);
  }

  add({ nowMs, streams }: Sampled): void {
    const wanted = streams.filter(({ stream }) => this.#wanted?.has(stream) ?? true);
    if (wanted.length === 0) return;
    this.#waiting.push({ nowMs, streams: wanted });
    if (this.#waiting.length > WAITING_MAX) {
      for (const { stream, rows, more } of this.#waiting.shift()!.streams) {
        this.#left.set(stream, (this.#left.get(stream) ?? 0) + rows.length + more);
      }
    }
    this.#wake();
  }

  async *events(watching: Disposable, isRunning: () => boolean, signal: AbortSignal) {
    using _ = watching;
    while (!signal.aborted) {
      const next = this.#waiting.shift();
      if (next !== undefined) {
        yield { TailEvent: { Timestamp: next.nowMs, Streams: next.streams.map((one) => this.#shown(one)) } };
        continue;
      }
      if (!isRunning()) return;
      await this.#quiet(signal);
      if (this.#waiting.length === 0) {
        yield { TailEvent: { Timestamp: this.#clock.now(), Streams: [] } };
      }
    }
  }

  #shown({ stream, rows, more }: Sampled['streams'][number]) {
    const left = this.#left.get(stream) ?? 0;
    this.#left.delete(stream);
    return { StreamName: stream, Rows: rows, More: more + left };
  }

  /** Until there are rows, or for so long. */
  #quiet(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = this.#clock.timer(QUIET_MS, done, { background: true });
      signal.addEventListener('abort', done, { once: true });
      this.#wake = done;
    });
  }
}
