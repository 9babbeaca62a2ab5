/**
 * Power cuts: a random workload runs on the simulated disk; before every call that changes the disk, the disk that a power cut at
 * that moment could leave is set aside, with what had been acknowledged by then. Each is opened by the real engine and checked.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { createSimulatedDisk, type CrashKeeps, type SimulatedDisk } from '../../host/simulated/disk.ts';
import { openSegmentLog } from './open-segment-log.ts';
import type { SegmentLog } from './segment-log.ts';
import type { SegmentLogSizes } from './sizes.ts';
import { testSealers } from './sealers.testing.ts';
import { checkLog, runWorkload, WorkloadModel } from './workload.testing.ts';

const SMALL: Partial<SegmentLogSizes> = {
  journalFileBytesMin: 2048,
  journalFileBytesMax: 4096,
  journalBacklogBytesMax: 8192,
  segmentBytesMax: 6000,
  runBytes: 512,
  tailBytesMax: 4096,
  reserveBytes: 1024,
};
const KEEPS: readonly CrashKeeps[] = ['nothing', 'everything', 'some', 'some'];

/** A power cut is no failure of the disk: nothing may be reported. */
const failures: string[] = [];

type Durability = 'fsync' | 'os';

function openOn(disk: SimulatedDisk, seed: number, durability: Durability): Promise<SegmentLog> {
  const dice = createSimulatedDice(seed);
  const host = { clock: createSimulatedClock(), disk, dice };
  return openSegmentLog({
    ...{ host, directory: '/log', sealers: testSealers(dice), durability, sizes: SMALL },
    onFailure: (doing, error) => failures.push(`${doing}: ${String(error)}`),
  });
}

type Image = { readonly disk: SimulatedDisk; readonly model: WorkloadModel; readonly call: string };

/** Disks that a power cut could have left, one for about every `everyCall` calls. */
async function crashImages(
  seed: number,
  durability: Durability,
  steps: number,
  everyCall: number,
): Promise<Image[]> {
  const dice = createSimulatedDice(seed);
  const disk = createSimulatedDisk();
  const model = new WorkloadModel();
  const images: Image[] = [];
  const log = await openOn(disk, seed + 1, durability);
  disk.onCall = ({ kind, path }) => {
    if (kind === 'read' || kind === 'open' || dice.integer(everyCall) !== 0) return;
    const keeps = KEEPS[dice.integer(KEEPS.length)]!;
    images.push({
      disk: disk.afterCrash(keeps, dice),
      model: model.clone(),
      call: `${kind} ${path}, ${keeps} kept`,
    });
  };
  await runWorkload(log, model, createSimulatedDice(seed + 2), steps);
  disk.onCall = undefined;
  await log[Symbol.asyncDispose]();
  return images;
}

async function checkImage(image: Image, seed: number, durability: Durability): Promise<void> {
  const again: Image[] = [];
  const dice = createSimulatedDice(seed);
  image.disk.onCall = ({ kind, path }) => {
    if (kind === 'read' || kind === 'open' || dice.integer(8) !== 0) return;
    const keeps = KEEPS[dice.integer(KEEPS.length)]!;
    const call = `${image.call}, then ${kind} ${path}, ${keeps} kept`;
    again.push({ disk: image.disk.afterCrash(keeps, dice), model: image.model, call });
  };
  const options = { mayLoseNewest: durability === 'os' };
  const log = await openOn(image.disk, seed, durability);
  image.disk.onCall = undefined;
  await checkLog(log, image.model, options);
  await log[Symbol.asyncDispose]();
  // A second cut, while the first was being recovered from.
  for (const { disk, model } of again) {
    const second = await openOn(disk, seed + 1, durability);
    await checkLog(second, model, options);
    await second[Symbol.asyncDispose]();
  }
}

describe('a power cut', () => {
  for (const durability of ['fsync', 'os'] as const) {
    it(`loses nothing that was acknowledged and gives no position twice, with durability ${durability}`, async () => {
      let checked = 0;
      for (let seed = 1; seed <= 3; seed++) {
        const images = await crashImages(seed * 100, durability, 40, 3);
        assert.ok(images.length > 10, 'the workload reached the disk');
        for (const image of images) {
          try {
            await checkImage(image, seed, durability);
          } catch (error) {
            throw new Error(`seed ${seed}, cut before ${image.call}`, { cause: error });
          }
          assert.deepEqual(failures, []);
          checked++;
        }
      }
      assert.ok(checked > 60, `${checked} cuts were checked`);
    });
  }
});
