/** Power cuts at random calls; `npm run test:crash -- --replay` cuts at every one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkPowerCuts } from './power-cuts.testing.ts';

describe('a power cut', () => {
  for (const durability of ['fsync', 'os'] as const) {
    it(`loses nothing that was acknowledged and gives no position twice, with durability ${durability}`, async () => {
      const options = { durability, steps: 40, everyCall: 3, disksPerCut: 1, everyCallOfRecovery: 8 };
      let checked = 0;
      for (const seed of [100, 200, 300]) checked += await checkPowerCuts({ seed, ...options });
      assert.ok(checked > 60, `${checked} disks were checked`);
    });
  }
});
