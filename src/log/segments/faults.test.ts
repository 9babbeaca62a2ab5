/** A disk that fails while the server lives: failed writes and syncs, and a disk that is full for a while. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { createSimulatedDisk, type SimulatedDisk } from '../../host/simulated/disk.ts';
import { LogFailedError, LogFullError, type Position } from '../log.ts';
import { appendGroups } from '../append.testing.ts';
import { openSegmentLog } from './open-segment-log.ts';
import type { SegmentLogSizes } from './sizes.ts';
import { testSealers } from './sealers.testing.ts';
import { checkLog, runWorkload, WorkloadModel } from './workload.testing.ts';

const SMALL: Partial<SegmentLogSizes> = {
  companyAppends: 1,
  journalFileBytesMin: 4096,
  journalFileBytesMax: 4096,
  journalBacklogBytesMax: 8192,
  segmentBytesMax: 16_384,
  runBytes: 512,
  tailBytesMax: 4096,
  slabBytes: 512,
  asideBytesMin: 600,
  writeAsideBytesMin: 600,
  reserveBytes: 4096,
};
const START = 0 as Position;
const ALL = Number.MAX_SAFE_INTEGER;

function openOn(disk: SimulatedDisk, seed = 1, sizes: Partial<SegmentLogSizes> = SMALL) {
  const dice = createSimulatedDice(seed);
  const clock = createSimulatedClock();
  const failures: string[] = [];
  const opened = openSegmentLog({
    host: { clock, disk, dice },
    ...{ directory: '/log', sealers: testSealers(dice), durability: 'fsync' as const, sizes },
    onFailure: (doing) => failures.push(doing),
  });
  return { opened, clock, failures };
}

function failing(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}

function record(text: string) {
  return [{ partition: 0, timeMs: 1, records: [Buffer.from(text)] }];
}

async function texts(log: Awaited<ReturnType<typeof openSegmentLog>>): Promise<string[]> {
  const found: string[] = [];
  for (let after = START; ;) {
    const read = await log.read('a', 0, after, ALL, ALL);
    for (const { bytes } of read.records) found.push(Buffer.from(bytes).toString());
    if (read.atEnd) return found;
    after = read.after;
  }
}

describe('a failing disk', () => {
  for (const kind of ['write', 'sync'] as const) {
    it(`fails the commit whose ${kind} failed, gives up the file, and goes on in another`, async () => {
      const disk = createSimulatedDisk();
      const { opened } = openOn(disk);
      const log = await opened;
      await log.createLog('a', [0]);
      const [before] = await appendGroups(log, 'a', record('before'));
      const touched: string[] = [];
      let fail = true;
      disk.onCall = (call) => {
        if (call.kind === 'read' || !call.path.includes('journal')) return;
        touched.push(`${call.kind} ${call.path}`);
        if (!fail || call.kind !== kind) return;
        fail = false;
        throw failing('EIO');
      };
      await assert.rejects(appendGroups(log, 'a', record('failed')), LogFailedError);
      const abandoned = touched[0]!.split(' ')[1]!;
      touched.length = 0;
      const [after] = await appendGroups(log, 'a', record('after'));
      assert.ok(!touched.some((call) => call === `write ${abandoned}` || call === `sync ${abandoned}`));
      assert.ok(after!.positions[0]! > before!.positions[0]! + 1, 'the failed position is not given again');
      assert.deepEqual(await texts(log), ['before', 'after']);

      // Killed now, with whatever was written still in the page cache: the later frame says that the failed one does not count.
      disk.onCall = undefined;
      const again = await openOn(disk.afterCrash('everything', createSimulatedDice(1)), 2).opened;
      assert.deepEqual(await texts(again), ['before', 'after']);
      await again[Symbol.asyncDispose]();
      await log[Symbol.asyncDispose]();
    });
  }

  it('fails with a commit the one that is under way behind it, and neither is there later', async () => {
    const disk = createSimulatedDisk();
    const { opened } = openOn(disk);
    const log = await opened;
    await log.createLog('a', [0]);
    await appendGroups(log, 'a', record('before'));
    const ahead: Promise<void>[] = [];
    let fail = true;
    disk.onCall = ({ kind, path }) => {
      if (!fail || !path.includes('journal')) return;
      if (kind === 'write') {
        // While this frame is written and synced the next begins.
        const appending = appendGroups(log, 'a', record('ahead'.repeat(100)));
        ahead.push(assert.rejects(appending, LogFailedError));
      }
      if (kind !== 'sync') return;
      fail = false;
      throw failing('EIO');
    };
    await assert.rejects(appendGroups(log, 'a', record('failed')), LogFailedError);
    await Promise.all(ahead);
    assert.equal(ahead.length, 1);
    await appendGroups(log, 'a', record('after'));
    await appendGroups(log, 'a', record('long after'.repeat(100)));
    const kept = ['before', 'after', 'long after'.repeat(100)];
    assert.deepEqual(await texts(log), kept);
    disk.onCall = undefined;
    const again = await openOn(disk.afterCrash('everything', createSimulatedDice(1)), 2).opened;
    assert.deepEqual(await texts(again), kept);
    await again[Symbol.asyncDispose]();
    await log[Symbol.asyncDispose]();
  });

  it('does not write into a journal file that is being removed', async () => {
    const disk = createSimulatedDisk();
    const begun = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const { remove } = disk;
    disk.remove = async (path) => {
      begun.resolve();
      await mayEnd.promise;
      await remove(path);
    };
    const { opened } = openOn(disk);
    const log = await opened;
    await log.createLog('a', [0]);
    await appendGroups(log, 'a', record('first'));
    disk.onCall = ({ kind, path }) => {
      if (kind === 'sync' && path.includes('journal')) throw failing('EIO');
    };
    await assert.rejects(appendGroups(log, 'a', record('failed')), LogFailedError);
    disk.onCall = undefined;
    // The file that failed is removed once it is rewritten; the next append needs another.
    await begun.promise;
    await appendGroups(log, 'a', record('second'));
    mayEnd.resolve();
    await appendGroups(log, 'a', record('third'));
    const again = await openOn(disk.afterCrash('everything', createSimulatedDice(1)), 2).opened;
    assert.deepEqual(await texts(again), ['first', 'second', 'third']);
    await again[Symbol.asyncDispose]();
    await log[Symbol.asyncDispose]();
  });

  it('keeps the contract through random failures of writes and syncs, and through the restart after', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const disk = createSimulatedDisk();
      const { opened, clock, failures } = openOn(disk, seed);
      const log = await opened;
      const model = new WorkloadModel();
      await runWorkload(log, model, createSimulatedDice(seed), 5);
      const dice = createSimulatedDice(seed + 1000);
      disk.onCall = ({ kind }) => {
        if (kind !== 'read' && kind !== 'open' && dice.integer(12) === 0) throw failing('EIO');
      };
      for (let round = 0; round < 10; round++) {
        await runWorkload(log, model, createSimulatedDice(seed * 100 + round), 4);
        await clock.advance(1100);
      }
      disk.onCall = undefined;
      await clock.advance(1100);
      assert.ok(failures.length > 0, 'the disk failed');
      await checkLog(log, model, { seesFailed: false });
      for (const keeps of ['nothing', 'everything', 'some'] as const) {
        const again = await openOn(disk.afterCrash(keeps, dice), seed + 1).opened;
        await checkLog(again, model);
        await again[Symbol.asyncDispose]();
      }
      await log[Symbol.asyncDispose]();
    }
  });
});

describe('a full disk', () => {
  it('loses nothing in a power cut after a clean stop, with durability os, though the journal was not rewritten', async () => {
    const disk = createSimulatedDisk();
    const open = (on: SimulatedDisk) =>
      openSegmentLog({
        host: { clock: createSimulatedClock(), disk: on, dice: createSimulatedDice(1) },
        ...{
          directory: '/log',
          sealers: testSealers(createSimulatedDice(2)),
          durability: 'os',
          sizes: SMALL,
        },
      });
    const log = await open(disk);
    await log.createLog('a', [0]);
    disk.onCall = ({ kind, path }) => {
      if (kind === 'create' && path.includes('segment-')) throw failing('ENOSPC');
    };
    const written = Array.from({ length: 25 }, (_, i) => `${i} ${'x'.repeat(100)}`);
    for (const text of written) await appendGroups(log, 'a', record(text));
    await log[Symbol.asyncDispose]();
    const again = await open(disk.afterCrash('nothing', createSimulatedDice(1)));
    assert.deepEqual(await texts(again), written);
    await again[Symbol.asyncDispose]();
  });

  it('refuses appends, still reads, trims and drops, and takes appends again when there is room', async () => {
    const disk = createSimulatedDisk();
    const { opened, clock } = openOn(disk);
    const log = await opened;
    await log.createLog('a', [0, 1]);
    await log.createLog('b', [0]);
    await appendGroups(log, 'b', record('x'.repeat(1500)));
    const kept: string[] = [];
    disk.capacityBytes = disk.usedBytes() + 12_000;
    const fillUp = async (): Promise<void> => {
      for (let i = 0; ; i++) {
        assert.ok(i < 100, 'the disk never got full');
        const text = `${i}:${'y'.repeat(1000)}`;
        await appendGroups(log, 'a', record(text));
        kept.push(text);
      }
    };
    await assert.rejects(fillUp(), LogFullError);
    assert.deepEqual(await texts(log), kept);
    // A manifest that can no longer be appended to is replaced, with the room of the reserve.
    disk.capacityBytes = disk.usedBytes();
    await log.trim('a', 0, log.bounds('a', 0).last);
    await log.dropLog('b');
    assert.deepEqual(await texts(log), []);
    assert.deepEqual([...log.logs().keys()], ['a']);
    await assert.rejects(appendGroups(log, 'a', record('still full')), LogFullError);
    disk.capacityBytes = Infinity;
    await clock.advance(200);
    await appendGroups(log, 'a', record('room'));
    assert.deepEqual(await texts(log), ['room']);
    await log[Symbol.asyncDispose]();
    const again = await openOn(disk.afterCrash('nothing', createSimulatedDice(1))).opened;
    assert.deepEqual(await texts(again), ['room']);
    await again[Symbol.asyncDispose]();
  });

  it('starts on a full disk and reads', async () => {
    const disk = createSimulatedDisk();
    const log = await openOn(disk).opened;
    await log.createLog('a', [0]);
    await appendGroups(log, 'a', record('x'));
    await log[Symbol.asyncDispose]();
    disk.capacityBytes = disk.usedBytes();
    const again = await openOn(disk).opened;
    assert.deepEqual(await texts(again), ['x']);
    await again[Symbol.asyncDispose]();
  });
});
