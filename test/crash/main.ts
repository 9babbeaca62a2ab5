/**
 * `npm run test:crash -- [--kills N] [--seed S] [--failpoint NAME] [--json]`: kills the real
 * server again and again and checks what is left. `--list` names the places; `--replay [--workloads N] [--seed S]` cuts the
 * power instead (replay.ts). See docs/reference/crash-tests.md.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, platform, release, tmpdir } from 'node:os';
import path from 'node:path';
import { inspect, parseArgs } from 'node:util';
import { createSimulatedDice } from '../../src/host/simulated/dice.ts';
import { FIRST_START_PLACES, PLACES } from './places.ts';
import { replay } from './replay.ts';
import { CrashRun } from './run.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string' },
    failpoint: { type: 'string' },
    json: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    replay: { type: 'boolean', default: false },
    workloads: { type: 'string', default: '20' },
  },
});

/** After a failure so many of the last kills are told. */
const STORY_KILLS = 10;
/** From so many kills on, a place that no life came by is a failure. */
const KILLS_FOR_ALL = 200;

if (values.list) {
  for (const place of [...PLACES, ...FIRST_START_PLACES]) console.log(place);
} else {
  process.exitCode = values.replay ? await replayAndTell() : await killAndTell();
}

async function replayAndTell(): Promise<number> {
  const seed = Number(values.seed ?? 1);
  try {
    const replayed = await replay({
      seed,
      workloads: Number(values.workloads),
      onWorkload: (each, disks) => {
        if (!values.json) console.log(`workload ${each}: ${disks} disks`);
      },
    });
    console.log(JSON.stringify({ seed, ...replayed, ...machine() }, undefined, 2));
    return 0;
  } catch (error) {
    console.error(inspect(error));
    return 1;
  }
}

async function killAndTell(): Promise<number> {
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const directory = await mkdtemp(path.join(tmpdir(), 'millrace-crash-'));
  const startedMs = Date.now();
  const told: string[] = [];
  const run = new CrashRun({
    kills: Number(values.kills),
    dice: createSimulatedDice(seed),
    directory,
    ...(values.failpoint === undefined ? {} : { places: [values.failpoint] }),
    onKill: (kill) => {
      told.push(
        `${kill.number} ${kill.place}, in the ${kill.phase}; ${kill.records ?? '-'} records read; started in ${kill.startMs ?? '-'} ms`,
      );
      if (!values.json) console.log(told.at(-1));
    },
  });
  try {
    const result = await run.run();
    const seconds = Math.round((Date.now() - startedMs) / 1000);
    const sorted = result.startMs.toSorted((a, b) => a - b);
    const summary = {
      ...{ seed, seconds, ...machine() },
      kills: Object.fromEntries([...result.kills].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      phases: Object.fromEntries(result.phases),
      startMs: {
        median: sorted[sorted.length >> 1],
        max: sorted.at(-1),
        over2000: sorted.filter((ms) => ms > 2000).length,
      },
      ...{ checked: result.checked, records: result.records },
      ...{
        neverReached: result.neverReached,
        neverKilledAt: result.neverKilledAt,
        unlisted: result.unlisted,
      },
    };
    console.log(JSON.stringify(summary, undefined, 2));
    await rm(directory, { recursive: true });
    // A short run cannot come by all of them.
    const missed =
      Number(values.kills) < KILLS_FOR_ALL || values.failpoint !== undefined ? [] : result.neverReached;
    return result.unlisted.length + missed.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(`seed ${seed}: ${(error as Error).stack}`);
    for (const kill of told.slice(-STORY_KILLS)) console.error(`  ${kill}`);
    const place = values.failpoint === undefined ? '' : ` --failpoint ${values.failpoint}`;
    console.error(
      `Again, as far as timing allows: npm run test:crash -- --kills ${values.kills} --seed ${seed}${place}`,
    );
    console.error(`The data is kept in ${directory}`);
    return 1;
  }
}

function machine(): object {
  const cpu = cpus()[0]?.model ?? 'unknown';
  return {
    machine: `${availableParallelism()} x ${cpu}, ${platform()} ${release()}, Node ${process.version}`,
  };
}
