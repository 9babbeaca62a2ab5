/** Whoever drops a log forgets its keys at once, whatever the engine is doing with the log at that moment. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { createSimulatedDisk } from '../../host/simulated/disk.ts';
import type { Sealers } from '../../keys/sealing.ts';
import { LogGoneError } from '../log.ts';
import { appendGroups } from '../append.testing.ts';
import { openSegmentLog } from './open-segment-log.ts';
import { testSealers } from './sealers.testing.ts';

const SIZES = {
  ...{ journalFileBytesMin: 2048, journalFileBytesMax: 2048 },
  ...{ segmentBytesMax: 65_536, slabBytes: 4096, reserveBytes: 512 },
};

/** A log whose keys can be forgotten, and whose disk waits before it opens a file. */
async function openOn() {
  const disk = createSimulatedDisk();
  const dice = createSimulatedDice(1);
  const real = testSealers(dice);
  const forgotten = new Set<string>();
  const sealers: Sealers = {
    sealer(id) {
      const sealer = real.sealer(id);
      return {
        ...sealer,
        get keyId() {
          assert.ok(!forgotten.has(id), `${id} has a key`);
          return sealer.keyId;
        },
      };
    },
  };
  const failures: string[] = [];
  const log = await openSegmentLog({
    ...{ host: { clock: createSimulatedClock(), disk, dice }, directory: '/log', durability: 'fsync' },
    ...{ sealers, sizes: SIZES },
    onFailure: (doing, error) => failures.push(`${doing}: ${String(error)}`),
  });
  /** Resolves when a file of the kind is to be opened, which then waits. */
  const holdOpening = async (kind: string) => {
    const begun = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const { open } = disk;
    disk.open = async (path, mode) => {
      if (path.includes(kind) && mode !== 'read') {
        disk.open = open;
        begun.resolve();
        await mayEnd.promise;
      }
      return open(path, mode);
    };
    return { begun: begun.promise, goOn: mayEnd.resolve };
  };
  const drop = async (id: string): Promise<void> => {
    await log.dropLog(id);
    forgotten.add(id);
  };
  return { log, disk, failures, holdOpening, drop };
}

const records = (bytes: number) => [{ partition: 0, timeMs: 1, records: [Buffer.alloc(bytes)] }];

describe('a log that is dropped', () => {
  it('while an append waits for room fails that append as gone, and no other', async () => {
    const { log, failures, holdOpening, drop } = await openOn();
    for (const id of ['going', 'staying']) await log.createLog(id, [0]);
    const held = await holdOpening('journal');
    const appends = Promise.allSettled([
      appendGroups(log, 'going', records(10)),
      appendGroups(log, 'staying', records(10)),
    ]);
    await held.begun;
    await drop('going');
    held.goOn();
    const [going, staying] = await appends;
    assert.ok(going!.status === 'rejected' && going.reason instanceof LogGoneError);
    assert.equal(staying!.status, 'fulfilled');
    assert.deepEqual(failures, []);
    await log[Symbol.asyncDispose]();
  });

  it('while it is rewritten leaves no segment and does not keep the others from theirs', async () => {
    const { log, disk, failures, holdOpening, drop } = await openOn();
    for (const id of ['going', 'staying']) await log.createLog(id, [0]);
    const held = await holdOpening('segment');
    await appendGroups(log, 'going', records(600));
    for (let i = 0; i < 3; i++) await appendGroups(log, 'staying', records(600));
    await held.begun;
    await drop('going');
    held.goOn();
    await log[Symbol.asyncDispose]();
    assert.deepEqual(failures, []);
    const segments = [...disk.files().keys()].filter((path) => path.includes('segment'));
    assert.equal(segments.length, 1, segments.join(', '));
  });
});
