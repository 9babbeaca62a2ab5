import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { describe, it } from 'node:test';
import { NONCE_BYTES, runSealJob, type SealJob, TAG_BYTES } from '../../base/seal-job.ts';
import { createSimulatedDice } from '../simulated/dice.ts';
import { createSealingThread } from './sealing-thread.ts';

const dice = createSimulatedDice(9);

function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/** Runs of pieces of random sources, one behind the other, each with its checksum. */
function randomJob(): SealJob {
  const sources = Array.from({ length: 1 + dice.integer(3) }, () => shared(dice.bytes(400_000)));
  const keys = [createSecretKey(dice.bytes(32)), createSecretKey(dice.bytes(32))];
  const count = 1 + dice.integer(4);
  const seals: number[] = [];
  const pieces: number[] = [];
  const sums: number[] = [];
  let at = dice.integer(100);
  for (let seal = 1; seal <= count; seal++) {
    let bytes = NONCE_BYTES + TAG_BYTES;
    for (let piece = dice.integer(6); piece > 0; piece--) {
      const start = dice.integer(400_000);
      const end = start + dice.integer(1 + Math.min(400_000 - start, dice.integer(2) === 0 ? 300 : 400_000));
      pieces.push(dice.integer(sources.length), start, end);
      bytes += end - start;
    }
    seals.push(dice.integer(keys.length), at, seal * 60, pieces.length);
    sums.push(at, at + bytes);
    at += bytes;
  }
  return {
    ...{ sources, keys, target: shared(new Uint8Array(at)) },
    nonces: dice.bytes(count * NONCE_BYTES),
    additional: dice.bytes(count * 60),
    ...{ seals: Int32Array.from(seals), pieces: Int32Array.from(pieces), sums: Int32Array.from(sums) },
  };
}

/** The job's seals again and again, in the same places. */
function repeated(job: SealJob, times: number): Partial<SealJob> {
  const { seals, pieces, nonces, additional } = job;
  const again: number[] = [];
  for (let time = 0; time < times; time++) {
    for (let i = 0; i < seals.length; i += 4) {
      again.push(
        seals[i]!,
        seals[i + 1]!,
        seals[i + 2]! + time * additional.length,
        seals[i + 3]! + time * pieces.length,
      );
    }
  }
  const column = <C extends Uint8Array>(of: C): Buffer =>
    Buffer.concat(Array.from({ length: times }, () => of));
  return {
    seals: Int32Array.from(again),
    pieces: Int32Array.from(Array.from({ length: times }, () => [...pieces]).flat()),
    ...{ nonces: column(nonces), additional: column(additional) },
  };
}

describe('the sealing thread', () => {
  it('does another job between the seals of a patient one', async () => {
    const thread = createSealingThread();
    const one = randomJob();
    const many = { ...one, ...repeated(one, 2000) };
    const other = randomJob();
    // It has started when a job is no longer done at once.
    for (let there = false; !there;) {
      const done = thread.run(one);
      there = one.target.subarray(-20).every((byte) => byte === 0);
      await done;
      one.target.fill(0);
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
    const order: string[] = [];
    const patient = thread.run(many, true).then((checksums) => {
      order.push('patient');
      return checksums;
    });
    const checksums = await thread.run(other);
    order.push('other');
    assert.deepEqual(runSealJob(other), checksums);
    assert.deepEqual(await patient, runSealJob(many));
    assert.deepEqual(order, ['other', 'patient']);
  });

  it('does what the main thread would, before it runs and then', async () => {
    const thread = createSealingThread();
    const rounds = { here: 0, there: 0 };
    while (rounds.there < 20) {
      const jobs = Array.from({ length: 2 }, randomJob);
      const answers = jobs.map((job) => thread.run(job));
      rounds[jobs[1]!.target.subarray(-20).some((byte) => byte !== 0) ? 'here' : 'there']++;
      const checksums = await Promise.all(answers);
      const there = jobs.map(({ target }) => Buffer.from(target));
      jobs.forEach((job, i) => {
        job.target.fill(0);
        assert.deepEqual(runSealJob(job), checksums[i]);
        assert.ok(there[i]!.equals(job.target));
      });
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    assert.ok(rounds.here > 0);
  });

  it('tells what is wrong with a job', async () => {
    const thread = createSealingThread();
    const job = { ...randomJob(), target: shared(new Uint8Array(4)) };
    await assert.rejects(thread.run(job), RangeError);
  });
});
