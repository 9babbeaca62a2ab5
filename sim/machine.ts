/**
 * The machine under the server: its disk, its catalog, its clock, and the lives that the server has on it. A life ends with a stop
 * or with a crash: at a call of the disk, at either end of a catalog transaction, or at any moment between two events. What a
 * crash leaves is the disk that a power cut or a kill could leave, and the catalog as it was last committed. A dead life
 * does nothing more: its disk does not answer, its timers do not fire, its transactions roll back.
 */
import type { Catalog } from '../src/catalog/catalog.ts';
import type { Clock, Dice, TimerHandle } from '../src/host/host.ts';
import type { SimulatedClock } from '../src/host/simulated/clock.ts';
import { createSimulatedDice } from '../src/host/simulated/dice.ts';
import type { CrashKeeps, DiskCall, SimulatedDisk } from '../src/host/simulated/disk.ts';
import { openFolderObjectStore } from '../src/objects/folder/folder-object-store.ts';
import type { ObjectStore } from '../src/objects/objects.ts';
import { LogDamagedError } from '../src/log/segments/damage.ts';
import type { SeenError } from '../src/firehose/delivery/activity.ts';
import type { Faults } from './faults.ts';
import { never } from './firehose/around.ts';
import { observed } from './firehose/bucket.ts';
import type { Observer } from './firehose/observer.ts';
import { seenBy, type Outside } from './firehose/outside.ts';
import { type History, Violation } from './history.ts';
import type { PlantedBug } from './planted/planted-bug.ts';
import { OBJECTS_DIRECTORY, openServer, type SimulatedServer } from './server.ts';

class Died extends Error {
  override readonly name = 'Died';
}

export type Life = {
  readonly number: number;
  readonly server: SimulatedServer;
  /** Resolves when it has died or was stopped. */
  readonly ended: Promise<void>;
  readonly serving: () => boolean;
};

/** The first is a kill, the others are power cuts. */
const KEEPS = ['everything', 'everything', 'nothing', 'some', 'some'] as const;
const DOWN_MS_MAX = 1000;
const COMMIT_MS_MAX = 10;

export class Machine {
  readonly clock: SimulatedClock;
  readonly #dice: Dice;
  readonly #catalog: Catalog;
  readonly #history: History;
  readonly #faults: Faults;
  readonly #durability: 'fsync' | 'os';
  readonly #bug: PlantedBug | undefined;
  readonly #outside: Outside;
  readonly #observer: Observer;
  readonly #objectsOnDisk: boolean;
  readonly #deliveryMemoryBytesMax: number;
  disk: SimulatedDisk;
  #lives = 0;
  #life: Life | undefined;
  #crash: ((keeps: CrashKeeps, why: string) => void) | undefined;
  /** Calls of the disk and ends of transactions until the next crash. */
  #doomedIn = Infinity;
  #dyingAtSync = false;
  #inFlight = 0;
  stopping = false;
  /** The last life was killed so. */
  killedAtSync = false;
  #peaceful = false;
  /** The server found its files damaged and said so: only after a fault that may do that. */
  refusal: Error | undefined;
  /** Called when a power cut may have taken what was acknowledged. */
  onLoss: () => void = () => {};
  /** Told of what the server may never do; thrown inside the server it would be answered as a failure. */
  onViolation: (violation: Violation) => void = () => {};
  /** Told of what a delivery stream could not deliver. */
  onDeliveryError: (deliveryStream: string, error: SeenError) => void = () => {};

  constructor(parts: {
    readonly clock: SimulatedClock;
    readonly dice: Dice;
    readonly disk: SimulatedDisk;
    readonly catalog: Catalog;
    readonly history: History;
    readonly faults: Faults;
    readonly durability: 'fsync' | 'os';
    readonly bug: PlantedBug | undefined;
    readonly outside: Outside;
    readonly observer: Observer;
    /** Else they are outside. */
    readonly objectsOnDisk: boolean;
    readonly deliveryMemoryBytesMax: number;
  }) {
    this.clock = parts.clock;
    this.#dice = parts.dice;
    this.disk = parts.disk;
    this.#catalog = parts.catalog;
    this.#history = parts.history;
    this.#faults = parts.faults;
    this.#durability = parts.durability;
    this.#bug = parts.bug;
    this.#outside = parts.outside;
    this.#observer = parts.observer;
    this.#objectsOnDisk = parts.objectsOnDisk;
    this.#deliveryMemoryBytesMax = parts.deliveryMemoryBytesMax;
  }

