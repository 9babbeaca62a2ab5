/** A sample of every fuzz target, all inputs that once failed, and that the campaign sees what it must see. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { createSimulatedDice } from '../src/host/simulated/dice.ts';
import { runTarget } from './campaign.ts';
import { seedOf } from './seed.ts';
import { targets } from './targets.ts';

const SEED = 1;
const SAMPLE_MS = 100;
const INPUTS_MIN = 5;
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

for (const name of await readdir(REGRESSIONS)) {
  test(`fuzz ${name}: inputs that once failed`, async () => {
    const target = targets.find((each) => each.name === name);
    assert.ok(target, `${name} is a target`);
    await using open = await target.open();
    const files = await readdir(path.join(REGRESSIONS, name));
    assert.ok(files.length > 0);
    for (const file of files) {
      try {
        await open.check(await readFile(path.join(REGRESSIONS, name, file)));
      } catch (error) {
        throw new Error(`npm run fuzz -- --replay fuzz/regressions/${name}/${file}`, { cause: error });
      }
    }
  });
}

test('a thread that hangs, ends, leaves promises rejected, or keeps memory is noticed', async () => {
  const program = new URL('planted.testing.ts', import.meta.url);
  const run = (name: string, inputs: number) =>
    runTarget({ name }, { seed: 1, inputs, program, inputMsMax: 300 });
  const faultsOf = async (name: string, inputs = 5) =>
    (await run(name, inputs)).faults.map(({ index, message }) => `${index}: ${message.split('\n')[0]}`);
  const [hang, exit, stray, leak, sound] = await Promise.all([
    faultsOf('hang'),
    faultsOf('exit'),
    faultsOf('stray'),
    faultsOf('leak', 4800),
    faultsOf('sound', 4800),
  ]);
  assert.deepEqual(hang, ['2: no answer within 300 ms']);
  assert.deepEqual(exit, ['2: the thread ended with code 7']);
  assert.match(stray.join(), /unhandledRejection: Error: planted/);
  assert.match(leak.join(), /^-1: memory grew by \d+ bytes/);
  assert.deepEqual(sound, []);
});
