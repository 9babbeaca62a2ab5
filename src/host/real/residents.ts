/**
 * Threads with residents. They start when something moves in, up to one less than the machine has cores; who comes goes where the fewest live. A thread
 * ends with its last resident, or when it takes more memory than it may: then all that lived there is gone.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Resident, ResidentKind, Residents } from '../residents.ts';
import { WorkerDied } from '../workers.ts';
import type { ResidentAnswer, ResidentMessage } from './resident-thread.ts';

/** As this file: development runs TypeScript, the package has JavaScript. */
const THREAD = new URL(import.meta.url.replace(/residents(\.\w+)$/, 'resident-thread$1'));
const COUNT_MAX = 4;
/** Of V8's heap; buffers of bytes are not in it. */
const HEAP_MB_MAX = 1024;

type Waiting = { readonly resolve: (output: unknown) => void; readonly reject: (error: unknown) => void };

class Thread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onEnd: () => void;
  #calls = 0;
  #fate: WorkerDied | undefined;
  residents = 0;

  constructor(heapMbMax: number, onEnd: () => void) {
    this.#onEnd = onEnd;
    this.#worker = new Worker(THREAD, {
      resourceLimits: { maxOldGenerationSizeMb: heapMbMax },
      execArgv: [],
      env: {},
    });
    let reason = 'it ended';
    this.#worker.on('message', (answer: ResidentAnswer) => {
      const waiting = this.#waiting.get(answer.call);
      this.#waiting.delete(answer.call);
      if ('error' in answer) waiting?.reject(answer.error);
      else waiting?.resolve(answer.output);
      if (this.#waiting.size === 0) this.#worker.unref();
    });
    this.#worker.once('error', (error: Error) => {
      reason = error.message;
    });
    this.#worker.once('exit', () => {
      this.#fate = new WorkerDied(`The thread of the resident ended: ${reason}`);
      for (const { reject } of this.#waiting.values()) reject(this.#fate);
      this.#waiting.clear();
      this.#onEnd();
    });
    // Last, because who listens to a worker refers to it.
    this.#worker.unref();
  }

  send(
    message: DistributedOmit<ResidentMessage, 'call'>,
    given: readonly ArrayBuffer[] = [],
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#fate !== undefined) {
        reject(this.#fate);
        return;
      }
      const call = ++this.#calls;
      this.#worker.postMessage({ ...message, call }, given);
      this.#waiting.set(call, { resolve, reject });
      // Who waits keeps the process alive.
      this.#worker.ref();
    });
  }

  end(): void {
    void this.#worker.terminate();
  }
}

type DistributedOmit<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;

export function createResidents(
  count = Math.min(COUNT_MAX, Math.max(1, availableParallelism() - 1)),
  heapMbMax = HEAP_MB_MAX,
): Residents {
  const threads = new Set<Thread>();
  let ids = 0;

  function place(): Thread {
    const [emptiest] = [...threads].toSorted((left, right) => left.residents - right.residents);
    if (emptiest !== undefined && (emptiest.residents === 0 || threads.size >= count)) return emptiest;
    const thread = new Thread(heapMbMax, () => threads.delete(thread));
    threads.add(thread);
    return thread;
  }

  function leave(thread: Thread): void {
    thread.residents--;
    if (thread.residents > 0) return;
    threads.delete(thread);
    thread.end();
  }

  return {
    async open<Config, In, Out>(
      { module, name }: ResidentKind<Config, In, Out>,
      config: Config,
    ): Promise<Resident<In, Out>> {
      const thread = place();
      const resident = ++ids;
      thread.residents++;
      try {
        await thread.send({ kind: 'open', resident, module, name, config });
      } catch (error) {
        leave(thread);
        throw error;
      }
      let isOpen = true;
      return {
        call: async (input, given) => {
          if (!isOpen) throw new WorkerDied('The resident was closed');
          return (await thread.send({ kind: 'call', resident, input }, given)) as Out;
        },
        [Symbol.asyncDispose]: async () => {
          if (!isOpen) return;
          isOpen = false;
          // A thread that has ended has closed it.
          await thread.send({ kind: 'close', resident }).catch(() => undefined);
          leave(thread);
        },
      };
    },
  };
}
