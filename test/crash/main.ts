/**
 * `npm run test:crash -- [--kills N] [--seed S] [--failpoint NAME] [--json]`: kills the real
 * server again and again and checks what is left. `--list` names the places; `--replay [--workloads N] [--seed S]` cuts the
 * power instead (replay.ts). See docs/reference/crash-tests.md.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, platform, release, tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { type CommandLine, readCommandLine, refuse, wholeNumber } from '../../scripts/command-line.ts';
import { UsageError } from '../../src/base/flags.ts';
import { createSimulatedDice } from '../../src/host/simulated/dice.ts';
import { runApplicationCrash } from './applications.ts';
import { runDeliveryCrash } from './deliveries.ts';
import { APPLICATION_PLACES, DELIVERY_PLACES, FIRST_START_PLACES, PLACES } from './places.ts';
import { replay } from './replay.ts';
import { CrashRun } from './run.ts';

const LINE: CommandLine = {
  usage: 'test:crash -- [options]',
  does: 'Kills a real server under load, at named places and at random ones, and checks what is left after each kill.',
  flags: [
    { name: 'kills', value: 'N', default: '100', help: 'How often it is killed.' },
    { name: 'seed', value: 'S', default: 'random; 1 of --replay', help: 'What is done, but for timing.' },
    { name: 'failpoint', value: 'NAME', help: 'Kill at this place only, or only at `random` moments.' },
    {
      name: 'deliveries',
      help: 'Kill a server that delivers to objects, and look for every record in them.',
    },
    {
      name: 'applications',
      help: 'Kill a server that runs a SQL application, and compare its rows with those of a run without kills.',
    },
    { name: 'list', help: 'Print the places; kill nothing.' },
    { name: 'replay', help: 'Cut the power instead: open every disk that recorded writes can leave.' },
    { name: 'workloads', value: 'N', default: '20', help: 'How many workloads --replay records.' },
    { name: 'json', help: 'Print the summary only.' },
  ],
};
const given = readCommandLine(LINE);
const kills = wholeNumber(given, 'kills', 100, LINE);
const seedGiven = wholeNumber(given, 'seed', undefined, LINE);
const workloads = wholeNumber(given, 'workloads', 20, LINE);
const failpoint = given.values.get('failpoint');
const json = given.values.get('json') === 'true';
const delivers = given.values.get('deliveries') === 'true';
const applies = given.values.get('applications') === 'true';
if (
  failpoint !== undefined &&
  ![...PLACES, ...FIRST_START_PLACES, ...DELIVERY_PLACES, ...APPLICATION_PLACES].includes(failpoint)
) {
  refuse(new UsageError(`There is no failpoint ${failpoint}. --list names them.`), LINE);
}

/** After a failure so many of the last kills are told. */
const STORY_KILLS = 10;
/** From so many kills on, a place that no life came by is a failure. */
const KILLS_FOR_ALL = 200;

if (given.values.get('list') === 'true') {
  const others = delivers ? DELIVERY_PLACES : [...PLACES, ...FIRST_START_PLACES];
  const places = applies ? APPLICATION_PLACES : others;
  for (const place of places) console.log(place);
} else {
  const others = delivers || applies ? killOneAndTell : killAndTell;
  const test = given.values.get('replay') === 'true' ? replayAndTell : others;
  process.exitCode = await test();
}

async function replayAndTell(): Promise<number> {
  const seed = seedGiven ?? 1;
  try {
    const replayed = await replay({
      seed,
      workloads,
      onWorkload: (each, disks) => {
        if (!json) console.log(`workload ${each}: ${disks} disks`);
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
  const seed = seedGiven ?? Date.now() % 1_000_000;
  const directory = await mkdtemp(path.join(tmpdir(), 'millrace-crash-'));
  const startedMs = Date.now();
  const told: string[] = [];
  const run = new CrashRun({
    kills,
    dice: createSimulatedDice(seed),
    directory,
    ...(failpoint === undefined ? {} : { places: [failpoint] }),
    onKill: (kill) => {
      told.push(
        `${kill.number} ${kill.place}, in the ${kill.phase}; ${kill.records ?? '-'} records read; started in ${kill.startMs ?? '-'} ms`,
      );
      if (!json) console.log(told.at(-1));
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
    const missed = kills < KILLS_FOR_ALL || failpoint !== undefined ? [] : result.neverReached;
    return result.unlisted.length + missed.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(`seed ${seed}: ${(error as Error).stack}`);
    for (const kill of told.slice(-STORY_KILLS)) console.error(`  ${kill}`);
    const place = failpoint === undefined ? '' : ` --failpoint ${failpoint}`;
    console.error(
      `Again, as far as timing allows: npm run test:crash -- --kills ${kills} --seed ${seed}${place}`,
    );
    console.error(`The data is kept in ${directory}`);
    return 1;
  }
}

/** Deliveries, or an application. */
async function killOneAndTell(): Promise<number> {
  const seed = seedGiven ?? Date.now() % 1_000_000;
  const directory = await mkdtemp(path.join(tmpdir(), 'millrace-crash-'));
  const startedMs = Date.now();
  try {
    const result = await (applies ? runApplicationCrash : runDeliveryCrash)({
      ...{ kills, dice: createSimulatedDice(seed), directory },
      ...(failpoint === undefined ? {} : { places: [failpoint] }),
    });
    const seconds = Math.round((Date.now() - startedMs) / 1000);
    const killed = Object.fromEntries([...result.kills].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    console.log(JSON.stringify({ seed, seconds, ...machine(), ...result, kills: killed }, undefined, 2));
    await rm(directory, { recursive: true });
    return 0;
  } catch (error) {
    console.error(`seed ${seed}: ${(error as Error).stack}`);
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