  /** The life that serves now. */
  get life(): Life | undefined {
    return this.#life?.serving() ? this.#life : undefined;
  }

  get lives(): number {
    return this.#lives;
  }

  /** Counts a request as under way for as long as `work` takes. */
  async during<Result>(work: Promise<Result>): Promise<Result> {
    this.#inFlight++;
    try {
      return await work;
    } finally {
      this.#inFlight--;
    }
  }

  /** Ends the life at one of its next calls of the disk. */
  doom(calls: number): void {
    this.#doomedIn = calls;
  }

  /** Kills it at its next sync of a journal: what it has just written is in the page cache alone, and found by the next life. */
  killAtSync(): void {
    this.#dyingAtSync = true;
  }

  /** Nothing ends its lives from now on but `crashNow` and `stop`. */
  makePeace(): void {
    this.#peaceful = true;
    this.#doomedIn = Infinity;
    this.#dyingAtSync = false;
  }

  crashNow(keeps = this.#keeps()): void {
    this.#crash?.(keeps, 'now');
  }

  /** A clean stop: answers what is under way, then closes the parts. A crash may still come between. */
  async stop(): Promise<void> {
    const life = this.life;
    if (life === undefined) return;
    this.#life = undefined;
    this.stopping = true;
    this.#history.add('! stop');
    life.server.drain();
    for (let waited = 0; this.#inFlight > 0 && waited < 100; waited++) await this.clock.sleep(50);
    const closed = Promise.resolve(life.server[Symbol.asyncDispose]()).catch((error: unknown) => {
      this.#history.add(`! the stop failed: ${(error as Error).message}`);
    });
    await Promise.race([closed, life.ended]);
    this.#end?.();
    this.stopping = false;
    this.#history.add('! stopped');
  }

  #end: (() => void) | undefined;

  /** Starts a life; false when that failed in a way that may pass. Throws what a start may never do. */
  async start(): Promise<boolean> {
    const number = ++this.#lives;
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const timers = new Set<TimerHandle>();
    const state = { dead: false };
    const disk = this.disk;
    const end = (): void => {
      state.dead = true;
      for (const timer of timers) timer.cancel();
      timers.clear();
      disk.onCall = (call) => {
        throw new Died(call.kind);
      };
      disk.pause = () => never();
      this.#crash = undefined;
      this.#doomedIn = Infinity;
      this.#dyingAtSync = false;
      resolve();
    };
    const crash = (keeps: CrashKeeps, why: string): void => {
      this.#history.add(`! crash, ${keeps} of the unsynced kept, ${why}`);
      this.#faults.count(`crash, ${keeps} kept`);
      this.disk = disk.afterCrash(keeps, this.#dice);
      if (keeps !== 'everything' && (this.#durability === 'os' || this.#faults.lied)) this.onLoss();
      end();
    };
    this.#end = end;
    this.#crash = crash;
    const aftermath = this.killedAtSync;
    this.killedAtSync = false;
    const step = (what: string, syncsJournal = false): void => {
      if (state.dead) throw new Died(what);
      if (syncsJournal && this.#dyingAtSync) {
        this.killedAtSync = true;
        crash('everything', `at ${what}`);
      } else if (--this.#doomedIn <= 0) {
        crash(this.#keeps(), `at ${what}`);
      } else return;
      throw new Died(what);
    };
    disk.onCall = (call: DiskCall) => {
      const { kind, path } = call;
      if (kind !== 'read' || state.dead)
        step(`${kind} ${path}`, kind === 'sync' && path.includes('/journal-'));
      return this.#faults.onCall(call);
    };
    disk.pause = (call) => (state.dead ? never() : this.#faults.pause(call));
    disk.partOfFailedWrite = (bytes) => (state.dead ? 0 : this.#faults.partOf(bytes));
    this.#history.add(`! start ${number}`);
    if (!this.#peaceful && !aftermath && this.#dice.integer(5) === 0) this.doom(1 + this.#dice.integer(30));
    try {
      await this.#bug?.beforeStart?.(disk);
      const { objects: bucket, ...outside } = seenBy(this.#outside, () => state.dead);
      const clock = lifeClock(this.clock, timers, state);
      const host = {
        clock,
        disk: this.#bug?.wrapDisk?.(disk, this.clock) ?? disk,
        dice: createSimulatedDice(this.#dice.integer(2 ** 31)),
        http: outside.http,
      };
      const openObjects = async (): Promise<ObjectStore> => {
        const objects = this.#objectsOnDisk
          ? observed(await openFolderObjectStore({ ...host, directory: OBJECTS_DIRECTORY }), this.#observer)
          : bucket;
        return this.#bug?.wrapObjects?.(objects, clock) ?? objects;
      };
      const opening = openServer({
        host,
        openObjects,
        functions: outside.functions,
        deliveryMemoryBytesMax: this.#deliveryMemoryBytesMax,
        catalog: this.#wrapCatalog(step, state, ended),
        durability: this.#durability,
        wrapLog: this.#bug?.wrapLog ?? ((log) => log),
        wrapGate: this.#bug?.wrapGate ?? ((gate) => gate),
        onFailure: (what, error) => {
          if (!state.dead) this.#onFailure(what, error);
        },
        onDeliveryError: (deliveryStream, error) => {
          if (!state.dead) this.onDeliveryError(deliveryStream, error);
        },
      });
      opening.catch(() => {});
      const server = await Promise.race([opening, ended]);
      if (server === undefined || state.dead) return false;
      this.#life = { number, server, ended, serving: () => !state.dead };
      this.#history.add(`! serving ${number}`);
      return true;
    } catch (error) {
      if (!state.dead) end();
      return this.#startFailed(error);
    }
  }

  #startFailed(error: unknown): false {
    if (error instanceof Died) return false;
    const { message } = error as Error;
    this.#history.add(`! the start failed: ${message}`);
    if (error instanceof LogDamagedError && this.#faults.mayDamage) this.refusal = error;
    else if (!this.#faults.excuses(error) && !isDead(error)) {
      this.onViolation(new Violation(`The server does not start: ${(error as Error).stack}`));
    }
    return false;
  }

  #onFailure(what: string, error: unknown): void {
    const { message } = error as Error;
    this.#history.add(`! ${what} failed: ${message}`);
    if (isDead(error) || this.#faults.excuses(error)) return;
    if (error instanceof LogDamagedError && this.#faults.mayDamage) {
      this.refusal = error;
      return;
    }
    this.onViolation(new Violation(`${what} failed by our own fault: ${(error as Error).stack}`));
  }

  /** A server that is down for a while. */
  downMs(): number {
    return this.#dice.integer(DOWN_MS_MAX);
  }

  #keeps(): CrashKeeps {
    return KEEPS[this.#dice.integer(KEEPS.length)]!;
  }

  #wrapCatalog(
    step: (what: string) => void,
    state: { readonly dead: boolean },
    ended: Promise<void>,
  ): Catalog {
    const catalog = this.#catalog;
    // A dead life's transaction rolls back at once: the next life, or the end, waits for it.
    const pause = (): Promise<void> =>
      Promise.race([this.clock.sleep(this.#dice.integer(COMMIT_MS_MAX)), ended]);
    const inner: Catalog = {
      async transact(change) {
        step('the beginning of a transaction');
        const result = await catalog.transact(async (transaction) => {
          const changed = await change(transaction);
          // A commit waits for the disk, and clients do not wait for it.
          await pause();
          step('the end of a transaction');
          return changed;
        });
        step('a commit');
        return result;
      },
      async read(query) {
        if (state.dead) throw new Died('a read of the catalog');
        return catalog.read(query);
      },
      backup: (toPath) => catalog.backup(toPath),
      async [Symbol.asyncDispose]() {},
    };
    return this.#bug?.wrapCatalog?.(inner) ?? inner;
  }
}

function isDead(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof Died) return true;
  return false;
}

function lifeClock(
  clock: SimulatedClock,
  timers: Set<TimerHandle>,
  state: { readonly dead: boolean },
): Clock {
  function timer(delayMs: number, callback: () => void): TimerHandle {
    if (state.dead) return { cancel() {} };
    const handle = clock.timer(delayMs, () => {
      timers.delete(handle);
      callback();
    });
    timers.add(handle);
    return {
      cancel() {
        timers.delete(handle);
        handle.cancel();
      },
    };
  }
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    timer,
    turn: () => clock.turn(),
    sleep(delayMs, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        const abort = (): void => {
          handle.cancel();
          reject(signal?.reason as Error);
        };
        const handle = timer(delayMs, () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        });
        signal?.addEventListener('abort', abort, { once: true });
      });
    },
  };
}
