/**
 * The run: a server lives, is checked, gets load and is killed, again and again on the same data. Where it is killed is chosen so
 * that every place gets its turn: the one killed at least often so far, at a count that the lives before have shown to be
 * within reach; and now and then at a moment that nobody chose. Places that only a server's very first start comes by are tried
 * on empty directories beside.
 */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../conformance/client.ts';
import type { Dice } from '../../src/host/host.ts';
import type { SegmentLogSizes } from '../../src/log/segments/sizes.ts';
import { checkServer } from './check.ts';
import { FIRST_START_PLACES, PLACES } from './places.ts';
import { Fault } from './fault.ts';
import { HOUR_MS, Ledger } from './ledger.ts';
import { startLife, type Life } from './life.ts';
import { isGone, isRefusal } from './answers.ts';
import { LASTING_STREAMS, runLoad } from './load.ts';
import type { HeldIterator } from './load-parts.ts';
import { ServerClock } from './server-clock.ts';

const SIZES: Partial<SegmentLogSizes> = {
  companyAppends: 1,
  journalFileBytesMin: 64 * 1024,
  journalFileBytesMax: 256 * 1024,
  journalBacklogBytesMax: 512 * 1024,
  segmentBytesMax: 128 * 1024,
  runBytes: 8 * 1024,
  tailBytesMax: 256 * 1024,
  slabBytes: 32_768,
  asideBytesMin: 8192,
  writeAsideBytesMin: 8192,
  indexCacheBytes: 64 * 1024,
  runCacheBytes: 256 * 1024,
  reserveBytes: 64 * 1024,
  manifestEditBytesMin: 8 * 1024,
};
const LOAD_MS_MIN = 50;
const LOAD_MS_MAX = 1_000;
/** A start is not awaited longer, however busy the machine. */
const START_MS_MAX = 15_000;
const COMPLAINT_MS = 300;
const JUMP_EVERY = 8;
/** Beyond the shortest retention. */
const JUMP_MS = 26 * HOUR_MS;
/** Places that only expired records and shards lead to. */
const AFTER_JUMP = /^(log\.trim|log\.drop-partitions|catalog\.retention|segment\.remove)\./;
/** A place that was not come by is tried again, but not for ever before the others. */
const MISSED = 0.4;

export type Options = {
  readonly kills: number;
  readonly dice: Dice;
  readonly directory: string;
  /** These places, one after another and again; without them, all in turn and random moments. */
  readonly places?: readonly string[];
  /** How long a life has load, at most. */
  readonly loadMsMax?: number;
  /** Called while no server runs. */
  readonly onKill?: (kill: Kill) => void | Promise<void>;
};

export type Kill = {
  readonly number: number;
  /** The place, or `random`. */
  readonly place: string;
  readonly phase: 'start' | 'check' | 'load' | 'first start';
  readonly startMs: number | undefined;
  readonly records: number | undefined;
};

export type Result = {
  readonly kills: ReadonlyMap<string, number>;
  readonly phases: ReadonlyMap<string, number>;
  /** Places of the list at which no life came by. */
  readonly neverReached: readonly string[];
  /** Places of the list at which no life was killed. */
  readonly neverKilledAt: readonly string[];
  /** Places that lives came by and that are not in the list. */
  readonly unlisted: readonly string[];
  readonly startMs: readonly number[];
  readonly checked: { readonly restarts: number; readonly records: number; readonly iterators: number };
  readonly records: Ledger['counts'];
};

