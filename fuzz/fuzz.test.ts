/** A sample of every fuzz target, all inputs that once failed, and that the campaign sees what it must see. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { createSimulatedDice } from '../src/host/simulated/dice.ts';
import { seedOf } from './seed.ts';
import { targets } from './targets.ts';

const SEED = 1;
const SAMPLE_MS = 250;
const INPUTS_MIN = 20;
const REGRESSIONS = path.join(import.meta.dirname, 'regressions');

for (const target of targets) {
  test(`fuzz ${target.name}: a sample`, async () => {
    await using open = await target.open();
    const endMs = performance.now() + SAMPLE_MS;
    for (let index = 0; index < INPUTS_MIN || performance.now() < endMs; index++) {
      const input = open.generate(createSimulatedDice(seedOf(SEED, index)));
      try {
        await open.check(input);
      } catch (error) {
        throw new Error(`npm run fuzz -- --target ${target.name} --seed ${SEED} --from ${index} --inputs 1`, {
          cause: error,
        });
      }
    }
  });
}

test('inputs that once failed do not', async (t) => {
  for (const entry of await readdir(REGRESSIONS, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const target = targets.find(({ name }) => name === path.basename(entry.parentPath));
    assert.ok(target, `${entry.parentPath} is named after a target`);
    await t.test(`${target.name} ${entry.name}`, async () => {
      await using open = await target.open();
      await open.check(await readFile(path.join(entry.parentPath, entry.name)));
    });
  }
});
