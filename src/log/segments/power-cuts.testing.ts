/**
 * Power cuts: a random workload runs on the simulated disk; before a call that changes the disk, the disk that a power cut at that
 * moment could leave is set aside, with what had been acknowledged by then: nothing of what was not synced, all of it, or some of it,
 * out of order and torn. Each is opened by the real engine and checked, and cut off again while it recovers.
 */
import assert from 'node:assert/strict';
import { runSealJob } from '../../base/seal-job.ts';
import type { Dice, SealingThread } from '../../host/host.ts';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { createSimulatedDisk, type CrashKeeps, type SimulatedDisk } from '../../host/simulated/disk.ts';
import { openSegmentLog } from './open-segment-log.ts';
import { testSealers } from './sealers.testing.ts';
import type { SegmentLog } from './segment-log.ts';
import type { SegmentLogSizes } from './sizes.ts';
import { checkLog, runWorkload, turns, WorkloadModel } from './workload.testing.ts';

const SMALL: Partial<SegmentLogSizes> = {
  companyAppends: 1,
  journalFileBytesMin: 2048,
  journalFileBytesMax: 4096,
  journalBacklogBytesMax: 8192,
  segmentBytesMax: 6000,
  runBytes: 512,
  tailBytesMax: 4096,
  slabBytes: 512,
  asideBytesMin: 600,
  writeAsideBytesMin: 600,
  reserveBytes: 1024,
  manifestEditBytesMin: 2048,
};
/** Another thread's answer comes in a later turn, and whatever happened meanwhile came between. */
const LATE_SEALING: SealingThread = {
  async run(job) {
    await turns(1);
    return runSealJob(job);
  },
};
const KEEPS: readonly CrashKeeps[] = ['nothing', 'everything', 'some', 'some'];

export type PowerCuts = {
  readonly seed: number;
  readonly durability: 'fsync' | 'os';
  /** Length of the workload. */
  readonly steps: number;
  /** One call in so many is cut at, by chance; 1 cuts at every one. */
  readonly everyCall: number;
  /** How many disks each cut may leave are looked at. */
  readonly disksPerCut: number;
  /** The same for calls of the recovery. */
  readonly everyCallOfRecovery: number;
};

/** Runs one workload. Resolves to the number of disks checked; rejects with the seed and the call of the first that is not as promised. */
export async function checkPowerCuts(options: PowerCuts): Promise<number> {
  const { seed, durability, steps, everyCall, disksPerCut } = options;
  const dice = createSimulatedDice(seed);
  const disk = createSimulatedDisk();
  const model = new WorkloadModel();
  let images: Image[] = [];
  let checked = 0;
  const log = await openOn(disk, seed + 1, durability);
  const pauses = createSimulatedDice(seed + 3);
  // So that commits begin while others are on their way, and end in another order.
  disk.pause = ({ kind }) => (kind === 'sync' ? turns(pauses.integer(6)) : undefined);
  const check = async (): Promise<void> => {
    const cut = images;
    images = [];
    for (const image of cut) checked += await checkImage(image, options, dice);
  };
  disk.onCall = ({ kind, path }) => {
    if (kind === 'read' || kind === 'open' || dice.integer(everyCall) !== 0) return;
    const known = model.clone();
    for (let left = 0; left < disksPerCut; left++) {
      const keeps = KEEPS[disksPerCut === 1 ? dice.integer(KEEPS.length) : left % KEEPS.length]!;
      images.push({
        disk: disk.afterCrash(keeps, dice),
        // Checking appends to it.
        model: known,
        call: `${kind} ${path}, ${keeps} kept`,
      });
    }
  };
  const workloadDice = createSimulatedDice(seed + 2);
  for (let step = 0; step < steps; step++) {
    await runWorkload(log, model, workloadDice, 1);
    // Between two steps, so that few disks are in memory at a time.
    await check();
  }
  await log[Symbol.asyncDispose]();
  await check();
  return checked;
}

type Image = { readonly disk: SimulatedDisk; readonly model: WorkloadModel; readonly call: string };

async function checkImage(image: Image, options: PowerCuts, dice: Dice): Promise<number> {
  const { seed, durability, everyCallOfRecovery } = options;
  const again: Image[] = [];
  image.disk.onCall = ({ kind, path }) => {
    if (kind === 'read' || kind === 'open' || dice.integer(everyCallOfRecovery) !== 0) return;
    const keeps = KEEPS[dice.integer(KEEPS.length)]!;
    const call = `${image.call}, then ${kind} ${path}, ${keeps} kept`;
    again.push({ disk: image.disk.afterCrash(keeps, dice), model: image.model, call });
  };
  try {
    await openAndCheck(image, seed, durability);
    // A second cut, while the first was being recovered from.
    for (const second of again) await openAndCheck(second, seed + 1, durability);
  } catch (error) {
    throw new Error(`seed ${seed}, ${durability}, cut before ${image.call}`, { cause: error });
  }
  return 1 + again.length;
}

async function openAndCheck(image: Image, seed: number, durability: PowerCuts['durability']): Promise<void> {
  const failures: string[] = [];
  const log = await openOn(image.disk, seed, durability, failures);
  image.disk.onCall = undefined;
  try {
    await checkLog(log, image.model, { mayLoseNewest: durability === 'os' });
  } catch (error) {
    throw new Error(image.call, { cause: error });
  }
  await log[Symbol.asyncDispose]();
  // A power cut is no failure of the disk: nothing may be reported.
  assert.deepEqual(failures, []);
}

function openOn(
  disk: SimulatedDisk,
  seed: number,
  durability: PowerCuts['durability'],
  failures: string[] = [],
): Promise<SegmentLog> {
  const dice = createSimulatedDice(seed);
  const host = { clock: createSimulatedClock(), disk, dice, sealing: LATE_SEALING };
  return openSegmentLog({
    ...{ host, directory: '/log', sealers: testSealers(dice), durability, sizes: SMALL },
    onFailure: (doing, error) => failures.push(`${doing}: ${String(error)}`),
  });
}
