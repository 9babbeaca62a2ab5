/**
 * `npm run test:crash -- --replay`: what a kill cannot show, because the page cache outlives it. Workloads of the segments engine run
 * on the simulated disk; before every call that changes the disk the power is cut, and the disks that this can leave are opened
 * by the real engine and checked.
 */
import { checkPowerCuts } from '../../src/log/segments/power-cuts.testing.ts';

export type Replayed = { readonly workloads: number; readonly disks: number };

/** Rejects with the seed and the call of the first disk that is not as promised. */
export async function replay(options: {
  readonly seed: number;
  readonly workloads: number;
  readonly onWorkload?: (seed: number, disks: number) => void;
}): Promise<Replayed> {
  let disks = 0;
  for (let workload = 0; workload < options.workloads; workload++) {
    const seed = options.seed + workload * 10;
    const checked = await checkPowerCuts({
      seed,
      durability: workload % 4 === 3 ? 'os' : 'fsync',
      steps: 40,
      everyCall: 1,
      disksPerCut: 4,
      everyCallOfRecovery: 16,
    });
    disks += checked;
    options.onWorkload?.(seed, checked);
  }
  return { workloads: options.workloads, disks };
}