export class CrashRun {
  readonly #options: Options;
  readonly #ledger = new Ledger();
  readonly #clock = new ServerClock();
  readonly #iterators: HeldIterator[] = [];
  readonly #kills = new Map<string, number>();
  readonly #phases = new Map<string, number>();
  readonly #reached = new Map<string, number>();
  readonly #tries = new Map<string, number>();
  readonly #startMs: number[] = [];
  readonly #checked = { restarts: 0, records: 0, iterators: 0 };
  #number = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Throws a `Fault` at the first promise broken. */
  async run(): Promise<Result> {
    const { kills, directory, dice } = this.#options;
    const data = path.join(directory, 'data');
    while (this.#number < kills) {
      const place = this.#choose();
      this.#number++;
      if (this.#number % JUMP_EVERY === 0 || AFTER_JUMP.test(place ?? '')) this.#clock.jump(JUMP_MS);
      if (place !== undefined && FIRST_START_PLACES.includes(place)) await this.#firstStart(place);
      else
        await this.#life(
          data,
          place === undefined ? undefined : { name: place, at: this.#countWithinReach(place, dice) },
        );
    }
    // The last kill is checked, too.
    await this.#lastLife(data);
    const listed = [...PLACES, ...FIRST_START_PLACES];
    return {
      kills: this.#kills,
      phases: this.#phases,
      neverReached: listed.filter((place) => !this.#reached.has(place)),
      neverKilledAt: listed.filter((place) => !this.#kills.has(place)),
      unlisted: [...this.#reached.keys()].filter((place) => !listed.includes(place)),
      startMs: this.#startMs,
      checked: this.#checked,
      records: this.#ledger.counts,
    };
  }

  /** undefined stands for a random moment. */
  #choose(): string | undefined {
    const { dice, places: wanted } = this.#options;
    if (wanted !== undefined) return wanted[this.#number % wanted.length];
    if (dice.integer(4) === 0) return undefined;
    const places = [...PLACES, ...FIRST_START_PLACES];
    const least = Math.min(...places.map((place) => this.#tries.get(place) ?? 0));
    const candidates = places.filter((place) => (this.#tries.get(place) ?? 0) === least);
    const chosen = candidates[dice.integer(candidates.length)]!;
    this.#tries.set(chosen, least + MISSED);
    return chosen;
  }

  /** The greatest count that a life came to, for each place. */
  #countWithinReach(place: string, dice: Dice): number {
    return 1 + dice.integer(Math.max(1, this.#reached.get(place) ?? 1));
  }

  async #life(data: string, failpoint: { name: string; at: number } | undefined): Promise<void> {
    const { dice } = this.#options;
    const life = this.#start(data, failpoint);
    const random = failpoint === undefined && dice.integer(3) === 0;
    // Some fall into the start itself, or into the check.
    const early = random ? setTimeout(() => life.kill(), dice.integer(1200)) : undefined;
    let phase: Kill['phase'] = 'start';
    let records: number | undefined;
    try {
      const client = await this.#serving(life);
      if (client !== undefined) {
        try {
          phase = 'check';
          records = await this.#check(client);
          phase = 'load';
          await this.#load(life, client, failpoint !== undefined);
        } catch (error) {
          if (!isGone(error)) throw error;
        } finally {
          client.close();
        }
      }
    } catch (error) {
      // What it has to say of it may still be on its way.
      await sleep(COMPLAINT_MS);
      life.kill();
      await life.ended;
      throw life.complaints.length === 0 ? error : complaintOf(life, error);
    } finally {
      clearTimeout(early);
    }
    life.kill();
    await this.#end(life, phase, records);
  }

  /** On an empty directory: killed while it is made, started again, used, and thrown away. */
  async #firstStart(place: string): Promise<void> {
    const directory = path.join(this.#options.directory, 'fresh');
    await mkdir(directory, { recursive: true });
    try {
      const first = this.#start(directory, { name: place, at: 1 });
      try {
        await this.#serving(first);
      } finally {
        first.kill();
      }
      await this.#end(first, 'first start', undefined);
      const second = this.#start(directory, undefined);
      try {
        const client = await this.#serving(second);
        if (client === undefined) throw new Fault('it does not start after a first start was cut off');
        const ledger = new Ledger();
        await checkServer({ client, ledger, clock: this.#clock, iterators: [] });
        await ledger.create(
          'fresh',
          1,
          () => client.call('CreateStream', { StreamName: 'fresh', ShardCount: 1 }),
          isRefusal,
        );
        await checkServer({ client, ledger, clock: this.#clock, iterators: [] });
        client.close();
      } finally {
        second.kill();
      }
      await second.ended;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  async #lastLife(data: string): Promise<void> {
    const life = this.#start(data, undefined);
    try {
      const client = await this.#serving(life);
      if (client === undefined) throw new Fault('it does not start');
      await this.#check(client);
      client.close();
    } finally {
      life.kill();
    }
    await life.ended;
  }

  #start(data: string, failpoint: { name: string; at: number } | undefined): Life {
    return startLife(data, this.#clock, { failpoint, sizes: SIZES });
  }

  async #serving(life: Life): Promise<Client | undefined> {
    const client = await life.client;
    const startMs = life.startMs();
    if (startMs !== undefined) {
      this.#startMs.push(startMs);
      if (startMs > START_MS_MAX) throw new Fault(`the start took ${startMs} ms`);
    }
    return client;
  }

  async #check(client: Client): Promise<number> {
    const iterators = this.#iterators.splice(0);
    const checked = await checkServer({ client, ledger: this.#ledger, clock: this.#clock, iterators });
    this.#checked.restarts++;
    this.#checked.records += checked.records;
    this.#checked.iterators += checked.iterators;
    for (const name of LASTING_STREAMS) {
      if (this.#ledger.possible(name)[0] !== undefined) continue;
      await this.#ledger.create(
        name,
        2,
        () => client.call('CreateStream', { StreamName: name, ShardCount: 2 }),
        isRefusal,
      );
    }
    return checked.records;
  }

  async #load(life: Life, client: Client, waits: boolean): Promise<void> {
    const { dice } = this.#options;
    let stopped = false;
    const msMax = this.#options.loadMsMax ?? LOAD_MS_MAX;
    const ms = waits ? msMax : LOAD_MS_MIN + dice.integer(msMax - LOAD_MS_MIN);
    // Not told to stop before: the kill is to find requests under way.
    const timer = setTimeout(() => life.kill(), ms);
    const ended = life.ended.finally(() => (stopped = true));
    ended.catch(() => {});
    try {
      await runLoad({
        ...{ client, ledger: this.#ledger, clock: this.#clock, dice, iterators: this.#iterators },
        life: this.#number,
        stopped: () => stopped,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async #end(life: Life, phase: Kill['phase'], records: number | undefined): Promise<void> {
    await life.ended;
    if (life.complaints.length > 0) throw complaintOf(life);
    for (const [place, count] of life.reached) {
      this.#reached.set(place, Math.max(this.#reached.get(place) ?? 0, count));
    }
    const place = life.killedAt() ?? 'random';
    this.#tries.set(place, (this.#tries.get(place) ?? 0) + 1 - MISSED);
    this.#kills.set(place, (this.#kills.get(place) ?? 0) + 1);
    this.#phases.set(phase, (this.#phases.get(phase) ?? 0) + 1);
    await this.#options.onKill?.({ number: this.#number, place, phase, startMs: life.startMs(), records });
  }
}

function complaintOf(life: Life, cause?: unknown): Fault {
  const what = cause === undefined ? '' : `${(cause as Error).message}, and `;
  return new Fault(`${what}the server complains: ${life.complaints.join('\n')}`);
}
